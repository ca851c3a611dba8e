"""Reads what an operator looks after: the clocks at which the sweep failed."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import case, func, literal, select
from sqlalchemy.orm import Session

from tracker.db.reading.clocks import RUNNING_ROWS
from tracker.db.reading.tickets import within
from tracker.db.tables.clocks import Clock, SetAside
from tracker.db.tables.people import Account
from tracker.db.tables.tickets import Ticket
from tracker.domain.access import TicketReach


class Aside(NamedTuple):
    """A clock set aside with its error. Times aware, UTC; ``number`` is empty for a ticket out of reach."""

    clock_id: int
    ticket_id: int
    number: str
    kind: str
    failures: int
    since: datetime
    retry_at: datetime
    error: str


def set_aside_clocks(session: Session, reach: TicketReach, limit: int = 200) -> list[Aside]:
    """Return the running clocks that are set aside, most failures first, ``limit`` at most; one query."""
    rows = session.execute(
        select(
            Clock.id,
            Ticket.id,
            case((within(reach), Ticket.number), else_=literal("")),
            Clock.kind,
            SetAside.failures,
            SetAside.since,
            SetAside.retry_at,
            SetAside.error,
        )
        .select_from(SetAside)
        .join(Clock, Clock.id == SetAside.clock_id)
        .join(Ticket, Ticket.id == Clock.ticket_id)
        .where(*RUNNING_ROWS)
        .order_by(SetAside.failures.desc(), SetAside.clock_id)
        .limit(limit)
    )
    return [Aside._make(row) for row in rows]


def set_aside_count(session: Session) -> int:
    """Return how many running clocks are set aside; one query."""
    found = select(func.count()).select_from(SetAside).join(Clock, Clock.id == SetAside.clock_id)
    return session.scalar(found.where(*RUNNING_ROWS)) or 0


def last_digest(session: Session) -> date | None:
    """Return the last day for which anybody's digest was written, None before the first; one query."""
    return session.scalar(select(func.max(Account.digested_on)))
