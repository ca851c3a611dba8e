"""What the commands share: the application opened for one command, a unit of work of the system, times typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from tracker.app import create_app
from tracker.db import migrating
from tracker.db.base import db
from tracker.domain.dates import ZONE
from tracker.domain.errors import Conflict
from tracker.domain.people import SYSTEM
from tracker.runtime.preparing import ready_database
from tracker.services.unit import Unit, unit_of_work
from tracker.web.context import Parts


@contextmanager
def opened(*, as_it_is: bool = False) -> Iterator[Parts]:
    """Yield what the application is made of, inside its context; close its connections afterwards.

    A SQLite file that isn't there yet is made first, so that the commands work right after the installation.
    Raises Conflict for a database that isn't at the newest revision, unless it is wanted ``as_it_is``.
    """
    app = create_app()
    with app.app_context():
        parts: Parts = app.extensions["tracker"]
        try:
            if not as_it_is:
                _check_revision(parts)
            yield parts
        finally:
            db.session.remove()
            db.engine.dispose()


def _check_revision(parts: Parts) -> None:
    at = migrating.current(db.engine)
    if at is None and parts.settings.on_sqlite:
        ready_database(parts)
    elif at != migrating.head():
        raise Conflict("Cơ sở dữ liệu chưa ở phiên bản mới nhất: hãy chạy “tracker db upgrade”.")


@contextmanager
def system_unit(parts: Parts, now: datetime | None = None) -> Iterator[Unit]:
    """Open a unit of work of the system at the given time, at the present one without."""
    with unit_of_work(parts.wiring, actor=SYSTEM, now=now or parts.clock()) as unit:
        yield unit


class Time(click.ParamType):
    """ISO 8601 with an offset, or local time of Vietnam without."""

    name = "TIME"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            at = datetime.fromisoformat(value.strip())
        except ValueError:
            self.fail(
                f"“{value}” không phải thời điểm; viết như 2026-11-25T08:00 hoặc kèm múi giờ.", param, ctx
            )
        return at if at.tzinfo else at.replace(tzinfo=ZONE)


TIME = Time()
