"""One application on a database with a crowd of waiting tickets, and how long sweeps and the floor take on it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from bench.floor_sweep import bare_sweep
from bench.waiting import DUE, Place
from tracker.adapters.queue import RecordingQueue
from tracker.app import create_app
from tracker.db.base import db
from tracker.db.migrating import upgrade
from tracker.db.seed import load_reference
from tracker.services.escalation import sweep
from tracker.services.unit import Wiring
from tracker.settings import Settings

NOW = DUE + timedelta(minutes=1)
LATER = DUE + timedelta(days=7)
"""The next level of those that are not due; none of them is reached at ``NOW``."""


class Took(NamedTuple):
    """Milliseconds of one piece of work: by the clock, and of this process's processor time."""

    wall: float
    cpu: float


class Ground:
    """The application and its crowd; each measurement has due tickets of its own."""

    def __init__(self, app: Flask) -> None:
        self.wiring: Wiring = app.extensions["tracker"].wiring
        self._app = app
        with app.app_context():
            upgrade(db.engine)
            load_reference(db.session())
            db.session.commit()
            self.engine = db.engine
        self._place = Place(self.engine)

    def crowd(self, tickets: int, due: int = 0) -> None:
        """Add so many open tickets with nothing due, and so many that are due."""
        self._place.add(tickets, LATER)
        self.due(due)
        self._place.analyze()

    def due(self, tickets: int) -> None:
        """Add so many tickets that have something due."""
        self._place.add(tickets, DUE)

    def ours(self, due: int = 0) -> Took:
        """Return what our sweep takes, with so many more tickets due than are already."""
        self.due(due)
        with self._app.app_context():
            return took(lambda: sweep(self.wiring, NOW))

    def floor(self, due: int = 0) -> Took:
        """Return what the bare loop takes, with so many more tickets due than are already."""
        self.due(due)
        return took(lambda: bare_sweep(self.engine, NOW))


@contextmanager
def ground(url: str, folder: Path) -> Iterator[Ground]:
    """Yield an application with a crowd, so far empty, on the empty database; several may stand side by side."""
    place = Ground(application(url, folder))
    yield place
    place.engine.dispose()


def application(url: str, folder: Path) -> Flask:
    """Return the application on that database; its queue records."""
    settings = Settings.from_environment({"TRACKER_DATA": str(folder / "data"), "TRACKER_DATABASE_URL": url})
    return create_app(settings, queue=RecordingQueue())


def took(work: Callable[[], object]) -> Took:
    """Return what the work took."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Took((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000)


def best(times: list[Took]) -> Took:
    """Return the least of each: what else runs on the machine only adds."""
    return Took(min(one.wall for one in times), min(one.cpu for one in times))
