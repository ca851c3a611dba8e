"""A concern becomes a ticket: which body, which date, which number, each with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from tracker.db.tables.meetings import Meeting
from tracker.db.tables.tickets import Clock, NumberSeries, Raiser, Response, Ticket, TicketEvent
from tracker.domain.deadlines import Deadline, deadline
from tracker.domain.escalation import next_due_at, rungs_for
from tracker.domain.org import BodyNode
from tracker.domain.recipients import recipients
from tracker.domain.routing import Suggestion, suggest
from tracker.domain.sheets import FileConcern
from tracker.domain.tickets import Status, first_status
from tracker.domain.time_limits import choose_limit
from tracker.services.notices import notify
from tracker.services.reference import Reference
from tracker.services.unit import Unit


@dataclass(frozen=True)
class Placement:
    """Where a concern goes and why; ``body`` None means triage."""

    category: str | None
    body: BodyNode | None
    urgency: str
    is_restricted: bool
    rule_code: str | None
    because: tuple[str, ...]


def place(command: FileConcern, branch_id: int, reference: Reference) -> Placement:
    """Return where the concern goes: the person's own choice, else what the rules decide, else triage.

    A restricted concern always goes where the rules say: a chosen body might be the one complained about.
    """
    tree = reference.tree
    found = suggest(
        command.text, reference.book, tree.codes(branch_id), reference.on, category=command.category
    )
    is_restricted = found.restricted or command.wants_restricted
    chosen = tree.body(command.body_code, branch_id) if command.body_code and not is_restricted else None
    body = chosen or (tree.body(found.body, branch_id) if found.body else None)
    own_choice = chosen is not None and chosen.code != found.body
    return Placement(
        category=command.category or found.category,
        body=body,
        urgency=command.urgency or found.urgency,
        is_restricted=is_restricted,
        rule_code=None if own_choice else found.rule,
        because=_reasons(found, chosen if own_choice else None, body),
    )


def _reasons(found: Suggestion, chosen: BodyNode | None, body: BodyNode | None) -> tuple[str, ...]:
    if chosen:
        return (f"chi bộ chọn {chosen.name}", *found.because)
    if body is None:
        return (*found.because, "chưa có quy tắc nào quyết định được, chuyển văn phòng phân loại")
    return found.because


def answer_deadline(category: str | None, urgency: str, start: datetime, reference: Reference) -> Deadline:
    """Return when the answer is due, by the dated rule for the category and urgency."""
    limit = choose_limit(reference.limits, "answer", category, urgency, reference.on)
    return deadline(limit, start, reference.calendar)


def first_climb(
    urgency: str, start: datetime, due_at: datetime, climbed: frozenset[int], reference: Reference
) -> datetime | None:
    """Return when the ladder is next climbed for this due date; None when nothing is left."""
    rungs = rungs_for(reference.ladder, urgency, reference.on)
    return next_due_at(rungs, start, due_at, climbed, reference.calendar)


def file_concerns(
    commands: Sequence[FileConcern],
    *,
    meeting: Meeting,
    first_position: int,
    unit: Unit,
    reference: Reference,
) -> list[Ticket]:
    """Record the concerns as tickets with number, body, reason and deadline; flushes, never commits.

    The number of statements does not grow with the number of concerns.
    """
    if not commands:
        return []
    symbol = reference.tree.unit(meeting.committee_id).symbol
    first = take_numbers(meeting.committee_id, unit.now.year, len(commands), unit)
    placed = [(command, place(command, meeting.branch_id, reference)) for command in commands]
    tickets = [
        _ticket(
            command,
            placement,
            meeting,
            f"{symbol}-{meeting.held_on.year}-{first + index:04d}",
            first_position + index,
            unit,
            reference,
        )
        for index, (command, placement) in enumerate(placed)
    ]
    unit.session.add_all(tickets)
    unit.session.flush()
    for ticket, (command, placement) in zip(tickets, placed, strict=True):
        _attach(ticket, command, placement, unit, reference)
    unit.session.flush()
    return tickets


def take_numbers(committee_id: int, year: int, count: int, unit: Unit) -> int:
    """Return the first of ``count`` consecutive numbers of the committee's year; none is ever given twice."""
    statement = (
        update(NumberSeries)
        .where(NumberSeries.committee_id == committee_id, NumberSeries.year == year)
        .values(last=NumberSeries.last + count)
        .returning(NumberSeries.last)
    )
    last = unit.session.execute(statement).scalar_one_or_none()
    if last is None:
        try:
            with unit.session.begin_nested():
                unit.session.add(NumberSeries(committee_id=committee_id, year=year, last=0))
        except IntegrityError:
            pass  # another process began the year a moment ago: take from its series
        last = unit.session.execute(statement).scalar_one()
    return last - count + 1


def _ticket(
    command: FileConcern,
    placement: Placement,
    meeting: Meeting,
    number: str,
    position: int,
    unit: Unit,
    reference: Reference,
) -> Ticket:
    status = first_status(has_body=placement.body is not None, resolved_on_spot=command.resolved_on_spot)
    settled = status is Status.ANSWERED
    due_at = (
        None
        if settled
        else answer_deadline(placement.category, placement.urgency, unit.now, reference).due_at
    )
    return Ticket(
        number=number,
        meeting_id=meeting.id,
        position=position,
        branch_id=meeting.branch_id,
        committee_id=meeting.committee_id,
        kind=command.kind,
        raiser_kind=command.raiser_kind,
        category=placement.category,
        urgency=placement.urgency,
        is_restricted=placement.is_restricted,
        place=command.place,
        text=command.text,
        because=list(placement.because),
        rule_code=placement.rule_code,
        body_id=placement.body.id if placement.body else None,
        status=status,
        resolved_on_spot=command.resolved_on_spot,
        raised_on=meeting.held_on,
        filed_at=unit.now,
        due_at=due_at,
        next_climb_at=first_climb(placement.urgency, unit.now, due_at, frozenset(), reference)
        if due_at
        else None,
        first_answered_at=unit.now if settled else None,
        answered_at=unit.now if settled else None,
    )


def _attach(
    ticket: Ticket, command: FileConcern, placement: Placement, unit: Unit, reference: Reference
) -> None:
    """Add what belongs to a new ticket: event, clocks, sealed name, the answer given on the spot, notices."""
    details = {
        "body": ticket.body_id,
        "status": ticket.status,
        "due_at": ticket.due_at and ticket.due_at.isoformat(),
    }
    unit.session.add(
        TicketEvent(
            ticket_id=ticket.id, at=unit.now, actor_id=unit.actor.account_id, act="filed", details=details
        )
    )
    if command.raiser_name:
        unit.session.add(Raiser(ticket_id=ticket.id, sealed_name=unit.seal.close(command.raiser_name)))
    if ticket.resolved_on_spot:
        unit.session.add(_spot_answer(ticket, command, unit))
    else:
        start_clocks(ticket, 1, unit, reference)
        tell_body(ticket, "filed", "kiến nghị mới", unit, reference)
    unit.record(
        "ticket",
        ticket.id,
        "filed",
        number=ticket.number,
        body=ticket.body_id,
        rule=ticket.rule_code,
        status=ticket.status,
        due_at=details["due_at"],
        text=unit.mark(ticket.text),
    )


def _spot_answer(ticket: Ticket, command: FileConcern, unit: Unit) -> Response:
    return Response(
        ticket_id=ticket.id,
        round=1,
        text=command.settled_how,
        settled_by=command.settled_by,
        answered_by=unit.actor.account_id,
        answered_at=unit.now,
    )


def start_clocks(ticket: Ticket, round_number: int, unit: Unit, reference: Reference) -> None:
    """Start the clocks of a round: the answer's, and acknowledgement's where a body has it."""
    answer = choose_limit(reference.limits, "answer", ticket.category, ticket.urgency, reference.on)
    unit.session.add(
        Clock(
            ticket_id=ticket.id,
            kind="answer",
            round=round_number,
            rule_code=answer.code,
            started_at=unit.now,
            due_at=ticket.due_at,
        )
    )
    if ticket.body_id is None:
        return
    start_acknowledge_clock(ticket, round_number, unit, reference)


def start_acknowledge_clock(ticket: Ticket, round_number: int, unit: Unit, reference: Reference) -> None:
    """Start the clock within which the body says that it has the ticket; an older one of the round begins anew."""
    limit = choose_limit(reference.limits, "acknowledge", ticket.category, ticket.urgency, reference.on)
    due_at = deadline(limit, unit.now, reference.calendar).due_at
    clock = (
        unit.session.execute(
            select(Clock).where(
                Clock.ticket_id == ticket.id, Clock.kind == "acknowledge", Clock.round == round_number
            )
        ).scalar_one_or_none()
        if ticket.version > 1
        else None
    )
    if clock is None:
        clock = Clock(ticket_id=ticket.id, kind="acknowledge", round=round_number)
        unit.session.add(clock)
    clock.rule_code, clock.started_at, clock.due_at, clock.met_at = limit.code, unit.now, due_at, None


def tell_body(ticket: Ticket, event: str, words: str, unit: Unit, reference: Reference) -> None:
    """Tell the officials (or the office, for triage) of the ticket; number and what happened, never the words."""
    found = recipients(
        reference.tree,
        reference.holdings,
        "official",
        branch_id=ticket.branch_id,
        body_id=ticket.body_id,
        is_restricted=ticket.is_restricted,
    )
    notify(
        unit,
        found.account_ids,
        event_key=f"{event}:{ticket.id}:{ticket.version}",
        sentence=f"{ticket.number}: {words}",
        ticket_id=ticket.id,
    )
