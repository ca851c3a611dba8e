"""Reads which clocks come due in a span and which levels were climbed in one, within a person's reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from tracker.db.reading.clocks import LASTING_PAUSE, RUNNING_ROWS
from tracker.db.reading.tickets import within
from tracker.db.tables.clocks import Clock, Escalation, Pause
from tracker.db.tables.tickets import Ticket
from tracker.domain.access import TicketReach


@dataclass(frozen=True)
class Span:
    """From ``begins`` (inclusive) to ``ends`` (exclusive), both aware; narrowed to one clock or body if given."""

    begins: datetime
    ends: datetime
    kind: str = ""
    body_id: int | None = None


class Coming(NamedTuple):
    """A clock that comes due. Times aware, UTC; ``promised_at`` is the day on which its pause ends, if it stands."""

    ticket_id: int
    number: str
    branch_id: int
    body_id: int | None
    is_restricted: bool
    kind: str
    due_at: datetime
    promised_at: datetime | None


class Climbed(NamedTuple):
    """A level that was climbed. Times aware, UTC."""

    ticket_id: int
    number: str
    body_id: int | None
    is_restricted: bool
    kind: str
    level: int
    rung_code: str
    due_at: datetime
    reached_at: datetime
    climbed_at: datetime
    because: str


def due_counts(session: Session, reach: TicketReach, span: Span) -> dict[datetime, int]:
    """Return how many running clocks come due at each due time of the span; one query."""
    rows = session.execute(
        select(Clock.due_at, func.count())
        .join(Ticket, Ticket.id == Clock.ticket_id)
        .where(*_coming(reach, span))
        .group_by(Clock.due_at)
    )
    return {due_at: number for due_at, number in rows}


def coming_clocks(
    session: Session, reach: TicketReach, span: Span, limit: int, offset: int = 0
) -> list[Coming]:
    """Return the running clocks that come due in the span, earliest first; one query."""
    found = (
        select(
            Ticket.id,
            Ticket.number,
            Ticket.branch_id,
            Ticket.body_id,
            Ticket.is_restricted,
            Clock.kind,
            Clock.due_at,
            Pause.promised_at,
        )
        .select_from(Clock)
        .join(Ticket, Ticket.id == Clock.ticket_id)
        .outerjoin(Pause, LASTING_PAUSE)
        .where(*_coming(reach, span))
        .order_by(Clock.due_at, Clock.id)
        .limit(limit)
        .offset(offset)
    )
    return [Coming._make(row) for row in session.execute(found)]


def _coming(reach: TicketReach, span: Span) -> list[ColumnElement[bool]]:
    inside = [Clock.due_at >= span.begins, Clock.due_at < span.ends]
    return [*RUNNING_ROWS, *inside, within(reach), *_narrowed(Clock.kind, span)]


def climbed_count(session: Session, reach: TicketReach, span: Span) -> int:
    """Return how many levels were climbed in the span; one query."""
    found = select(func.count()).select_from(Escalation).join(Ticket, Ticket.id == Escalation.ticket_id)
    return session.scalar(found.where(*_climbed(reach, span))) or 0


def climbed_rows(
    session: Session, reach: TicketReach, span: Span, limit: int, offset: int = 0
) -> list[Climbed]:
    """Return the levels climbed in the span, newest first; one query."""
    found = (
        select(
            Ticket.id,
            Ticket.number,
            Ticket.body_id,
            Ticket.is_restricted,
            Escalation.clock,
            Escalation.level,
            Escalation.rung_code,
            Escalation.due_at,
            Escalation.reached_at,
            Escalation.climbed_at,
            Escalation.because,
        )
        .select_from(Escalation)
        .join(Ticket, Ticket.id == Escalation.ticket_id)
        .where(*_climbed(reach, span))
        .order_by(Escalation.climbed_at.desc(), Escalation.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [Climbed._make(row) for row in session.execute(found)]


def _climbed(reach: TicketReach, span: Span) -> list[ColumnElement[bool]]:
    inside = [Escalation.climbed_at >= span.begins, Escalation.climbed_at < span.ends]
    return [*inside, within(reach), *_narrowed(Escalation.clock, span)]


def _narrowed(kind: Any, span: Span) -> list[ColumnElement[bool]]:
    found = [kind == span.kind] if span.kind else []
    return found + ([Ticket.body_id == span.body_id] if span.body_id is not None else [])


def readable(session: Session, reach: TicketReach, numbers: Sequence[str]) -> dict[str, int]:
    """Return the ids of those of the tickets, named by number, that may be read; one query for each 500."""
    found: dict[str, int] = {}
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        rows = session.execute(select(Ticket.number, Ticket.id).where(Ticket.number.in_(part), within(reach)))
        found.update((number, ticket_id) for number, ticket_id in rows)
    return found
