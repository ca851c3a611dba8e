"""What the commands share: the application opened for one command, a unit of work of the system, times typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from tracker.app import create_app
from tracker.db.base import db
from tracker.domain.dates import ZONE
from tracker.domain.people import SYSTEM
from tracker.services.unit import Unit, unit_of_work
from tracker.web.context import Parts


@contextmanager
def opened() -> Iterator[Parts]:
    """Yield what the application is made of, inside its context; close its connections afterwards."""
    app = create_app()
    with app.app_context():
        parts: Parts = app.extensions["tracker"]
        try:
            yield parts
        finally:
            db.session.remove()
            db.engine.dispose()


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
