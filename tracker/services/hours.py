"""Keeping the weekly hours of the nation, of a unit or of a body: a week from a day on, the former ended that day."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.tables.deadlines import WorkingHours
from tracker.domain.calendar import Slot
from tracker.domain.calendars import OpenSlot, Owner
from tracker.domain.dates import local_date
from tracker.domain.errors import Invalid, StaleEdit
from tracker.domain.validity import check_end, check_period, place_version
from tracker.domain.weekly_hours import (
    HoursChange,
    HoursVersion,
    check_lasting,
    open_slots,
    parse_week,
    versions_of,
)
from tracker.services.reference import touch_reference
from tracker.services.unit import Unit


def hours_of(session: Session, owner: Owner) -> tuple[HoursVersion, ...]:
    """Return every week that the owner had, has or will have of its own, oldest first; one query."""
    return versions_of(
        (
            row.id,
            OpenSlot(row.weekday - 1, Slot(row.begins, row.ends), row.valid_from, row.valid_to),
            row.source,
            row.tag,
            row.version,
        )
        for row in _rows(session, owner)
    )


def seen_hours(versions: tuple[HoursVersion, ...]) -> int:
    """Return the number by which a change is known to be one of the hours that the person saw; 0 without any."""
    return max((one.version for one in versions), default=0)


def put_hours(change: HoursChange, *, unit: Unit) -> None:
    """Let the owner's week hold from its first day on; the one in force is ended that day; flushes, never commits.

    A week that has not begun is corrected in place. Raises Invalid with a sentence at the line for overlapping
    slots, a week with no open time and periods that overlap, StaleEdit when somebody changed the owner's hours.
    """
    touch_reference(unit.session)  # its row lock makes all changes of rules wait for each other
    week = parse_week(change.lines)
    versions = _unchanged(change.owner, change.version, unit)
    check_lasting(change.owner, change.valid_to)
    periods = [one.period for one in versions]
    placing = place_version(periods, change.valid_from, change.valid_to, local_date(unit.now))
    number = seen_hours(versions) + 1
    for row in _rows(unit.session, change.owner):
        begun = next(one for one in versions if one.valid_from == row.valid_from)
        row.version = number
        if begun.id == placing.replaces:
            unit.session.delete(row)
        elif begun.id == placing.ends:
            row.valid_to = change.valid_from
    unit.session.flush()
    unit.session.add_all(
        WorkingHours(
            unit_id=change.owner.unit_id,
            body_id=change.owner.body_id,
            weekday=one.weekday + 1,
            begins=one.slot.begins,
            ends=one.slot.ends,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            source=change.source,
            tag=change.tag,
            version=number,
        )
        for one in open_slots(week, change.valid_from, change.valid_to)
    )
    unit.session.flush()
    _record(change, "changed", unit)


def end_hours(change: HoursChange, *, unit: Unit) -> None:
    """Let the owner's week of ``valid_from`` hold no longer from ``valid_to`` on: then those above it hold again.

    Flushes, never commits. Raises Invalid for the nation's hours and for a day that can't be, StaleEdit.
    """
    touch_reference(unit.session)
    check_lasting(change.owner, change.valid_to)
    versions = _unchanged(change.owner, change.version, unit)
    held = next((one for one in versions if one.valid_from == change.valid_from), None)
    if held is None or change.valid_to is None:
        raise Invalid("Ghi ngày thôi áp dụng.", {"valid_to": "Ghi ngày thôi áp dụng."})
    check_period(held.valid_from, change.valid_to)
    check_end(held.period, change.valid_to)
    for row in _rows(unit.session, change.owner):
        row.version = seen_hours(versions) + 1
        if row.valid_from == held.valid_from:
            row.valid_to = change.valid_to
    unit.session.flush()
    _record(change, "ended", unit)


def _rows(session: Session, owner: Owner) -> list[WorkingHours]:
    found = select(WorkingHours).filter_by(is_active=True, unit_id=owner.unit_id, body_id=owner.body_id)
    ordered = found.order_by(WorkingHours.valid_from, WorkingHours.weekday, WorkingHours.begins)
    return list(session.scalars(ordered.execution_options(populate_existing=True)))


def _unchanged(owner: Owner, seen: int | None, unit: Unit) -> tuple[HoursVersion, ...]:
    versions = hours_of(unit.session, owner)
    if seen is not None and seen != seen_hours(versions):
        raise StaleEdit("Người khác vừa sửa giờ làm việc này. Mở lại trang để xem bản mới rồi hãy sửa tiếp.")
    return versions


def _record(change: HoursChange, action: str, unit: Unit) -> None:
    unit.record(
        "working_hours",
        None,
        action,
        unit_id=change.owner.unit_id,
        body_id=change.owner.body_id,
        valid_from=change.valid_from.isoformat(),
        valid_to=change.valid_to.isoformat() if change.valid_to else None,
    )
