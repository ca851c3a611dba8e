"""Two pieces of work at once: the second begun while the first hasn't committed."""

import time
from collections.abc import Callable
from threading import Event, Thread

import sqlalchemy as sa
from flask import Flask

from tracker.db.base import db


def beside(app: Flask, work: Callable[[], None]) -> Thread:
    """Begin the work in a thread of its own; return when it waits for a lock, or is done."""
    began = Event()

    def run() -> None:
        with app.app_context():
            began.set()
            work()
            db.session.remove()

    thread = Thread(target=run)
    with db.engine.connect() as watch:
        thread.start()
        began.wait(30)
        until = time.monotonic() + 60
        while thread.is_alive() and not _waits(watch):
            assert time.monotonic() < until, "the second neither ends nor waits for the first"
    return thread


def finish(thread: Thread) -> None:
    """Wait until the work is done."""
    thread.join(60)
    assert not thread.is_alive()


def _waits(watch: sa.Connection) -> bool:
    """Return whether somebody waits for a lock; SQLite can't say, there the writer that came second always does."""
    if db.engine.dialect.name == "sqlite":
        return True
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    found = bool(watch.execute(waiting).scalar_one())
    watch.rollback()  # within one transaction PostgreSQL shows the same activity again and again
    return found
