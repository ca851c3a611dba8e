"""The sweep: every ticket whose next level is reached climbs it, exactly once, whatever is killed or run twice.

The rows it works on are locked, so that two sweeps don't do the same work; that each level is climbed once is not
the lock's doing but the constraint's on ticket, level and due time. Level, event, notices, audit and the next
instant are one transaction: a sweep killed anywhere leaves a ticket as it was or wholly climbed (glpi kept its
levels in a table of its own without one, and a crash lost or repeated them).
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from tracker.db.reading.sweeping import DueTicket, climbed_levels, due_tickets
from tracker.db.tables.tickets import Escalation, Ticket, TicketEvent
from tracker.domain.dates import check_aware
from tracker.domain.errors import TrackerError
from tracker.domain.people import SYSTEM
from tracker.domain.readiness import SWEEP
from tracker.services.climbing import (
    Judge,
    Plan,
    escalation_rows,
    event_rows,
    facts,
    moved,
    quiet,
    tellings,
    why,
)
from tracker.services.heartbeats import beat
from tracker.services.notices import tell
from tracker.services.unit import Unit, Wiring, unit_of_work

log = logging.getLogger(__name__)

BATCH = 500
"""Tickets a transaction: large enough to be fast, small enough that nobody waits long for the write lock."""


class Escalated(NamedTuple):
    """One level that a ticket climbed: ``to`` is the role that was reached."""

    ticket: str
    level: int
    to: str
    because: str


class Skipped(NamedTuple):
    """A ticket that was due and climbed nothing, and why."""

    ticket: str
    because: str


@dataclass
class SweepReport:
    """What a sweep found and did at ``now``; ``due`` counts tickets."""

    now: datetime
    due: int = 0
    escalated: list[Escalated] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the report in the shape that ``tracker escalate --json`` promises; it may only grow."""
        return {
            "now": self.now.isoformat(),
            "due": self.due,
            "escalated": [one._asdict() for one in self.escalated],
            "skipped": [one._asdict() for one in self.skipped],
        }


def sweep(
    wiring: Wiring, now: datetime, limit: int = BATCH, dry_run: bool = False, *, supposed: bool = False
) -> SweepReport:
    """Climb every level reached at ``now``; return what was done. Commits, ``limit`` tickets a transaction.

    A ticket that can't be swept is told in ``skipped`` and the rest goes on. A dry run looks the same way and
    writes nothing at all (django-helpdesk's ``--notify-only`` lowered priorities all the same). A ``supposed``
    now is not the clock's: such a sweep leaves no heartbeat, or the watch would take a dead sweep for alive.
    """
    run, report = _Run(check_aware(now), limit), SweepReport(now)
    if dry_run:
        with _reading(wiring) as session:
            while not run.is_over:
                run.next_batch(session, lock=False).add_to(report)
        return report
    while not run.is_over:
        with unit_of_work(wiring, actor=SYSTEM, now=now) as unit:
            batch = run.next_batch(unit.session)
            _write_all(batch, unit)
        batch.add_to(report)
    if not supposed:
        with unit_of_work(wiring, actor=SYSTEM, now=now) as unit:
            beat(SWEEP, unit=unit)
    return report


@contextmanager
def _reading(wiring: Wiring) -> Iterator[Session]:
    """Yield a session with nothing read before; what is done in it is undone."""
    session = wiring.session()
    session.rollback()
    try:
        yield session
    finally:
        session.rollback()


class _Run:
    """One sweep's way through what is due: batch after batch, no ticket twice, the rules read once."""

    def __init__(self, now: datetime, limit: int) -> None:
        self._now = now
        self._limit = limit
        self._last: DueTicket | None = None
        self._judge: Judge | None = None
        self.is_over = False

    def next_batch(self, session: Session, *, lock: bool = True) -> "_Batch":
        """Return the next tickets with what is to be done; the last batch may be empty."""
        page = due_tickets(session, self._now, self._limit, after=self._last, lock=lock)
        self.is_over = len(page) < self._limit
        batch = _Batch(len(page))
        if page:
            self._last = page[-1]
            self._judge = self._judge or Judge(session, self._now)
            batch.judge(self._judge, page, climbed_levels(session, [ticket.id for ticket in page]))
        return batch


class _Batch:
    """The tickets of one transaction: what the rules say of each, and which of them can't be done."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._skipped: list[Skipped] = []
        self.plans: list[Plan] = []

    def judge(self, judge: Judge, page: Sequence[DueTicket], climbed: Mapping[int, frozenset[int]]) -> None:
        """Plan each ticket; one that can't be planned must not stop the others."""
        for ticket in page:
            try:
                self.plans.append(judge.plan(ticket, climbed.get(ticket.id, frozenset())))
            except Exception as error:
                self.skip(ticket, error)

    def skip(self, ticket: DueTicket, error: Exception) -> None:
        """Leave the ticket as it is; the next sweep tries again."""
        log.warning("the sweep leaves ticket %s: %s", ticket.id, type(error).__name__)
        told = error.sentence if isinstance(error, TrackerError) else _UNFORESEEN
        self._skipped.append(Skipped(ticket.number, f"{told} ({type(error).__name__})"))

    def add_to(self, report: SweepReport) -> None:
        """Add what was done to the report."""
        report.due += self._size
        for plan in self.plans:
            number = plan.ticket.number
            report.escalated += [Escalated(number, c.level, to.role, why(c, to)) for c, to in plan.climbs]
            if not plan.climbs:
                report.skipped.append(Skipped(number, quiet(plan.ticket)))
        report.skipped += self._skipped


_UNFORESEEN = "Không xử lý được, sẽ thử lại ở lần rà sau"


def _write_all(batch: _Batch, unit: Unit) -> None:
    """Write the whole batch at once; when the database refuses it, ticket by ticket, so that one spoils no other."""
    try:
        with unit.session.begin_nested():
            _write(batch.plans, unit)
    except Exception:  # told below, by the ticket that causes it
        written = [plan for plan in batch.plans if _write_one(plan, batch, unit)]
        batch.plans = written
    _record(batch.plans, unit)


def _write_one(plan: Plan, batch: _Batch, unit: Unit) -> bool:
    try:
        with unit.session.begin_nested():
            _write([plan], unit)
    except Exception as error:
        batch.skip(plan.ticket, error)
        return False
    return True


def _write(plans: Sequence[Plan], unit: Unit) -> None:
    """Write levels, events, notices and the tickets' new state; a constant number of statements."""
    connection = unit.session.connection()
    rungs = [row for plan in plans for row in escalation_rows(plan, unit.now)]
    if rungs:
        connection.execute(insert(Escalation), rungs)
        events = [row for plan in plans for row in event_rows(plan, unit.now)]
        connection.execute(insert(TicketEvent), events)
        tell(unit, [telling for plan in plans for telling in tellings(plan)])
    if plans:
        connection.execute(_MOVE, [moved(plan) for plan in plans])


_MOVE = (
    update(Ticket)
    .where(Ticket.id == bindparam("ticket"))
    .values(level=bindparam("reached"), next_climb_at=bindparam("following"))
)
"""Moves no version: what a person has on the screen is not out of date because a clock ran (zammad#5841)."""


def _record(plans: Sequence[Plan], unit: Unit) -> None:
    """Put each level into the audit chain."""
    for plan in plans:
        for climb, to in plan.climbs:
            told = list(to.account_ids)
            unit.record("ticket", plan.ticket.id, "escalated", **facts(plan, climb, to), told=told)
