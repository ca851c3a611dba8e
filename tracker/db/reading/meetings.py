"""Reads meetings, their parts and what a branch's next sheet starts from."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.tables.meetings import Meeting


def has_regular_meeting(
    session: Session, branch_id: int, month: date, *, except_id: int | None = None
) -> bool:
    """Return whether the branch's regular meeting of the month (its first day) is on record, in another sheet."""
    query = select(Meeting.id).where(
        Meeting.branch_id == branch_id, Meeting.month == month, Meeting.kind != "thematic"
    )
    if except_id is not None:
        query = query.where(Meeting.id != except_id)
    return session.execute(query.limit(1)).first() is not None
