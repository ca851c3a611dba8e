"""Reads scores of meetings: which wait for an official class, and the history of one meeting's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from tracker.db.tables.meetings import Assessment, Meeting
from tracker.db.tables.people import Account


@dataclass(frozen=True)
class ScoredMeeting:
    """A meeting with the newest score of the branch's own, which proposes the class."""

    meeting_id: int
    branch_id: int
    kind: str
    held_on: date
    total: int
    reachable: int
    grade: str
    votes_for: int | None
    votes_total: int | None


def awaiting_class(
    session: Session, committee_ids: Sequence[int], limit: int = 50, page: int = 1
) -> tuple[list[ScoredMeeting], int]:
    """Return one page (from 1) of the committees' meetings without an official class, the oldest first, and how many."""
    later, official = aliased(Assessment), aliased(Assessment)
    waits = and_(
        Meeting.committee_id.in_(committee_ids),
        Assessment.source == "self",
        ~exists().where(
            later.meeting_id == Assessment.meeting_id,
            later.source == "self",
            later.version > Assessment.version,
        ),
        ~exists().where(official.meeting_id == Meeting.id, official.source == "official"),
    )
    joined = select(func.count()).select_from(Assessment).join(Meeting, Meeting.id == Assessment.meeting_id)
    total = session.execute(joined.where(waits)).scalar_one()
    rows = session.execute(
        select(
            Meeting.id,
            Meeting.branch_id,
            Meeting.kind,
            Meeting.held_on,
            Assessment.total,
            Assessment.reachable,
            Assessment.grade,
            Assessment.votes_for,
            Assessment.votes_total,
        )
        .join(Meeting, Meeting.id == Assessment.meeting_id)
        .where(waits)
        .order_by(Meeting.held_on, Meeting.id)
        .limit(limit)
        .offset(limit * (page - 1))
    )
    return [ScoredMeeting(*row) for row in rows], total


@dataclass(frozen=True)
class ScoreEvent:
    """One scoring of a meeting, as its history tells it; nothing is ever overwritten."""

    source: str
    version: int
    total: int
    reachable: int
    grade: str
    reason: str
    by: str
    at: datetime


def score_history(session: Session, meeting_id: int) -> list[ScoreEvent]:
    """Return every score of the meeting in the order given; one query."""
    rows = session.execute(
        select(
            Assessment.source,
            Assessment.version,
            Assessment.total,
            Assessment.reachable,
            Assessment.grade,
            Assessment.reason,
            Account.display_name,
            Assessment.decided_at,
        )
        .join(Account, Account.id == Assessment.decided_by)
        .where(Assessment.meeting_id == meeting_id)
        .order_by(Assessment.decided_at, Assessment.id)
    )
    return [ScoreEvent(*row) for row in rows]
