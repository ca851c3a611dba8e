"""Reads the calendar, the time limits and the ladder as values of the domain. Inactive rows are inert."""

from dataclasses import fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.tables import deadlines as tables
from tracker.domain.calendar import CalendarDay, DayKind, Slot, WorkingCalendar
from tracker.domain.calendars import Calendars, OpenSlot, Owner
from tracker.domain.escalation import Rung
from tracker.domain.extension_rules import ExtensionRule
from tracker.domain.org import OrgTree
from tracker.domain.time_limits import Clock, LimitUnit, StartEvent, TimeLimit


def read_slots(text: str) -> tuple[Slot, ...]:
    """Return the slots written "07:30-11:30 13:30-17:00"; raise Invalid for what isn't one."""
    return tuple(Slot.parse(part) for part in text.split())


def calendars(session: Session, tree: OrgTree) -> Calendars:
    """Return the calendars of the nation, of every unit and of every body of the tree; two queries.

    All validities are read: a limit is counted by the hours that held, or will hold, on each of its days.
    """
    return _calendars(session, tree)


def working_calendar(session: Session) -> WorkingCalendar:
    """Return the nation's calendar; two queries. Raises Invalid when the rows leave no open time or overlap."""
    return _calendars(session, OrgTree.build((), ()), unit_id=None, body_id=None).national


def _calendars(session: Session, tree: OrgTree, **owner: None) -> Calendars:
    hours, days = tables.WorkingHours, tables.CalendarDay
    slots = session.execute(
        select(
            hours.unit_id, hours.body_id, hours.weekday, hours.begins, hours.ends,
            hours.valid_from, hours.valid_to,
        ).where(hours.is_active).filter_by(**owner)
    )  # fmt: skip
    rows = session.execute(
        select(days.unit_id, days.body_id, days.on, days.kind, days.name, days.hours)
        .where(days.is_active)
        .filter_by(**owner)
    )
    return Calendars.build(
        (
            (Owner(unit, body), OpenSlot(weekday - 1, Slot(begins, ends), since, until))
            for unit, body, weekday, begins, ends, since, until in slots
        ),
        (
            (Owner(unit, body), CalendarDay(on, DayKind(kind), name, read_slots(text) or None))
            for unit, body, on, kind, name, text in rows
        ),
        tree,
    )


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


def extension_rules(session: Session) -> tuple[ExtensionRule, ...]:
    """Return all active rules for more time, of all times; ``choose_extension_rule`` picks. One query."""
    row = tables.ExtensionRule
    found = session.scalars(select(row).where(row.is_active).order_by(row.code, row.valid_from))
    return tuple(
        ExtensionRule(
            **{name: getattr(one, name) for name in _EXTENSION_FIELDS if name != "unit"},
            unit=LimitUnit(one.unit),
        )
        for one in found
    )


_EXTENSION_FIELDS = tuple(field.name for field in fields(ExtensionRule))


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
        after_bounces=row.after_bounces,
        after_meetings=row.after_meetings,
        clock=Clock(row.clock),
        category=row.category,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        tag=row.tag,
    )
