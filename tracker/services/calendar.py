"""Keeping the days that differ from their weekday: holidays, days off in lieu, make-up days."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, extract, select
from sqlalchemy.orm import Session

from tracker.db.reading.dated import columns_of, row_of
from tracker.db.reading.deadlines import calendars, read_slots
from tracker.db.reading.org import org_tree
from tracker.db.tables.deadlines import CalendarDay
from tracker.domain.calendar import CalendarDay as Entry
from tracker.domain.calendar_days import DayChange
from tracker.domain.calendars import NATION, Owner
from tracker.domain.dates import local_date
from tracker.domain.errors import Invalid
from tracker.services.dated import seen_row
from tracker.services.reference import touch_reference
from tracker.services.unit import Unit


def days_of(session: Session, year: int, owner: Owner = NATION) -> Sequence[Row[Any]]:
    """Return the owner's own rows of the year as values, in order, those not in use too; one query."""
    in_year = extract("year", CalendarDay.on) == year
    found = columns_of(CalendarDay).where(in_year).filter_by(**_columns(owner))
    return session.execute(found.order_by(CalendarDay.on)).all()


def day_row(session: Session, row_id: int) -> Row[Any]:
    """Return one day's row as a value; raise NotFound."""
    return row_of(session, CalendarDay, row_id)


def row_id_of(session: Session, on: date, owner: Owner = NATION) -> int | None:
    """Return the id of the owner's row of the day, in use or not, or None."""
    return session.scalar(select(CalendarDay.id).filter_by(on=on, **_columns(owner)))


def put_day(change: DayChange, row_id: int | None, *, unit: Unit) -> int:
    """Record the owner's day and return its row's id; ``row_id`` None for a new one; flushes, never commits.

    Raises Invalid with a sentence a field when the calendar can't be built with it or the owner has a row of
    the day already, StaleEdit when somebody changed the row since it was seen, NotFound.
    """
    touch_reference(unit.session)
    row = None if row_id is None else seen_row(unit.session, CalendarDay, row_id, change.version)
    other = row_id_of(unit.session, change.on, change.owner)
    if other is not None and other != row_id:
        sentence = "Ngày này đã có trong lịch. Hãy mở ngày đó để sửa."
        raise Invalid(sentence, {"on": sentence})
    _check(change, unit)
    values = {one.name: getattr(change, one.name) for one in fields(change)} | _columns(change.owner)
    del values["owner"], values["version"]
    if row is None:
        row = CalendarDay(**values)
        unit.session.add(row)
    else:
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
    unit.session.flush()
    action = "added" if row_id is None else "changed"
    facts = {"on": change.on.isoformat(), "kind": str(change.kind), **_columns(change.owner)}
    unit.record("calendar_day", row.id, action, **facts)
    return int(row.id)


def _columns(owner: Owner) -> dict[str, int | None]:
    return {"unit_id": owner.unit_id, "body_id": owner.body_id}


def _check(change: DayChange, unit: Unit) -> None:
    """Raise Invalid, beside the hours, when the owner's calendar can't be built with the day."""
    tree = org_tree(unit.session, local_date(unit.now))
    calendar = calendars(unit.session, change.on, tree).of(change.owner)
    try:
        entry = Entry(change.on, change.kind, change.name, read_slots(change.hours) or None)
        replace(calendar, days={**calendar.days, change.on: entry})
    except Invalid as invalid:
        raise Invalid(invalid.sentence, {"hours": invalid.sentence}) from invalid
