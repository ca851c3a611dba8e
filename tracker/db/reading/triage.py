"""What the office needs to place a ticket: why no rule could, and which bodies sent it back and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.tables.tickets import Ticket, TicketEvent
from tracker.domain.org import OrgTree
from tracker.domain.tickets import Move


@dataclass(frozen=True)
class Bounce:
    """One time that a body said "not ours". ``at`` is aware, UTC."""

    at: datetime
    body: str
    proposed: str
    reason: str


def reasons(session: Session, ticket_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the sentences that say where each ticket was sent and why, or why nowhere; one query."""
    rows = session.execute(select(Ticket.id, Ticket.because).where(Ticket.id.in_(ticket_ids)))
    return {ticket_id: tuple(because) for ticket_id, because in rows}


def bounces(session: Session, ticket_ids: Sequence[int], tree: OrgTree) -> dict[int, list[Bounce]]:
    """Return how often each ticket was sent back, by whom and why, oldest first; one query."""
    rows = session.execute(
        select(TicketEvent.ticket_id, TicketEvent.at, TicketEvent.details)
        .where(TicketEvent.ticket_id.in_(ticket_ids), TicketEvent.act == Move.BOUNCE.value)
        .order_by(TicketEvent.id)
    )
    found: dict[int, list[Bounce]] = {}
    for ticket_id, at, details in rows:
        names = [
            tree.bodies[one].name if one in tree.bodies else ""
            for one in (details.get("body"), details.get("proposed"))
        ]
        found.setdefault(ticket_id, []).append(Bounce(at, names[0], names[1], details.get("reason", "")))
    return found
