"""Keeping the days that differ from their weekday: holidays, days off in lieu, make-up days."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Row, extract, select
from sqlalchemy.orm import Session

from tracker.db.reading.dated import columns_of, row_of
from tracker.db.reading.deadlines import read_slots, working_calendar
from tracker.db.tables.deadlines import CalendarDay
from tracker.domain.calendar import CalendarDay as Entry
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.calendar_days import DayChange
from tracker.domain.errors import Invalid
from tracker.services.dated import seen_row
from tracker.services.reference import touch_reference
from tracker.services.unit import Unit


def days_of(session: Session, year: int) -> Sequence[Row[Any]]:
    """Return the year's rows as values, in order, those not in use too; one query."""
    in_year = extract("year", CalendarDay.on) == year
    return session.execute(columns_of(CalendarDay).where(in_year).order_by(CalendarDay.on)).all()


def day_row(session: Session, row_id: int) -> Row[Any]:
    """Return one day's row as a value; raise NotFound."""
    return row_of(session, CalendarDay, row_id)


def row_id_of(session: Session, on: date) -> int | None:
    """Return the id of the day's row, in use or not, or None."""
    return session.scalar(select(CalendarDay.id).where(CalendarDay.on == on))


def put_day(change: DayChange, row_id: int | None, *, unit: Unit) -> int:
    """Record the day and return its row's id; ``row_id`` None for a new one; flushes, never commits.

    Raises Invalid with a sentence a field when the calendar can't be built with it or the day has a row
    already, StaleEdit when somebody changed the row since it was seen, NotFound.
    """
    touch_reference(unit.session)
    row = None if row_id is None else seen_row(unit.session, CalendarDay, row_id, change.version)
    other = row_id_of(unit.session, change.on)
    if other is not None and other != row_id:
        sentence = "Ngày này đã có trong lịch. Hãy mở ngày đó để sửa."
        raise Invalid(sentence, {"on": sentence})
    _check(change, unit)
    values = {name: value for name, value in asdict(change).items() if name != "version"}
    if row is None:
        row = CalendarDay(**values)
        unit.session.add(row)
    else:
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
    unit.session.flush()
    action = "added" if row_id is None else "changed"
    unit.record("calendar_day", row.id, action, on=change.on.isoformat(), kind=str(change.kind))
    return int(row.id)


def _check(change: DayChange, unit: Unit) -> None:
    """Raise Invalid, beside the hours, when no calendar can be built with the day."""
    calendar = working_calendar(unit.session, change.on)
    try:
        entry = Entry(change.on, change.kind, change.name, read_slots(change.hours) or None)
        WorkingCalendar(calendar.week, {**calendar.days, change.on: entry})
    except Invalid as invalid:
        raise Invalid(invalid.sentence, {"hours": invalid.sentence}) from invalid
