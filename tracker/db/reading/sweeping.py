"""Reads what the sweep works on: the clocks for which something is due, a page of them at a time."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.db.reading.clocks import LASTING_PAUSE
from tracker.db.tables.clocks import Clock, Escalation, Pause, SetAside
from tracker.db.tables.tickets import Ticket

Levels = dict[tuple[int, str], frozenset[int]]
"""Levels recorded for the present due time, by ticket and kind of clock."""


class DueClock(NamedTuple):
    """A clock with what the ladder needs of its ticket, without the concern's words. Times are aware, UTC."""

    id: int
    kind: str
    started_at: datetime
    due_at: datetime
    next_at: datetime
    ticket_id: int
    number: str
    status: str
    branch_id: int
    body_id: int | None
    category: str | None
    urgency: str
    is_restricted: bool
    level: int
    #: the pause that lasts and the day promised for its end, if it is paused
    pause_id: int | None
    promised_at: datetime | None
    #: how often the sweep failed at it, None for never
    failures: int | None
    #: since when it fails, None when it doesn't
    fails_since: datetime | None


def due_clocks(
    session: Session, now: datetime, limit: int, *, after: DueClock | None = None, lock: bool = True
) -> list[DueClock]:
    """Return the clocks with something to do at ``now`` (inclusive), longest due first, from behind ``after``.

    With ``lock`` the clocks and their tickets are locked till the transaction's end, and those that somebody
    else holds are left for the next sweep. Reads the partial index alone, so the number of other tickets doesn't
    matter. One query.
    """
    found = (
        select(
            Clock.id,
            Clock.kind,
            Clock.started_at,
            Clock.due_at,
            Clock.next_at,
            Clock.ticket_id,
            Ticket.number,
            Ticket.status,
            Ticket.branch_id,
            Ticket.body_id,
            Ticket.category,
            Ticket.urgency,
            Ticket.is_restricted,
            Ticket.level,
            Pause.id,
            Pause.promised_at,
            SetAside.failures,
            SetAside.since,
        )
        .join(Ticket, Ticket.id == Clock.ticket_id)
        .outerjoin(Pause, LASTING_PAUSE)
        .outerjoin(SetAside, SetAside.clock_id == Clock.id)
        .where(Clock.next_at <= now)
        .order_by(Clock.next_at, Clock.id)
        .limit(limit)
    )
    if after is not None:
        behind = or_(Clock.next_at > after.next_at, Clock.id > after.id)
        found = found.where(Clock.next_at >= after.next_at, behind)
    if lock:
        found = found.with_for_update(of=[Clock, Ticket], skip_locked=True)
    return [DueClock._make(row) for row in session.execute(found)]


def climbed_levels(session: Session, clocks: Iterable[DueClock]) -> Levels:
    """Return, for each ticket and clock that has any, the levels recorded for the present due time; one query."""
    dues = {(clock.ticket_id, clock.kind): clock.due_at for clock in clocks}
    levels: dict[tuple[int, str], set[int]] = {}
    rows = session.execute(
        select(Escalation.ticket_id, Escalation.clock, Escalation.due_at, Escalation.level).where(
            Escalation.ticket_id.in_({ticket_id for ticket_id, _ in dues})
        )
    )
    for ticket_id, kind, due_at, level in rows:
        if dues.get((ticket_id, kind)) == due_at:
            levels.setdefault((ticket_id, kind), set()).add(level)
    return {key: frozenset(found) for key, found in levels.items()}
