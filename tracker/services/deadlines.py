"""Asks the one clock for people and scripts: a rule by its code, a start, and what was paused."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.db.reading.deadlines import time_limits, working_calendar
from tracker.domain.calendar import instant
from tracker.domain.deadlines import Deadline, Pause, deadline
from tracker.domain.time_limits import limit_by_code


def explain(session: Session, rule_code: str, start: datetime, pauses: Iterable[Pause] = ()) -> Deadline:
    """Return the due time of the rule in force on the start's day, which tells each day counted or not.

    Reads only. Raises Invalid for an unknown rule, a naive time or a calendar without open time.
    """
    on = instant(start).date()
    limit = limit_by_code(time_limits(session), rule_code, on)
    return deadline(limit, start, working_calendar(session, on), pauses)


def as_json(found: Deadline) -> dict[str, Any]:
    """Return the deadline in the shape that ``tracker deadline --json`` promises; it may only grow."""
    return {
        "start": found.start.isoformat(),
        "due_at": found.due_at.isoformat(),
        "rule": found.rule.code,
        "days": [
            {
                "date": day.on.isoformat(),
                "kind": day.kind.value,
                "name": day.name,
                "counted": day.counted,
                "hours": day.hours,
                "because": day.because,
            }
            for day in found.days
        ],
        "because": list(found.because),
    }
