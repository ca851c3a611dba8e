"""What runs by itself and when: the one list, and the process that hands it to the queue.

Two such processes hand everything over twice; each job finds its work in the database and does it once.
"""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.cron import CronJob, CronScheduler
from rq.exceptions import StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.utils import now
from sqlalchemy.exc import SQLAlchemyError

from tracker.adapters.queue import DEFAULT, FAILURE_TTL, RESULT_TTL, TIMEOUTS
from tracker.adapters.redis import connect
from tracker.domain.readiness import SCHEDULE
from tracker.services.heartbeats import beat
from workers import jobs
from workers.application import parts, system_unit

log = logging.getLogger("tracker.schedule")

ZONE_NAME = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True)
class Entry:
    """One thing that runs by itself. ``cron`` is in Vietnam's local time."""

    job: Callable[[], None]
    cron: str
    #: whether to run it at once when the schedule starts: what fell due while all was off shouldn't wait
    at_start: bool = True
    #: seconds a job may wait in the queue before it is dropped: the next one of its kind does the same work
    keep: int = 55
    queue: str = DEFAULT


SCHEDULE_ENTRIES = (
    Entry(jobs.sweep, "* * * * *"),
    Entry(jobs.deliver_notices, "* * * * *"),
    Entry(jobs.resend_reports, "* * * * *"),
    # Writes at the day's first working minute, whatever the calendar says that is; the others find nothing to do.
    Entry(jobs.write_digests, "* * * * *"),
    # Does its work in the day's first round; the others ask one row, in case the queue lost that one.
    Entry(jobs.follow_branches, "* * * * *"),
    # Takes a worker some 4 s, and only when a correction, a rule or an example is new since the last version.
    Entry(jobs.learn_routing, "40 * * * *"),
)


class JsonCronJob(CronJob):
    """A cron job that hands itself over as JSON; RQ's own always pickles, which our workers don't read."""

    def enqueue(self, connection: Redis) -> Job:
        assert self.func is not None
        queue = Queue(self.queue_name, connection=connection, serializer=JSONSerializer)
        return queue.enqueue(self.func, **self.job_options)


class Schedule(CronScheduler):
    """RQ's cron with our list; it tells the database that it is alive, and outlives an absent queue."""

    def __init__(self, connection: Redis) -> None:
        super().__init__(connection, logging_level="WARNING")
        self._cron_jobs = [_cron_job(entry) for entry in SCHEDULE_ENTRIES]

    def heartbeat(self) -> None:
        super().heartbeat()
        try:
            with system_unit() as unit:
                beat(SCHEDULE, unit=unit)
        except SQLAlchemyError:
            log.exception("the database does not take the schedule's heartbeat")


def _cron_job(entry: Entry) -> JsonCronJob:
    made = JsonCronJob(
        entry.queue,
        func=entry.job,
        cron=entry.cron,
        job_timeout=TIMEOUTS[entry.queue],
        result_ttl=RESULT_TTL,
        failure_ttl=FAILURE_TTL,
        ttl=entry.keep,
    )
    if entry.at_start:
        made.next_enqueue_time = now()
    return made


def use_local_time() -> None:
    """Make this process reckon in Vietnam's time: cron's fields are read in the process's own zone."""
    os.environ["TZ"] = ZONE_NAME
    time.tzset()


def main() -> None:
    """Run the schedule until asked to stop."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    use_local_time()
    schedule = Schedule(connect(parts().settings.redis_url))
    try:
        while True:
            try:
                schedule.start()
                return
            except RedisError as error:
                log.warning("the queue is away, trying again: %s", error)
                time.sleep(2)
    except (StopRequested, KeyboardInterrupt):
        return


if __name__ == "__main__":
    main()
