"""Asks the one clock for people and scripts: a rule by its code, a start, and what was paused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.db.reading.deadlines import calendars, time_limits, working_calendar
from tracker.db.reading.org import org_tree
from tracker.domain.calendar import WorkingCalendar, instant
from tracker.domain.calendar_rows import OwnerCodes
from tracker.domain.deadlines import Deadline, Extension, Pause, deadline
from tracker.domain.errors import Invalid
from tracker.domain.time_limits import limit_by_code


@dataclass(frozen=True)
class Whose:
    """By whose calendar is counted: the unit's of that code, or the body's of that code under it (none: shared by all).

    Both empty: the nation's.
    """

    unit: str = ""
    body: str = ""


NATIONAL = Whose()


def explain(
    session: Session,
    rule_code: str,
    start: datetime,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[Extension] = (),
    whose: Whose = NATIONAL,
) -> Deadline:
    """Return the due time of the rule in force on the start's day, which tells each day counted or not.

    The calendar is that of ``whose``, with what it takes from those above it in the tree of the start's day. Reads
    only. Raises Invalid for an unknown rule, unit or body, a naive time or a calendar without open time.
    """
    try:
        on = instant(start).date()
    except Invalid as error:
        raise Invalid(f"Lúc bắt đầu: {error}") from None
    limit = limit_by_code(time_limits(session), rule_code, on)
    return deadline(limit, start, _calendar(session, whose, on), pauses, extensions)


def _calendar(session: Session, whose: Whose, on: date) -> WorkingCalendar:
    if whose == NATIONAL:
        return working_calendar(session)
    tree = org_tree(session, on)
    return calendars(session, tree).of(OwnerCodes(tree).owner(whose.unit, whose.body))


def as_json(found: Deadline, whose: Whose = NATIONAL) -> dict[str, Any]:
    """Return the deadline in the shape that ``tracker deadline --json`` promises; it may only grow."""
    return {
        "start": found.start.isoformat(),
        "due_at": found.due_at.isoformat(),
        "rule": found.rule.code,
        "calendar": {"unit": whose.unit or None, "body": whose.body or None},
        "days": [
            {
                "date": day.on.isoformat(),
                "kind": day.kind.value,
                "name": day.name,
                "counted": day.counted,
                "hours": day.hours,
                "because": day.because,
                "paused": day.paused,
                "extension": day.is_extension,
            }
            for day in found.days
        ],
        "pauses": [
            {
                "begins": instant(one.pause.begins).isoformat(),
                "ends": instant(one.pause.ends).isoformat(),
                "reason": one.pause.reason,
                "hours": one.hours,
            }
            for one in found.pauses
        ],
        "extensions": [
            {
                "amount": one.extension.amount,
                "unit": one.extension.unit.value,
                "because": one.extension.because,
                "old_due_at": one.old_due_at.isoformat(),
                "new_due_at": one.new_due_at.isoformat(),
            }
            for one in found.extensions
        ],
        "because": list(found.because),
    }
