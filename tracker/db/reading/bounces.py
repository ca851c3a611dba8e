"""How often bodies said "not ours": counted for the body that sent a concern back, by the concerns of a time."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.tables.tickets import Ticket, TicketEvent
from tracker.domain.org import OrgTree
from tracker.domain.tickets import Move


@dataclass(frozen=True)
class SentBack:
    """A body, how many concerns it sent back and how often in all; one concern may come twice."""

    body: str
    concerns: int
    times: int


def sent_back(
    session: Session, committee_ids: Collection[int], start: date, end: date, tree: OrgTree
) -> list[SentBack]:
    """Return the bodies that sent concerns back, most often first; one query.

    Regards open concerns of the committees raised from ``start`` up to, not including, ``end``.
    """
    rows = session.execute(
        select(TicketEvent.ticket_id, TicketEvent.details)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(Ticket.committee_id.in_(committee_ids), Ticket.raised_on >= start, Ticket.raised_on < end)
        .where(Ticket.bounce_count > 0, Ticket.is_restricted.is_(False))
        .where(TicketEvent.act == Move.BOUNCE.value)
    ).all()
    times = Counter(details.get("body") for _, details in rows)
    concerns = Counter(body for _, body in {(ticket_id, details.get("body")) for ticket_id, details in rows})
    found = [
        SentBack(tree.bodies[body].name if body in tree.bodies else "", concerns[body], number)
        for body, number in times.items()
    ]
    return sorted(found, key=lambda one: (-one.times, one.body))
