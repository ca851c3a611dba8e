"""Real workers and schedules on a real Valkey, started, counted and killed by the test."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from tracker.adapters.queue import DEFAULT
from tracker.adapters.redis import connect
from tracker.runtime import valkey
from tracker.settings import Settings
from workers.schedule import Schedule

PATIENCE = 120.0
"""Seconds until a thing that should happen counts as failed: many, since a busy machine is no fault of ours."""


def comes_true(true: Callable[[], object], seconds: float) -> bool:
    """Return True once it is so, False when it was not within the seconds."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        select.select([], [], [], 0.03)
    return True


def wait_until(true: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Return once it is so; fail when it never comes."""
    assert comes_true(true, seconds), f"it took too long: {what}"


@dataclass
class Crew:
    """One installation's Valkey and workers; each worker in a process group of its own, as on a machine of its own."""

    settings: Settings
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _server: subprocess.Popen[bytes] | None = None

    @property
    def connection(self) -> Redis:
        return connect(self.settings.redis_url)

    @property
    def queue(self) -> Queue:
        return Queue(DEFAULT, connection=self.connection, serializer=JSONSerializer)

    def start_server(self) -> None:
        """Start Valkey on what it wrote down; return once it answers."""
        valkey.prepare(self.settings.folder)
        self._server = subprocess.Popen(
            valkey.command(self.settings.folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(self._answers, "Valkey answers")

    def kill_server(self) -> None:
        """Kill Valkey as a crash does."""
        assert self._server is not None
        self._server.kill()
        self._server.wait()

    def _answers(self) -> bool:
        try:
            return bool(self.connection.ping())
        except RedisError:
            return False

    def start_workers(self, number: int) -> None:
        """Start so many workers; return once they all have told Valkey of themselves."""
        started = [self._worker() for _ in range(number)]
        self.workers += started
        known = {one.pid for one in started}
        wait_until(lambda: known <= {one.pid for one in Worker.all(self.connection)}, "workers")

    def _worker(self) -> subprocess.Popen[bytes]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
        env |= {
            "TRACKER_DATA": str(self.settings.data),
            "TRACKER_DATABASE_URL": self.settings.database_url,
        }
        log = (self.settings.folder.logs / "workers.log").open("ab")
        with log:
            command = [sys.executable, "-m", "workers.worker", DEFAULT]
            return subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)

    def kill_worker(self, number: int) -> None:
        """Kill a worker and the horse that works for it, both at once: their machine is gone."""
        worker = self.workers.pop(number)
        os.killpg(worker.pid, signal.SIGSTOP)  # or the worker would still tell of its horse's end
        for pid in [worker.pid, *horses(worker.pid)]:
            os.kill(pid, signal.SIGKILL)
        worker.wait()

    def replace_ended(self) -> int:
        """Start a worker for each that ended by itself, as the supervisor does; return how many there were."""
        alive = [worker for worker in self.workers if worker.poll() is None]
        ended = len(self.workers) - len(alive)
        self.workers = alive
        self.start_workers(ended)
        return ended

    def tick(self, schedules: int = 2) -> None:
        """Let so many schedules start, each of which hands over everything at once."""
        for _ in range(schedules):
            Schedule(self.connection).enqueue_jobs()

    def work_until(self, true: Callable[[], object]) -> int:
        """Let schedule and supervisor go on until it is so, a minute being ten seconds here; fail after twelve.

        Returns how many workers had ended by themselves and were started again.
        """
        ended = self.replace_ended()
        for _ in range(12):
            if comes_true(true, 10):
                return ended
            ended += self.replace_ended()
            self.tick(1)
        log = (self.settings.folder.logs / "workers.log").read_text("utf-8")
        raise AssertionError(f"the workers do not do it: {log[-2000:]}")

    def is_idle(self) -> bool:
        """Return whether nothing waits and no worker has a horse at work."""
        try:
            waits = self.queue.count
        except RedisError:
            return False
        return not waits and not any(horses(worker.pid) for worker in self.workers)

    def end(self) -> None:
        """End all that was started."""
        for worker in self.workers:
            with suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        if self._server is not None:
            self.kill_server()


def horses(pid: int) -> list[int]:
    """Return the processes that a worker has forked and that live."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    except OSError:
        return []
    return [int(one) for one in re.findall(r"\d+", found)]


@contextmanager
def crew(settings: Settings, workers: int) -> Iterator[Crew]:
    """Yield a Valkey with so many workers; both are ended afterwards."""
    found = Crew(settings)
    try:
        found.start_server()
        found.start_workers(workers)
        yield found
    finally:
        found.end()
