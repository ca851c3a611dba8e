"""One worker: RQ's, with the application loaded before it forks and a fast return of a dead machine's job."""

import gc
import logging
import os
import signal
import sys
import time

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from tracker.adapters.queue import QUEUES, REPORTS
from tracker.adapters.redis import connect
from tracker.db.base import db
from tracker.runtime.lifeline import end_with_parent
from workers import jobs  # noqa: F401 - loaded before the fork, or each job would load it again
from workers.application import application, parts, warm_press

log = logging.getLogger("tracker.worker")

# With RQ's defaults the job of a machine that died comes back after 810 s; with these after about 71 s. The
# last two alone don't do it: a job is taken back when its worker's own time to live has run out.
WORKER_TTL = 25
MAINTENANCE_INTERVAL = 5
MONITORING_INTERVAL = 2


class TrackerWorker(Worker):
    """Forks a work-horse a job, as RQ does; the horse has its own database connections and ends with its worker."""

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        self._own_pid = os.getpid()
        super().fork_work_horse(job, queue)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        end_with_parent(self._own_pid, signal.SIGKILL)
        with application().app_context():
            db.engine.dispose(close=False)  # the connections belong to the parent: forget, don't close
        if queue.name == REPORTS:
            gc.disable()  # the horse ends with its one report: looking through it for garbage is a tenth of the work
        super().main_work_horse(job, queue)


def make_worker(connection: Redis, queues: tuple[str, ...] = QUEUES) -> TrackerWorker:
    """Return a worker for the queues, the first named served first. Asks the server for its address."""
    return TrackerWorker(
        [Queue(name, connection=connection, serializer=JSONSerializer) for name in queues],
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE_INTERVAL,
        job_monitoring_interval=MONITORING_INTERVAL,
        log_job_description=False,
    )


def wait_for_queue(connection: Redis) -> None:
    """Return once the queue answers. RQ waits by itself later, but not at the start."""
    told = False
    while True:
        try:
            connection.ping()
            return
        except RedisError as error:
            if not told:
                log.warning("the queue is away, waiting: %s", error)
                told = True
            time.sleep(1)


def main(names: tuple[str, ...]) -> int:
    """Work until asked to stop; return the exit status."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    unknown = [name for name in names if name not in QUEUES]
    if unknown:
        print(f"Không có hàng đợi {', '.join(unknown)}; có: {', '.join(QUEUES)}.", file=sys.stderr)
        return 2
    connection = connect(parts().settings.redis_url)
    wait_for_queue(connection)
    if not names or REPORTS in names:
        warm_press()
    make_worker(connection, names or QUEUES).work(logging_level="WARNING")
    return 0


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
