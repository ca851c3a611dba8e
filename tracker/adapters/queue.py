"""Handing work to the workers. The queue is a hint; the database is the record, and the sweep finds the rest."""

from dataclasses import dataclass, field
from typing import Protocol

from rq import Queue, Retry
from rq.serializers import JSONSerializer

from tracker.adapters.redis import connect, told_as_unavailable

DEFAULT = "default"
REPORTS = "reports"
QUEUES = (DEFAULT, REPORTS)
"""Every queue there is. A PDF may take a minute, so it waits in a queue of its own, not before the sweep."""

TIMEOUTS = {DEFAULT: 300, REPORTS: 900}
"""Seconds after which a running job is ended, by queue."""

_QUEUE_OF = {"compile_report": REPORTS}
"""Jobs that don't go to the default queue."""

RESULT_TTL = 300
FAILURE_TTL = 7 * 24 * 3600


class JobQueue(Protocol):
    """Takes a job's name (a function of ``workers.jobs``) and the ids it works on: never text, never a row."""

    def enqueue(self, job_name: str, *ids: int, queue: str = "") -> None:
        """Hand the job over, to the queue it belongs to when none is named.

        Raises Unavailable, at once, when the queue can't be reached.
        """

    def check(self) -> None:
        """Return when the queue answers; raise Unavailable otherwise."""


class RqQueue:
    """The real queue: RQ on Redis or Valkey."""

    def __init__(self, url: str) -> None:
        self._connection = connect(url)

    def enqueue(self, job_name: str, *ids: int, queue: str = "") -> None:
        queue = check_job(job_name, ids, queue)
        with told_as_unavailable():
            Queue(queue, connection=self._connection, serializer=JSONSerializer).enqueue(
                f"workers.jobs.{job_name}",
                *ids,
                job_timeout=TIMEOUTS[queue],
                result_ttl=RESULT_TTL,
                failure_ttl=FAILURE_TTL,
                # A job whose machine died comes back once; what still fails is found by the next sweep.
                retry=Retry(max=1),
            )

    def check(self) -> None:
        with told_as_unavailable():
            self._connection.ping()

    def depths(self) -> dict[str, int]:
        """Return how many jobs wait in each queue; raise Unavailable when it can't be reached."""
        with told_as_unavailable():
            return {name: Queue(name, connection=self._connection).count for name in QUEUES}

    def failures(self) -> dict[str, int]:
        """Return how many jobs failed in each queue within the last week; raise Unavailable like ``check``."""
        with told_as_unavailable():
            return {
                name: Queue(name, connection=self._connection).failed_job_registry.count for name in QUEUES
            }


@dataclass
class RecordingQueue:
    """A queue for tests: remembers what it was handed, or refuses everything when ``broken`` is set."""

    broken: Exception | None = None
    jobs: list[tuple[str, tuple[int, ...], str]] = field(default_factory=list)

    def enqueue(self, job_name: str, *ids: int, queue: str = "") -> None:
        self.check()
        queue = check_job(job_name, ids, queue)
        self.jobs.append((job_name, ids, queue))

    def check(self) -> None:
        if self.broken:
            raise self.broken


def check_job(job_name: str, ids: tuple[int, ...], queue: str = "") -> str:
    """Return the queue to use; raise ValueError for anything but a plain name, whole numbers and a known queue.

    Text handed to a job would lie in the queue's file and in its log lines, where nobody guards it.
    """
    if not job_name.isidentifier():
        raise ValueError(f"not the name of a job: {job_name!r}")
    if not all(type(number) is int for number in ids):
        raise ValueError(f"a job takes ids only: {job_name}")
    queue = queue or _QUEUE_OF.get(job_name, DEFAULT)
    if queue not in QUEUES:
        raise ValueError(f"no such queue: {queue!r}")
    return queue
