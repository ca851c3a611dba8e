"""The sweep: every ticket whose next level is reached climbs it, exactly once, whatever is killed or run twice.

The rows it works on are locked, so that two sweeps don't do the same work; that each level is climbed once is not
the lock's doing but the constraint's on ticket, level and due time. Level, event, notices, audit and the next
instant are one transaction: a sweep killed anywhere leaves a ticket as it was or wholly climbed (glpi kept its
levels in a table of its own without one, and a crash lost or repeated them).
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, update

from tracker.db.reading.sweeping import DueTicket, climbed_levels, due_tickets
from tracker.db.tables.tickets import Escalation, Ticket, TicketEvent
from tracker.domain.dates import check_aware, local_date
from tracker.domain.errors import Invalid, TrackerError
from tracker.domain.escalation import Climb, Rung, climbs_due, rungs_for
from tracker.domain.people import SYSTEM
from tracker.domain.readiness import SWEEP
from tracker.domain.recipients import Holders, Recipients, recipients
from tracker.domain.tickets import STATUS_WORDS, WITH_BODY
from tracker.services.heartbeats import beat
from tracker.services.notices import Telling, tell
from tracker.services.reference import Reference, reference_on
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


class _Plan(NamedTuple):
    """What is to be written of one ticket: levels in order, each with whom it reaches."""

    ticket: DueTicket
    climbs: tuple[tuple[Climb, Recipients], ...]
    next_climb_at: datetime | None


def sweep(wiring: Wiring, now: datetime, limit: int = BATCH, dry_run: bool = False) -> SweepReport:
    """Climb every level reached at ``now``; return what was done. Commits, ``limit`` tickets a transaction.

    A ticket that can't be swept is told in ``skipped`` and the rest goes on. A dry run looks the same way and
    writes nothing at all (django-helpdesk's ``--notify-only`` lowered priorities all the same).
    """
    report = SweepReport(check_aware(now))
    if dry_run:
        _look(wiring, report, limit)
        return report
    page: list[DueTicket] | None = None
    while page is None or len(page) == limit:
        with unit_of_work(wiring, actor=SYSTEM, now=now) as unit:
            page = due_tickets(unit.session, now, limit, after=page[-1] if page else None)
            batch = _Batch(unit.session, page, now)
            _write_all(batch, unit)
        batch.add_to(report)
    with unit_of_work(wiring, actor=SYSTEM, now=now) as unit:
        beat(SWEEP, unit=unit)
    return report


def _look(wiring: Wiring, report: SweepReport, limit: int) -> None:
    session = wiring.session()
    session.rollback()
    page: list[DueTicket] | None = None
    while page is None or len(page) == limit:
        page = due_tickets(session, report.now, limit, after=page[-1] if page else None, lock=False)
        _Batch(session, page, report.now).add_to(report)
    session.rollback()


class _Batch:
    """The tickets of one transaction: what the rules say of each, and which of them can't be done."""

    def __init__(self, session: Any, page: Sequence[DueTicket], now: datetime) -> None:
        self.size = len(page)
        self.skipped: list[Skipped] = []
        self.plans: list[_Plan] = []
        if not page:
            return
        judge = _Judge(reference_on(session, local_date(now)), now)
        climbed = climbed_levels(session, [ticket.id for ticket in page])
        for ticket in page:
            try:
                self.plans.append(judge.plan(ticket, climbed.get(ticket.id, frozenset())))
            except Exception as error:  # one poisoned ticket must not stop the others
                self.skip(ticket, error)

    def skip(self, ticket: DueTicket, error: Exception) -> None:
        """Leave the ticket as it is; the next sweep tries again."""
        log.warning("the sweep leaves ticket %s: %s", ticket.id, type(error).__name__)
        told = error.sentence if isinstance(error, TrackerError) else _UNFORESEEN
        self.skipped.append(Skipped(ticket.number, f"{told} ({type(error).__name__})"))

    def add_to(self, report: SweepReport) -> None:
        """Add what was done to the report."""
        report.due += self.size
        for plan in self.plans:
            number = plan.ticket.number
            report.escalated += [Escalated(number, c.level, to.role, _why(c, to)) for c, to in plan.climbs]
            if not plan.climbs:
                report.skipped.append(Skipped(number, _quiet(plan.ticket)))
        report.skipped += self.skipped


_UNFORESEEN = "Không xử lý được, sẽ thử lại ở lần rà sau"


class _Judge:
    """The rules of one day, asked ticket by ticket; what many tickets share is worked out once."""

    def __init__(self, reference: Reference, now: datetime) -> None:
        self._reference = reference
        self._now = now
        self._holders = Holders.of(reference.holdings)
        self._rungs: dict[str, tuple[Rung, ...]] = {}
        self._reached: dict[tuple[Any, ...], Recipients] = {}

    def plan(self, ticket: DueTicket, climbed: frozenset[int]) -> _Plan:
        """Return what the ladder says of the ticket; one that awaits no answer climbs nothing (zammad#904)."""
        if ticket.status not in WITH_BODY:
            return _Plan(ticket, (), None)
        if ticket.due_at is None:
            raise Invalid(f"{ticket.number} chưa có hạn trả lời")
        climbs, following = climbs_due(
            self._rungs_for(ticket.urgency),
            ticket.started_at,
            ticket.due_at,
            climbed,
            self._now,
            self._reference.calendar,
        )
        return _Plan(ticket, tuple((climb, self._whom(climb.rung, ticket)) for climb in climbs), following)

    def _rungs_for(self, urgency: str) -> tuple[Rung, ...]:
        if urgency not in self._rungs:
            self._rungs[urgency] = rungs_for(self._reference.ladder, urgency, self._reference.on)
        return self._rungs[urgency]

    def _whom(self, rung: Rung, ticket: DueTicket) -> Recipients:
        key = (rung.recipient, ticket.branch_id, ticket.body_id, ticket.is_restricted)
        if key not in self._reached:
            self._reached[key] = recipients(
                self._reference.tree,
                self._holders,
                rung.recipient,
                branch_id=ticket.branch_id,
                body_id=ticket.body_id,
                is_restricted=ticket.is_restricted,
            )
        return self._reached[key]


def _write_all(batch: _Batch, unit: Unit) -> None:
    """Write the whole batch at once; when the database refuses it, ticket by ticket, so that one spoils no other."""
    try:
        with unit.session.begin_nested():
            _write(batch.plans, unit)
    except Exception:  # told below, by the ticket that causes it
        written = [plan for plan in batch.plans if _write_one(plan, batch, unit)]
        batch.plans = written
    _record(batch.plans, unit)


def _write_one(plan: _Plan, batch: _Batch, unit: Unit) -> bool:
    try:
        with unit.session.begin_nested():
            _write([plan], unit)
    except Exception as error:
        batch.skip(plan.ticket, error)
        return False
    return True


def _write(plans: Sequence[_Plan], unit: Unit) -> None:
    """Write levels, events, notices and the tickets' new state; a constant number of statements."""
    connection = unit.session.connection()
    rungs = [row for plan in plans for row in _escalation_rows(plan, unit.now)]
    if rungs:
        connection.execute(insert(Escalation), rungs)
        events = [row for plan in plans for row in _event_rows(plan, unit.now)]
        connection.execute(insert(TicketEvent), events)
        tell(unit, [telling for plan in plans for telling in _tellings(plan)])
    if plans:
        connection.execute(_MOVE, [_moved(plan) for plan in plans])


_MOVE = (
    update(Ticket)
    .where(Ticket.id == bindparam("ticket"))
    .values(level=bindparam("reached"), next_climb_at=bindparam("following"))
)
"""Moves no version: what a person has on the screen is not out of date because a clock ran (zammad#5841)."""


def _moved(plan: _Plan) -> dict[str, Any]:
    reached = max([plan.ticket.level, *(climb.level for climb, _ in plan.climbs)])
    return {"ticket": plan.ticket.id, "reached": reached, "following": plan.next_climb_at}


def _escalation_rows(plan: _Plan, now: datetime) -> Iterable[dict[str, Any]]:
    for climb, to in plan.climbs:
        yield {
            "ticket_id": plan.ticket.id,
            "level": climb.level,
            "rung_code": climb.rung.code,
            "due_at": plan.ticket.due_at,
            "reached_at": climb.at,
            "climbed_at": now,
            "because": _why(climb, to)[:500],
        }


def _event_rows(plan: _Plan, now: datetime) -> Iterable[dict[str, Any]]:
    for climb, to in plan.climbs:
        details = _facts(plan, climb, to) | {"because": _why(climb, to)}
        yield {
            "ticket_id": plan.ticket.id,
            "at": now,
            "actor_id": None,
            "act": "escalated",
            "details": details,
        }


def _tellings(plan: _Plan) -> Iterable[Telling]:
    """Yield one notice a person, of the highest level that reaches them: one event, one letter (escalade#213)."""
    highest = {account_id: climb for climb, to in plan.climbs for account_id in to.account_ids}
    due_at = plan.ticket.due_at
    for account_id, climb in highest.items():
        key = f"escalated:{plan.ticket.id}:{climb.level}:{due_at.isoformat() if due_at else ''}"
        sentence = f"{plan.ticket.number}: {climb.because[:1].lower()}{climb.because[1:]}"
        yield Telling(account_id, key, sentence[:300], plan.ticket.id)


def _record(plans: Sequence[_Plan], unit: Unit) -> None:
    """Put each level into the audit chain."""
    for plan in plans:
        for climb, to in plan.climbs:
            told = list(to.account_ids)
            unit.record("ticket", plan.ticket.id, "escalated", **_facts(plan, climb, to), told=told)


def _facts(plan: _Plan, climb: Climb, to: Recipients) -> dict[str, Any]:
    return {
        "level": climb.level,
        "rung": climb.rung.code,
        "due_at": plan.ticket.due_at.isoformat() if plan.ticket.due_at else None,
        "role": to.role,
    }


def _why(climb: Climb, to: Recipients) -> str:
    return f"{climb.because} {to.because}"


def _quiet(ticket: DueTicket) -> str:
    if ticket.status not in WITH_BODY:
        return f"Không đôn đốc: kiến nghị ở trạng thái “{STATUS_WORDS[ticket.status]}”."
    return "Chưa tới bậc đôn đốc nào theo thang hiện hành."
