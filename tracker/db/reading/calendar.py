"""Reads the rows of calendars for the year's page, for warnings and for files; whose they are is part of the value."""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from tracker.db.tables.deadlines import CalendarDay
from tracker.domain.calendar import DayKind
from tracker.domain.calendar_years import Entry
from tracker.domain.calendars import NATION, Owner


def owner_columns(owner: Owner) -> dict[str, int | None]:
    """Return the columns, and their values, that say whose row it is."""
    return {"unit_id": owner.unit_id, "body_id": owner.body_id}


def entries_of(session: Session, year: int, owners: Iterable[Owner]) -> tuple[Entry, ...]:
    """Return the owners' rows of the year, those not in use too, by date; one query."""
    days = CalendarDay
    whose = or_(*(_is(owner) for owner in owners))
    found = select(days).where(whose, days.on >= date(year, 1, 1), days.on <= date(year, 12, 31))
    return tuple(_entry(row) for row in session.scalars(found.order_by(days.on)))


def all_entries(session: Session) -> Iterator[Entry]:
    """Yield every row of every owner, those not in use too, the nation's first, by date; one query."""
    days = CalendarDay
    ordered = select(days).order_by(days.on, days.id)
    yield from sorted(
        (_entry(row) for row in session.scalars(ordered)), key=lambda one: (one.owner != NATION, one.on)
    )


def national_bases(session: Session, first: int, last: int) -> list[tuple[date, str]]:
    """Return date and basis of the nation's days in use from the first year to the last (inclusive); one query."""
    days = CalendarDay
    found = select(days.on, days.basis).where(
        days.is_active, _is(NATION), days.on >= date(first, 1, 1), days.on <= date(last, 12, 31)
    )
    return [(on, basis) for on, basis in session.execute(found)]


def _is(owner: Owner) -> ColumnElement[bool]:
    days = CalendarDay
    same = (column.is_(None) if value is None else column == value for column, value in (
        (days.unit_id, owner.unit_id), (days.body_id, owner.body_id),
    ))  # fmt: skip
    return and_(*same)


def _entry(row: CalendarDay) -> Entry:
    return Entry(
        row.id,
        Owner(row.unit_id, row.body_id),
        row.on,
        DayKind(row.kind),
        row.name,
        row.hours,
        row.basis,
        row.source,
        row.tag,
        row.is_active,
    )
