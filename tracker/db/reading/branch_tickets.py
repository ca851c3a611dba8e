"""Reads a branch's own concerns: answers to bring back to it, and what is still open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tracker.db.reading.tickets import paused_until
from tracker.db.tables.tickets import Response, Ticket
from tracker.domain.tickets import WITH_BODY, Status


@dataclass(frozen=True)
class Answer:
    """An answer that the branch has not yet spoken on. Times are aware, UTC."""

    ticket_id: int
    number: str
    branch_id: int
    text: str
    raised_on: date
    is_restricted: bool
    raised_count: int
    body_id: int | None
    answer: str
    settled_by: str
    answered_at: datetime


@dataclass(frozen=True)
class OpenTicket:
    """A concern whose answer is awaited. Times are aware, UTC."""

    ticket_id: int
    number: str
    branch_id: int
    text: str
    raised_on: date
    is_restricted: bool
    raised_count: int
    status: str
    body_id: int | None
    urgency: str
    due_at: datetime | None
    level: int
    reopened: int
    paused_until: datetime | None


_SAID = (
    Ticket.id,
    Ticket.number,
    Ticket.branch_id,
    Ticket.text,
    Ticket.raised_on,
    Ticket.is_restricted,
    Ticket.raised_count,
)
"""What both kinds begin with: which concern it is and what was said, in the order of their fields."""


def answers_to_tell(session: Session, branch_ids: Sequence[int]) -> list[Answer]:
    """Return the latest answer of every ticket that waits for one of the branches, oldest first; one query."""
    rows = session.execute(
        select(*_SAID, Response.body_id, Response.text, Response.settled_by, Response.answered_at)
        .join(Response, and_(Response.ticket_id == Ticket.id, Response.round == Ticket.reopened_count + 1))
        .where(Ticket.branch_id.in_(branch_ids), Ticket.status == Status.ANSWERED)
        .order_by(Response.answered_at, Ticket.id)
    )
    return [Answer(*row) for row in rows]


def open_tickets(session: Session, branch_ids: Sequence[int]) -> list[OpenTicket]:
    """Return the tickets of the branches whose answer is awaited, earliest due first; one query."""
    rows = session.execute(
        select(
            *_SAID,
            Ticket.status,
            Ticket.body_id,
            Ticket.urgency,
            Ticket.due_at,
            Ticket.level,
            Ticket.reopened_count,
            paused_until(),
        )
        .where(Ticket.branch_id.in_(branch_ids), Ticket.status.in_([s.value for s in WITH_BODY]))
        .order_by(Ticket.due_at, Ticket.id)
    )
    return [OpenTicket(*row) for row in rows]  # type: ignore[call-arg]
