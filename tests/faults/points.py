"""The points at which work can be stopped: before and after each write, each commit, each job and each letter."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import event

from tracker.adapters.mail import Letter, Mailer
from tracker.adapters.queue import JobQueue
from tracker.db.base import db
from tracker.services.unit import Wiring

_WRITE = re.compile(r"(BEGIN IMMEDIATE|SAVEPOINT|RELEASE|ROLLBACK|(?:INSERT INTO|UPDATE|DELETE FROM) \w+)")


class Points:
    """Counts the points that this process passes, from 1, and calls ``act`` with the name of one of them.

    To be made in a process that ends soon: what it listens to it never lets go.
    """

    def __init__(self, step: int = 0, act: Callable[[str], object] = str) -> None:
        self._step = step
        self._act = act
        self.passed = 0
        event.listen(db.engine, "before_cursor_execute", self._before)
        event.listen(db.engine, "after_cursor_execute", self._after)
        event.listen(db.engine, "commit", lambda _connection: self.passing("before commit"))
        event.listen(db.session, "after_commit", lambda _session: self.passing("after commit"))

    def passing(self, name: str) -> None:
        """Pass the point of that name."""
        self.passed += 1
        if self.passed == self._step:
            self._act(name)

    def _before(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self._statement("before", statement)

    def _after(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self._statement("after", statement)

    def _statement(self, when: str, statement: str) -> None:
        found = _WRITE.match(statement)
        if found:
            self.passing(f"{when} {found[1]}")

    def wired(self, wiring: Wiring) -> Wiring:
        """Return the wiring with a queue at which each job is two points."""
        return replace(wiring, queue=_WatchedQueue(wiring.queue, self))


@dataclass
class _WatchedQueue:
    inner: JobQueue
    points: Points

    def enqueue(self, job_name: str, *ids: int, queue: str = "") -> None:
        self.points.passing(f"before enqueue {job_name}")
        self.inner.enqueue(job_name, *ids, queue=queue)
        self.points.passing(f"after enqueue {job_name}")

    def check(self) -> None:
        self.inner.check()


@dataclass
class WatchedMailer:
    """A mailer at which each letter is two points: before and after the mail server took it."""

    inner: Mailer
    points: Points

    def send(self, letter: Letter) -> None:
        self.points.passing("before letter")
        self.inner.send(letter)
        self.points.passing("after letter")

    def close(self) -> None:
        self.inner.close()
