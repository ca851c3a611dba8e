"""Reads the clocks that a change of rules can touch, with what moved them; the same few queries for any number."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from tracker.db.reading.clocks import LASTING_PAUSE, RUNNING_ROWS
from tracker.db.reading.deadlines import calendars, ladder, time_limits
from tracker.db.reading.org import org_tree
from tracker.db.tables.clocks import Clock, Escalation, Pause
from tracker.db.tables.tickets import Ticket
from tracker.domain.dates import midnight
from tracker.domain.redating import OpenClock
from tracker.domain.rule_changes import Difference, Rules
from tracker.domain.tickets import Status

Climbed = dict[tuple[int, str], dict[datetime, frozenset[int]]]
"""Levels recorded, by ticket and kind of clock, then by due time."""


def read_rules(session: Session, on: date, tree_on: date | None = None) -> Rules:
    """Return the rules as they stand in this transaction, with the tree of the day or of ``tree_on``.

    Nothing is kept, for they may be undone.
    """
    tree = org_tree(session, tree_on or on)
    return Rules(time_limits(session), calendars(session, tree), ladder(session), on)


def count_open(session: Session, branch_ids: Collection[int], body_ids: Collection[int]) -> int:
    """Return how many tickets that haven't ended are of one of the branches or wait for one of the bodies; one query."""
    theirs = or_(Ticket.branch_id.in_(branch_ids), Ticket.body_id.in_(body_ids))
    found = select(func.count()).select_from(Ticket).where(theirs, Ticket.status != Status.ACCEPTED)
    return session.execute(found).scalar_one()


def touched(change: Difference) -> Select[int]:
    """Return the query of the clocks' ids that the change can touch.

    Reckoning runs forward in time, so a clock whose date and next level both lie before the first changed day
    is left alone. A changed ladder touches all running clocks of its kinds.
    """
    reach: list[ColumnElement[bool]] = []
    if change.since is not None:
        since = midnight(change.since)
        reach += [Clock.due_at >= since, Clock.next_at >= since]
    if change.clocks:
        reach.append(Clock.kind.in_(sorted(change.clocks)))
    return select(Clock.id).where(*RUNNING_ROWS, or_(*reach))


def open_clocks(session: Session, clock_ids: Select[int]) -> list[OpenClock]:
    """Return the clocks, soonest due first; one query."""
    found = (
        select(
            Clock.id,
            Clock.kind,
            Clock.started_at,
            Clock.due_at,
            Clock.next_at,
            Clock.is_fixed,
            Clock.ticket_id,
            Ticket.number,
            Ticket.status,
            Ticket.branch_id,
            Ticket.committee_id,
            Ticket.body_id,
            Ticket.category,
            Ticket.urgency,
            Ticket.is_restricted,
            Ticket.level,
            Clock.rule_code,
            Pause.promised_at,
        )
        .join(Ticket, Ticket.id == Clock.ticket_id)
        .outerjoin(Pause, LASTING_PAUSE)
        .where(Clock.id.in_(clock_ids))
        .order_by(Clock.due_at, Clock.id)
    )
    return [OpenClock._make(row) for row in session.execute(found)]


def climbed_by_due(session: Session, clock_ids: Select[int]) -> Climbed:
    """Return the levels that were recorded for the clocks' tickets, by due time; one query."""
    rows = session.execute(
        select(Escalation.ticket_id, Escalation.clock, Escalation.due_at, Escalation.level).where(
            Escalation.ticket_id.in_(select(Clock.ticket_id).where(Clock.id.in_(clock_ids)))
        )
    )
    found: Climbed = {}
    for ticket_id, kind, due_at, level in rows:
        levels = found.setdefault((ticket_id, kind), {})
        levels[due_at] = levels.get(due_at, frozenset()) | {level}
    return found
