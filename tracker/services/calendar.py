"""Keeping the days that differ from their weekday: holidays, days off in lieu, make-up days, a body's closing days."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from tracker.db.reading.calendar import owner_columns
from tracker.db.reading.dated import row_of
from tracker.db.reading.deadlines import read_slots
from tracker.db.seed.holidays import days_by_law
from tracker.db.tables.deadlines import CalendarDay
from tracker.domain.calendar import CalendarDay as Entry
from tracker.domain.calendar import check_day
from tracker.domain.calendar_days import DayChange
from tracker.domain.calendars import NATION, Owner
from tracker.domain.errors import Conflict, Invalid, NotFound
from tracker.services.dated import seen_row
from tracker.services.reference import touch_reference
from tracker.services.unit import Unit


def day_row(session: Session, row_id: int) -> Row[Any]:
    """Return one day's row as a value; raise NotFound."""
    return row_of(session, CalendarDay, row_id)


def row_id_of(session: Session, on: date, owner: Owner = NATION) -> int | None:
    """Return the id of the owner's row of the day, in use or not, or None."""
    return session.scalar(select(CalendarDay.id).filter_by(on=on, **owner_columns(owner)))


def put_day(change: DayChange, row_id: int | None, *, unit: Unit) -> int:
    """Record the owner's day and return its row's id; ``row_id`` None for a new one; flushes, never commits.

    Raises Invalid with a sentence a field when no calendar can be built with it or the owner has a row of the
    day already, StaleEdit when somebody changed the row since it was seen, NotFound.
    """
    touch_reference(unit.session)
    row = None if row_id is None else seen_row(unit.session, CalendarDay, row_id, change.version)
    if row is not None and owner_of(row) != change.owner:
        raise NotFound("Không tìm thấy bản ghi này.")
    other = row_id_of(unit.session, change.on, change.owner)
    if other is not None and other != row_id:
        sentence = "Ngày này đã có trong lịch. Hãy mở ngày đó để sửa."
        raise Invalid(sentence, {"on": sentence})
    check_change(change)
    values = {one.name: getattr(change, one.name) for one in fields(change)} | owner_columns(change.owner)
    del values["owner"], values["version"]
    if row is None:
        row = CalendarDay(**values)
        unit.session.add(row)
    else:
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
    unit.session.flush()
    _record(row, "added" if row_id is None else "changed", unit)
    return int(row.id)


def drop_day(row_id: int, version: int | None, *, unit: Unit) -> None:
    """Let the day be again what those above or the week say; the row stays and can be taken up again; flushes.

    Raises NotFound, and StaleEdit when somebody changed the row since it was seen.
    """
    touch_reference(unit.session)
    row = seen_row(unit.session, CalendarDay, row_id, version)
    row.is_active, row.version = False, row.version + 1
    unit.session.flush()
    _record(row, "dropped", unit)


def confirm_year(year: int, source: str, tag: str, *, unit: Unit) -> int:
    """Mark the nation's days of the year that were only assumed as decided by ``source``; return how many; flushes.

    Raises Conflict when none is left to confirm.
    """
    touch_reference(unit.session)
    rows = _assumed(unit.session, year)
    if not rows:
        raise Conflict(f"Năm {year} không còn ngày nào tạm ghi.")
    for row in rows:
        row.basis, row.source, row.tag, row.version = "decided", source, tag, row.version + 1
        _record(row, "confirmed", unit)
    unit.session.flush()
    return len(rows)


def fill_year(year: int, *, unit: Unit) -> int:
    """Add the year's days off by law that the nation has no row of; return how many; flushes.

    A day that is there stays as it is. Raises Invalid for an impossible year.
    """
    missing = {one.on: one for one in days_by_law(year) if row_id_of(unit.session, one.on) is None}
    for one in missing.values():
        put_day(one, None, unit=unit)
    return len(missing)


def owner_of(row: Any) -> Owner:
    """Return whose row it is."""
    return Owner(row.unit_id, row.body_id)


def check_change(change: DayChange) -> None:
    """Raise Invalid, beside the date or the hours, when no calendar can be built with the day."""
    try:
        check_day(Entry(change.on, change.kind, change.name))
    except Invalid as invalid:
        raise Invalid(invalid.sentence, {"on": invalid.sentence}) from invalid
    try:
        check_day(Entry(change.on, change.kind, change.name, read_slots(change.hours) or None))
    except Invalid as invalid:
        raise Invalid(invalid.sentence, {"hours": invalid.sentence}) from invalid


def _assumed(session: Session, year: int) -> Sequence[CalendarDay]:
    found = select(CalendarDay).filter_by(is_active=True, basis="assumed", **owner_columns(NATION))
    return session.scalars(
        found.where(CalendarDay.on >= date(year, 1, 1), CalendarDay.on <= date(year, 12, 31))
    ).all()


def _record(row: CalendarDay, action: str, unit: Unit) -> None:
    facts = {"on": row.on.isoformat(), "kind": str(row.kind), "unit_id": row.unit_id, "body_id": row.body_id}
    unit.record("calendar_day", row.id, action, **facts)
