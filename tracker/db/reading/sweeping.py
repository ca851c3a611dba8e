"""Reads what the sweep works on: the tickets whose next level is reached, a page of them at a time."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.db.tables.tickets import Clock, Escalation, Ticket


class DueTicket(NamedTuple):
    """What the ladder needs of a ticket, without the concern's words. Times are aware, UTC."""

    id: int
    number: str
    status: str
    branch_id: int
    body_id: int | None
    urgency: str
    is_restricted: bool
    level: int
    due_at: datetime | None
    next_climb_at: datetime
    #: when the running answer clock was started; the filing time for a ticket that has none
    started_at: datetime


def due_tickets(
    session: Session, now: datetime, limit: int, *, after: DueTicket | None = None, lock: bool = True
) -> list[DueTicket]:
    """Return the tickets with something to climb at ``now`` (inclusive), longest due first, from behind ``after``.

    With ``lock`` the rows are locked till the transaction's end, and those that another sweep holds are left to
    it. Reads the partial index alone, so the number of other tickets doesn't matter. One query.
    """
    found = (
        select(
            Ticket.id,
            Ticket.number,
            Ticket.status,
            Ticket.branch_id,
            Ticket.body_id,
            Ticket.urgency,
            Ticket.is_restricted,
            Ticket.level,
            Ticket.due_at,
            Ticket.next_climb_at,
            func.coalesce(Clock.started_at, Ticket.filed_at),
        )
        .outerjoin(
            Clock,
            and_(
                Clock.ticket_id == Ticket.id,
                Clock.kind == "answer",
                Clock.round == Ticket.reopened_count + 1,
            ),
        )
        .where(Ticket.next_climb_at <= now)
        .order_by(Ticket.next_climb_at, Ticket.id)
        .limit(limit)
    )
    if after is not None:
        at, behind = after.next_climb_at, Ticket.id > after.id
        found = found.where(Ticket.next_climb_at >= at, or_(Ticket.next_climb_at > at, behind))
    if lock:
        found = found.with_for_update(of=Ticket, skip_locked=True)
    return [DueTicket._make(row) for row in session.execute(found)]


def climbed_levels(session: Session, ticket_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return, for each ticket that has any, the levels recorded for its present due time; one query."""
    levels: dict[int, set[int]] = {}
    for ticket_id, level in session.execute(
        select(Escalation.ticket_id, Escalation.level)
        .join(Ticket, and_(Ticket.id == Escalation.ticket_id, Ticket.due_at == Escalation.due_at))
        .where(Escalation.ticket_id.in_(list(ticket_ids)))
    ):
        levels.setdefault(ticket_id, set()).add(level)
    return {ticket_id: frozenset(found) for ticket_id, found in levels.items()}
