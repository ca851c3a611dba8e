"""Reads the calendar, the time limits and the ladder as values of the domain. Inactive rows are inert."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.db.tables import deadlines as tables
from tracker.domain.calendar import CalendarDay, DayKind, Slot, Week, WorkingCalendar
from tracker.domain.escalation import Rung
from tracker.domain.time_limits import Clock, LimitUnit, StartEvent, TimeLimit


def read_slots(text: str) -> tuple[Slot, ...]:
    """Return the slots written "07:30-11:30 13:30-17:00"; raise Invalid for what isn't one."""
    return tuple(Slot.parse(part) for part in text.split())


def working_calendar(session: Session, on: date) -> WorkingCalendar:
    """Return the calendar with the weekly hours in force on the day; two queries.

    Raises Invalid when the rows leave no open time or overlap.
    """
    hours, days = tables.WorkingHours, tables.CalendarDay
    slots = session.execute(
        select(hours.weekday, hours.begins, hours.ends)
        .where(
            hours.is_active,
            hours.valid_from <= on,
            or_(hours.valid_to.is_(None), hours.valid_to > on),
        )
        .order_by(hours.weekday, hours.begins)
    )
    rows = session.execute(select(days.on, days.kind, days.name, days.hours).where(days.is_active))
    entries = (CalendarDay(d, DayKind(kind), name, read_slots(text) or None) for d, kind, name, text in rows)
    return WorkingCalendar(_week(slots), {entry.on: entry for entry in entries})


def time_limits(session: Session) -> tuple[TimeLimit, ...]:
    """Return all active limits of all times; ``choose_limit`` picks by day. One query."""
    row = tables.TimeLimit
    found = session.scalars(select(row).where(row.is_active).order_by(row.code, row.valid_from))
    return tuple(_limit(one) for one in found)


def ladder(session: Session) -> tuple[Rung, ...]:
    """Return all active rungs of all times; ``rungs_for`` picks by urgency and day. One query."""
    row = tables.Rung
    found = session.scalars(select(row).where(row.is_active).order_by(row.level, row.code, row.valid_from))
    return tuple(_rung(one) for one in found)


def _week(rows: Iterable[Iterable[int]]) -> Week:
    slots: list[list[Slot]] = [[] for _ in range(7)]
    for weekday, begins, ends in rows:
        slots[weekday - 1].append(Slot(begins, ends))
    return tuple(tuple(one) for one in slots)


def _limit(row: tables.TimeLimit) -> TimeLimit:
    return TimeLimit(
        code=row.code,
        clock=Clock(row.clock),
        name=row.name,
        amount=row.amount,
        unit=LimitUnit(row.unit),
        start_event=StartEvent(row.start_event),
        category=row.category,
        urgency=row.urgency,
        first_day_counted=row.first_day_counted,
        roll_to_working=row.roll_to_working,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        tag=row.tag,
    )


def _rung(row: tables.Rung) -> Rung:
    return Rung(
        level=row.level,
        code=row.code,
        name=row.name,
        recipient=row.recipient,
        is_warning=row.is_warning,
        at_percent=row.at_percent,
        after_amount=row.after_amount,
        after_unit=LimitUnit(row.after_unit) if row.after_unit else None,
        urgency=row.urgency,
        after_reopenings=row.after_reopenings,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        tag=row.tag,
    )
