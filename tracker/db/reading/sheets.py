"""Reads meeting sheets: the list of a scope, one sheet with its parts, and what the next one starts from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from tracker.db.tables.meetings import Assessment, Conclusion, Meeting, MeetingRevision
from tracker.db.tables.people import Account
from tracker.db.tables.tickets import Response, Ticket
from tracker.domain.access import MeetingReach
from tracker.domain.meetings import RollCall

PAGE = 20
"""Sheets on one page of the list."""


@dataclass(frozen=True)
class MeetingLine:
    """One sheet in the list. ``grade`` is the official class when decided, else the branch's own, else None."""

    id: int
    branch_id: int
    kind: str
    held_on: date
    roll: RollCall
    concerns: int
    grade: str | None
    is_official: bool


def _within(reach: MeetingReach) -> ColumnElement[bool]:
    near = (*reach.branch_ids, *reach.open_branch_ids)
    return or_(Meeting.branch_id.in_(near), Meeting.committee_id.in_(reach.committee_ids))


def meeting_lines(session: Session, reach: MeetingReach, page: int) -> tuple[list[MeetingLine], int]:
    """Return one page (from 1) of the sheets within reach, latest meeting first, and how many there are; 4 queries."""
    total = session.execute(select(func.count()).select_from(Meeting).where(_within(reach))).scalar_one()
    query = (
        select(Meeting)
        .where(_within(reach))
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(PAGE)
        .offset(PAGE * (page - 1))
    )
    meetings = session.scalars(query).all()
    ids = [meeting.id for meeting in meetings]
    counts = _concern_counts(session, ids, reach)
    grades = _grades(session, ids)
    lines = []
    for meeting in meetings:
        grade, is_official = grades.get(meeting.id, (None, False))
        lines.append(
            MeetingLine(
                meeting.id,
                meeting.branch_id,
                meeting.kind,
                meeting.held_on,
                roll_of(meeting),
                counts.get(meeting.id, 0),
                grade,
                is_official,
            )
        )
    return lines, total


def roll_of(meeting: Meeting) -> RollCall:
    """Return the sheet's roll call."""
    return RollCall(
        meeting.official,
        meeting.probationary,
        meeting.exempt,
        meeting.temp_exempt,
        meeting.special_duty,
        meeting.present,
        meeting.excused,
        meeting.unexcused,
    )


def _concern_counts(session: Session, ids: Sequence[int], reach: MeetingReach) -> dict[int, int]:
    """Return how many concerns each sheet has; restricted ones are counted for their own branch alone."""
    query = (
        select(Ticket.meeting_id, func.count())
        .where(
            Ticket.meeting_id.in_(ids),
            or_(Ticket.is_restricted.is_(False), Ticket.branch_id.in_(reach.branch_ids)),
        )
        .group_by(Ticket.meeting_id)
    )
    return {key: value for key, value in session.execute(query)}


def _grades(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, bool]]:
    """Return the grade that counts for each meeting, and whether it is the official one."""
    rows = session.execute(
        select(Assessment.meeting_id, Assessment.source, Assessment.grade)
        .where(Assessment.meeting_id.in_(ids))
        .order_by(Assessment.source.desc(), Assessment.version)  # self before official, later wins
    )
    return {meeting_id: (grade, source == "official") for meeting_id, source, grade in rows}


def months_held(session: Session, reach: MeetingReach, month: date) -> set[int]:
    """Return the branches within reach that have a regular meeting of the month (its first day); one query."""
    query = select(Meeting.branch_id).where(
        _within(reach), Meeting.month == month, Meeting.kind != "thematic"
    )
    return set(session.scalars(query))


def last_regular_months(session: Session, branch_ids: Sequence[int]) -> dict[int, date]:
    """Return the month of the latest regular meeting of each branch that has one; one query."""
    query = (
        select(Meeting.branch_id, func.max(Meeting.month))
        .where(Meeting.branch_id.in_(branch_ids), Meeting.kind != "thematic")
        .group_by(Meeting.branch_id)
    )
    return {key: value for key, value in session.execute(query)}


def last_sheet(session: Session, branch_id: int) -> Meeting | None:
    """Return the branch's latest sheet, from which the next one is filled in beforehand."""
    return session.scalars(
        select(Meeting)
        .where(Meeting.branch_id == branch_id)
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(1)
    ).first()


def meeting_by_id(session: Session, meeting_id: int) -> Meeting | None:
    """Return the sheet, or None."""
    return session.get(Meeting, meeting_id)


def meeting_by_key(session: Session, key: str) -> Meeting | None:
    """Return the sheet that was sent under the key, or None."""
    return session.scalars(select(Meeting).where(Meeting.request_key == key)).one_or_none()


def conclusions_of(session: Session, meeting_id: int) -> list[Conclusion]:
    """Return the sheet's conclusions in their order."""
    return list(
        session.scalars(
            select(Conclusion).where(Conclusion.meeting_id == meeting_id).order_by(Conclusion.position)
        )
    )


def tickets_of(session: Session, meeting_id: int) -> list[Ticket]:
    """Return the tickets that the sheet made, in the order of the sheet."""
    return list(
        session.scalars(select(Ticket).where(Ticket.meeting_id == meeting_id).order_by(Ticket.position))
    )


def verdicts_of(session: Session, meeting_id: int) -> list[tuple[Ticket, Response]]:
    """Return the answers on which the branch spoke in this meeting, with their tickets."""
    rows = session.execute(
        select(Ticket, Response)
        .join(Response, Response.ticket_id == Ticket.id)
        .where(Response.told_meeting_id == meeting_id)
        .order_by(Ticket.id)
    )
    return [(ticket, response) for ticket, response in rows]


def scores_of(session: Session, meeting_id: int) -> dict[str, Assessment]:
    """Return the latest score of each source ("self", "official") that the meeting has."""
    rows = session.scalars(
        select(Assessment).where(Assessment.meeting_id == meeting_id).order_by(Assessment.version)
    )
    return {row.source: row for row in rows}


def revisions_of(session: Session, meeting_id: int) -> list[tuple[MeetingRevision, str]]:
    """Return what the sheet said before each correction, latest first, with who corrected it."""
    rows = session.execute(
        select(MeetingRevision, Account.display_name)
        .join(Account, Account.id == MeetingRevision.changed_by)
        .where(MeetingRevision.meeting_id == meeting_id)
        .order_by(MeetingRevision.version.desc())
    )
    return [(revision, name) for revision, name in rows]
