"""What a submitted sheet said before each correction, and whether a request is one that was already done."""

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from tracker.db.tables.meetings import Assessment, Conclusion, Meeting, MeetingRevision
from tracker.domain.meetings import ROLL_FIELDS
from tracker.domain.sheets import CorrectSheet, SubmitSheet
from tracker.services.unit import Unit

_HEADER = (
    "kind",
    "held_on",
    "starts_at",
    "ends_at",
    "place",
    "chair",
    "minute_taker",
    *ROLL_FIELDS,
    "superior_attended",
    "superior_name",
)


def sent_mark(command: SubmitSheet | CorrectSheet, unit: Unit) -> str:
    """Return a keyed hash of all that was sent: equal for a request that is repeated as it was."""
    return unit.mark(json.dumps(asdict(command), sort_keys=True, default=str, ensure_ascii=False))


def is_repeated(meeting: Meeting, command: CorrectSheet, unit: Unit) -> bool:
    """Return whether this very correction is the last one made: a double click, or an answer lost on the way."""
    last = unit.session.scalars(
        select(MeetingRevision)
        .where(MeetingRevision.meeting_id == meeting.id)
        .order_by(MeetingRevision.version.desc())
        .limit(1)
    ).first()
    if last is None or meeting.version != command.version + 1:
        return False
    return (last.changed_by, last.sent_mark) == (unit.actor.account_id, sent_mark(command, unit))


def keep_revision(meeting: Meeting, command: CorrectSheet, unit: Unit) -> None:
    """Keep what the sheet says now, under its version, with the reason of the correction that ends it."""
    conclusions = unit.session.scalars(
        select(Conclusion).where(Conclusion.meeting_id == meeting.id).order_by(Conclusion.position)
    )
    score = unit.session.scalars(
        select(Assessment)
        .where(Assessment.meeting_id == meeting.id, Assessment.source == "self")
        .order_by(Assessment.version.desc())
        .limit(1)
    ).first()
    values = {name: plain(getattr(meeting, name)) for name in _HEADER}
    values["conclusions"] = [[line.task, line.assignee, plain(line.due_on)] for line in conclusions]
    values["score"] = {"total": score.total, "grade": score.grade} if score else None
    unit.session.add(
        MeetingRevision(
            meeting_id=meeting.id,
            version=meeting.version,
            values=values,
            reason=command.reason,
            changed_by=unit.actor.account_id,
            changed_at=unit.now,
            sent_mark=sent_mark(command, unit),
        )
    )


def plain(value: Any) -> Any:
    """Return days and times as text, anything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value
