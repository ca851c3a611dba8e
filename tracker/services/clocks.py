"""A ticket's clocks: started, met, stopped, moved. The one place that writes them and the ticket's due time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, select, update

from tracker.db.inserting import insert_rows
from tracker.db.reading.clocks import RUNNING_ROWS, extensions_of, pauses_of
from tracker.db.tables.clocks import Clock, Escalation
from tracker.db.tables.tickets import Ticket
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.climbs import ladder_from, next_due_at
from tracker.domain.dates import local_date
from tracker.domain.deadlines import Deadline, Pause, deadline
from tracker.domain.extensions import Extension
from tracker.domain.time_limits import Clock as Kind
from tracker.domain.time_limits import TimeLimit, choose_limit, limit_by_code
from tracker.services.reference import Reference, held
from tracker.services.unit import Unit


def calendar_of(kind: str, ticket: Ticket, reference: Reference) -> WorkingCalendar:
    """Return the calendar by which a clock of the ticket runs."""
    return reference.calendars.of_clock(kind, ticket.branch_id, ticket.body_id)


def reckon(kind: str, ticket: Ticket, start: datetime, reference: Reference) -> Deadline:
    """Return when a clock that starts at ``start`` is due, by the dated rule for category and urgency.

    Raises Invalid when no rule is in force.
    """
    limit = choose_limit(reference.limits, kind, ticket.category, ticket.urgency, reference.on)
    return deadline(limit, start, calendar_of(kind, ticket, reference))


def next_instant(
    kind: str,
    ticket: Ticket,
    start: datetime,
    due_at: datetime,
    reference: Reference,
    *,
    climbed: frozenset[int] = frozenset(),
    pauses: Sequence[Pause] = (),
) -> datetime | None:
    """Return when the sweep has something to do for the clock; None when nothing is left for this due time.

    Rungs that begin or end on a later day are reckoned in: when that day comes, nothing has to be looked up again.
    """
    steps = ladder_from(reference.ladder, ticket.urgency, reference.on, clock=kind, category=ticket.category)
    reached = ticket.level if kind == Kind.ANSWER else 0
    calendar = calendar_of(kind, ticket, reference)
    return next_due_at(steps, start, due_at, climbed, calendar, reached=reached, pauses=pauses)


def clock_rows(
    ticket: Ticket,
    kinds: Sequence[str],
    reference: Reference,
    at: datetime,
    climbed: frozenset[int] = frozenset(),
) -> list[dict[str, Any]]:
    """Return rows of clocks that begin at ``at``; an answer's due time becomes the ticket's.

    ``climbed`` are levels of the answer's ladder that count as climbed for the new due time.
    """
    rows = []
    for kind in kinds:
        found = reckon(kind, ticket, at, reference)
        known = climbed if kind == Kind.ANSWER else frozenset()
        rows.append(
            _row(ticket, kind, found.rule, at, found.due_at)
            | {"next_at": next_instant(kind, ticket, at, found.due_at, reference, climbed=known)}
        )
        if kind == Kind.ANSWER:
            ticket.due_at = found.due_at
    return rows


def _row(ticket: Ticket, kind: str, limit: TimeLimit, at: datetime, due_at: datetime) -> dict[str, Any]:
    return {
        "ticket_id": ticket.id,
        "kind": str(kind),
        "round": ticket.reopened_count + 1,
        "rule_code": limit.code,
        "started_at": at,
        "due_at": due_at,
    }


def start(
    ticket: Ticket,
    *kinds: str,
    unit: Unit,
    reference: Reference,
    climbed: frozenset[int] = frozenset(),
) -> None:
    """Start clocks of these kinds now, by the rules as they are now; none of them may be running. Flushes."""
    reference = held(reference, unit.session)
    insert_rows(unit.session, Clock, clock_rows(ticket, kinds, reference, unit.now, climbed))


def meet(ticket: Ticket, *kinds: str, unit: Unit) -> int:
    """Note that what these clocks waited for was done; return how many ran. A met clock keeps its time."""
    return _end(ticket, kinds, unit, "met_at")


def stop(ticket: Ticket, *kinds: str, unit: Unit) -> int:
    """Stop these clocks since nothing is left for them to wait for; return how many ran."""
    return _end(ticket, kinds, unit, "stopped_at")


def _end(ticket: Ticket, kinds: Sequence[str], unit: Unit, column: str) -> int:
    done: CursorResult[Any] = unit.session.connection().execute(
        update(Clock)
        .where(Clock.ticket_id == ticket.id, *RUNNING_ROWS, Clock.kind.in_([str(kind) for kind in kinds]))
        .values({column: unit.now, "next_at": None})
    )
    return int(done.rowcount)


def reckon_again(
    clock: Clock, ticket: Ticket, unit: Unit, reference: Reference, *, wake_at: datetime | None = None
) -> None:
    """Give a running clock the due time that its own rule, its pauses and extensions lead to now. Flushes.

    An answer's is the ticket's too. ``wake_at`` is the end of a pause that lasts: nothing is due before. A date set
    by hand stays (glpi#17186): then only the instant of the next look changes. Raises Invalid when the rule isn't
    known any more.
    """
    reference = held(reference, unit.session)
    pauses = pauses_of(unit.session, [clock.id]).get(clock.id, ())
    extensions = extensions_of(unit.session, [clock.id]).get(clock.id, ())
    calendar = calendar_of(clock.kind, ticket, reference)
    due_at = due_time(clock, reference, calendar, pauses, extensions)
    if not clock.is_fixed:
        clock.due_at = due_at
    if clock.kind == Kind.ANSWER:
        ticket.due_at = clock.due_at
    climbed = _climbed(clock, unit)
    clock.next_at = wake_at or next_instant(
        clock.kind, ticket, clock.started_at, clock.due_at, reference, climbed=climbed, pauses=pauses
    )
    unit.session.flush()


def due_time(
    clock: Clock,
    reference: Reference,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause],
    extensions: Sequence[Extension],
) -> datetime:
    """Return when a clock is due by its own rule of the day it started; raise Invalid when that isn't known any more."""
    limit = limit_by_code(reference.limits, clock.rule_code, local_date(clock.started_at))
    return deadline(limit, clock.started_at, calendar, pauses, extensions).due_at


def _climbed(clock: Clock, unit: Unit) -> frozenset[int]:
    """Return the levels recorded for the clock's present due time."""
    found = select(Escalation.level).where(
        Escalation.ticket_id == clock.ticket_id,
        Escalation.clock == clock.kind,
        Escalation.due_at == clock.due_at,
    )
    return frozenset(unit.session.scalars(found))


def running(ticket_id: int, kind: str, unit: Unit) -> Clock | None:
    """Return the ticket's running clock of the kind, or None."""
    return unit.session.execute(
        select(Clock)
        .where(Clock.ticket_id == ticket_id, Clock.kind == kind, *RUNNING_ROWS)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
