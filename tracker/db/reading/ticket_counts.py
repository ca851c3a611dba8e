"""How many tickets wait, for the counters of a desk; each function is one query over indexes of open tickets alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from tracker.db.reading.tickets import AWAITED_ROWS, WAITING_ROWS
from tracker.db.tables.tickets import Ticket
from tracker.domain.tickets import Status


@dataclass(frozen=True)
class OpenCounts:
    """Open tickets of some bodies or committees. ``due_today`` ends with the given instant, exclusive."""

    due_today: int
    overdue: int
    new: int
    triage: int
    waiting: int
    open: int


def of_bodies(session: Session, body_ids: Iterable[int], now: datetime, day_end: datetime) -> OpenCounts:
    """Return the counts of the bodies' tickets, restricted ones included: their people read them."""
    return _counts(session, Ticket.body_id.in_(list(body_ids)), now, day_end)


def of_committees(
    session: Session, committee_ids: Iterable[int], now: datetime, day_end: datetime
) -> OpenCounts:
    """Return the counts of the committees' tickets, without restricted ones."""
    inside = and_(Ticket.committee_id.in_(list(committee_ids)), Ticket.is_restricted.is_(False))
    return _counts(session, inside, now, day_end)


def _counts(session: Session, inside: ColumnElement[bool], now: datetime, day_end: datetime) -> OpenCounts:
    waiting = select(func.count()).select_from(Ticket).where(inside, WAITING_ROWS).scalar_subquery()
    row = session.execute(
        select(
            _number(and_(Ticket.due_at >= now, Ticket.due_at < day_end)),
            _number(Ticket.due_at < now),
            _number(Ticket.status == Status.ROUTED.value),
            _number(Ticket.status == Status.TRIAGE.value),
            waiting,
            func.count(),
        ).where(inside, AWAITED_ROWS)
    ).one()
    return OpenCounts(*row)


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
