"""The sweep: every ticket whose next level is reached climbs it, exactly once, whatever is killed or run twice.

The rows it works on are locked, so that two sweeps don't do the same work; that each level is climbed once is not
the lock's doing but the constraint's on ticket, clock, level and due time. Level, event, notices, audit and the next
instant are one transaction: a sweep killed anywhere leaves a ticket as it was or wholly climbed (glpi kept its
levels in a table of its own without one, and a crash lost or repeated them). A clock that fails is set aside with
its error and tried again after growing waits; the others go on.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from tracker.db.inserting import insert_rows, update_rows
from tracker.db.reading.clocks import pauses_of
from tracker.db.reading.sweeping import DueClock, climbed_levels, due_clocks
from tracker.db.tables.clocks import Clock, Escalation, Pause, SetAside
from tracker.db.tables.tickets import Ticket, TicketEvent
from tracker.domain.calendar import WorkingCalendar, instant
from tracker.domain.dates import check_aware
from tracker.domain.errors import TrackerError
from tracker.domain.people import SYSTEM
from tracker.domain.readiness import SWEEP
from tracker.domain.retrying import retry_after
from tracker.services.climbing import (
    Judge,
    Plan,
    escalation_rows,
    event_rows,
    facts,
    quiet,
    reached_level,
    tellings,
)
from tracker.services.heartbeats import beat
from tracker.services.notices import tell
from tracker.services.reference import hold_rules, present_stamp
from tracker.services.unit import Unit, Wiring, unit_of_work

log = logging.getLogger(__name__)

BATCH = 500
"""Clocks a transaction: large enough to be fast, small enough that nobody waits long for the write lock."""


class Escalated(NamedTuple):
    """One level that a ticket climbed: ``to`` is the role that was reached, ``clock`` whose lateness it is."""

    ticket: str
    level: int
    to: str
    because: str
    clock: str


class Skipped(NamedTuple):
    """A ticket for which something was due and that climbed nothing, and why."""

    ticket: str
    because: str


@dataclass
class SweepReport:
    """What a sweep found and did at ``now``; ``due`` counts clocks."""

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
    """Climb every level reached at ``now``; return what was done. Commits, ``limit`` clocks a transaction.

    A ticket that can't be swept is told in ``skipped`` and the rest goes on. A dry run looks the same way and
    writes nothing at all (django-helpdesk's ``--notify-only`` lowered priorities all the same). A ``supposed``
    now is not the clock's: such a sweep leaves no heartbeat, or the watch would take a dead sweep for alive. Raises
    Invalid for a time that no calendar reaches, before anything is touched: each clock would be set aside.
    """
    instant(check_aware(now))
    run, report = _Run(now, limit), SweepReport(now)
    if dry_run:
        with _reading(wiring) as session:
            while not run.is_over:
                run.next_batch(session, lock=False).add_to(report)
        return report
    while not run.is_over:
        with unit_of_work(wiring, actor=SYSTEM, now=now) as unit:
            batch = run.next_batch(unit.session)
            _write_all(batch, unit)
            if run.is_over and not supposed:
                beat(SWEEP, unit=unit)
        batch.add_to(report)
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
    """One sweep's way through what is due: batch after batch, no clock twice, the rules read again when they change."""

    def __init__(self, now: datetime, limit: int) -> None:
        self._now = now
        self._limit = limit
        self._last: DueClock | None = None
        self._judge: Judge | None = None
        self._stamp = 0
        self.is_over = False

    def next_batch(self, session: Session, *, lock: bool = True) -> "_Batch":
        """Return the next clocks with what is to be done; the last batch may be empty."""
        stamp = hold_rules(session) if lock else present_stamp(session)
        page = due_clocks(session, self._now, self._limit, after=self._last, lock=lock)
        self.is_over = len(page) < self._limit
        batch = _Batch(len(page))
        if page:
            self._last = page[-1]
            if self._judge is None or stamp != self._stamp:
                self._judge, self._stamp = Judge(session, self._now), stamp
            batch.judge(self._judge, page, session)
        return batch


class _Batch:
    """The clocks of one transaction: what the rules say of each, and which of them can't be done."""

    calendar: WorkingCalendar
    """The nation's, by which letters go out; known once the batch is judged."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.failed: list[tuple[DueClock, str]] = []
        self.plans: list[Plan] = []

    def judge(self, judge: Judge, page: Sequence[DueClock], session: Session) -> None:
        """Plan each clock; one that can't be planned must not stop the others."""
        self.calendar = judge.calendar
        climbed = climbed_levels(session, page)
        pauses = pauses_of(session, [clock.id for clock in page])
        for clock in page:
            known = climbed.get((clock.ticket_id, clock.kind), frozenset())
            try:
                self.plans.append(judge.plan(clock, known, pauses.get(clock.id, ())))
            except Exception as error:
                self.fail(clock, error)

    def fail(self, clock: DueClock, error: Exception) -> None:
        """Leave the clock as it is, and remember why."""
        log.warning("the sweep leaves clock %s: %s", clock.id, type(error).__name__)
        told = error.sentence if isinstance(error, TrackerError) else _UNFORESEEN
        self.failed.append((clock, f"{told} ({type(error).__name__})"))

    def add_to(self, report: SweepReport) -> None:
        """Add what was done to the report."""
        report.due += self._size
        for plan in self.plans:
            number, kind = plan.clock.number, plan.clock.kind
            report.escalated += [
                Escalated(number, rise.climb.level, rise.to.role, rise.because, kind) for rise in plan.rises
            ]
            if not plan.rises:
                report.skipped.append(Skipped(number, quiet(plan)))
        report.skipped += [Skipped(clock.number, error) for clock, error in self.failed]


_UNFORESEEN = "Không xử lý được, sẽ thử lại sau"


def _write_all(batch: _Batch, unit: Unit) -> None:
    """Write the whole batch at once; when the database refuses it, clock by clock, so that one spoils no other."""
    try:
        if batch.plans:
            with unit.session.begin_nested():
                _write(batch.plans, unit, batch.calendar)
    except Exception:  # told below, by the clock that causes it
        batch.plans = [plan for plan in batch.plans if _write_one(plan, batch, unit)]
    _set_aside(batch.failed, unit)
    _record(batch.plans, unit)


def _write_one(plan: Plan, batch: _Batch, unit: Unit) -> bool:
    try:
        with unit.session.begin_nested():
            _write([plan], unit, batch.calendar)
    except Exception as error:
        batch.fail(plan.clock, error)
        return False
    return True


def _write(plans: Sequence[Plan], unit: Unit, calendar: WorkingCalendar) -> None:
    """Write levels, events, notices and the new state; a constant number of statements."""
    session = unit.session
    insert_rows(session, Escalation, [row for plan in plans for row in escalation_rows(plan, unit.now)])
    insert_rows(session, TicketEvent, [row for plan in plans for row in event_rows(plan, unit.now)])
    tell(unit, [telling for plan in plans for telling in tellings(plan)], calendar)
    # Moves no version: what a person has on the screen is not out of date because a clock ran (zammad#5841).
    levels = [(plan.clock.ticket_id, reached_level(plan)) for plan in plans]
    update_rows(session, Ticket, [{"id": one, "level": to} for one, to in levels if to is not None])
    # A pause that ends by itself ends on the day promised, however late the sweep: it credits no more than that.
    ended = [plan.clock for plan in plans if plan.ends_pause]
    update_rows(session, Pause, [{"id": one.pause_id, "ended_at": one.promised_at} for one in ended])
    update_rows(session, Clock, [{"id": plan.clock.id, "next_at": plan.next_at} for plan in plans])
    mended = [plan.clock.id for plan in plans if plan.clock.failures is not None]
    if mended:
        session.execute(delete(SetAside).where(SetAside.clock_id.in_(mended)))


def _set_aside(failed: Sequence[tuple[DueClock, str]], unit: Unit) -> None:
    """Note what went wrong and try again later, later each time; what can't even be noted is tried next minute."""
    for clock, error in failed:
        failures = (clock.failures or 0) + 1
        retry_at = unit.now + retry_after(failures)
        values = {"failures": failures, "retry_at": retry_at, "error": error[:500]}
        try:
            with unit.session.begin_nested():
                known = update(SetAside).where(SetAside.clock_id == clock.id).values(**values)
                if not unit.session.connection().execute(known).rowcount:
                    unit.session.add(SetAside(clock_id=clock.id, since=unit.now, **values))
                update_rows(unit.session, Clock, [{"id": clock.id, "next_at": retry_at}])
                unit.session.flush()
        except Exception as second:
            log.warning("clock %s can't be set aside: %s", clock.id, type(second).__name__)


def _record(plans: Sequence[Plan], unit: Unit) -> None:
    """Put each level, and each pause that is over, into the audit chain."""
    for plan in plans:
        if plan.ends_pause:
            unit.record("ticket", plan.clock.ticket_id, "pause_over", pause=plan.clock.pause_id)
        for rise in plan.rises:
            told = list(rise.to.account_ids)
            unit.record("ticket", plan.clock.ticket_id, "escalated", **facts(plan, rise), told=told)
