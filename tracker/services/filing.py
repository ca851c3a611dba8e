"""A concern becomes a ticket: which body, which date, which number, each with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tracker.db.inserting import insert_rows
from tracker.db.tables.clocks import Clock
from tracker.db.tables.meetings import Meeting
from tracker.db.tables.tickets import Raiser, Response, Ticket, TicketEvent
from tracker.domain.escalation import first_level, rungs_for
from tracker.domain.org import BodyNode
from tracker.domain.routing import Suggestion
from tracker.domain.sheets import FileConcern
from tracker.domain.tickets import FIRST_CLOCKS, Status, first_status, raised_words
from tracker.services.clocks import clock_rows
from tracker.services.notices import tell
from tracker.services.numbering import drawn_numbers, open_numbers
from tracker.services.raising import Raised, raise_at_once
from tracker.services.reference import Reference, held
from tracker.services.rights import acting
from tracker.services.routing import suggest_for
from tracker.services.ticket_notices import tellings
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
    model_version: int | None = None


def place(command: FileConcern, branch_id: int, reference: Reference) -> Placement:
    """Return where the concern goes: the person's own choice, else what the rules decide, else triage.

    A restricted concern always goes where the rules say: a chosen body might be the one complained about.
    """
    tree = reference.tree
    found = suggest_for(
        reference.book,
        command.text,
        units=tree.codes(branch_id),
        on=reference.on,
        category=command.category,
        model=reference.model,
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
        model_version=None if own_choice else found.model,
    )


def _reasons(found: Suggestion, chosen: BodyNode | None, body: BodyNode | None) -> tuple[str, ...]:
    if chosen:
        return (f"chi bộ chọn {chosen.name}", *found.because)
    if body is None and found.body is not None:
        return (*found.because, "nơi này chưa có đơn vị ấy, chuyển văn phòng phân loại")
    return found.because


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
    placements = [place(command, meeting.branch_id, reference) for command in commands]
    numbers = _numbers(placements, meeting, unit, reference)
    tickets = [
        _ticket(command, placement, meeting, number, position, unit, reference)
        for position, (command, placement, number) in enumerate(
            zip(commands, placements, numbers, strict=True), start=first_position
        )
    ]
    unit.session.add_all(tickets)
    unit.session.flush()
    _start_clocks(tickets, unit, reference)
    _attach(tickets, commands, unit, reference)
    return tickets


def _numbers(
    placements: Sequence[Placement], meeting: Meeting, unit: Unit, reference: Reference
) -> list[str]:
    """Return a number for each, in order: restricted ones leave no gap in the series that everybody sees."""
    symbol, year = reference.tree.unit(meeting.committee_id).symbol, meeting.held_on.year
    hidden = sum(one.is_restricted for one in placements)
    drawn = iter(drawn_numbers(symbol, year, hidden, unit))
    shown = iter(open_numbers(meeting.committee_id, symbol, year, len(placements) - hidden, unit))
    return [next(drawn if one.is_restricted else shown) for one in placements]


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
        model_version=placement.model_version,
        body_id=placement.body.id if placement.body else None,
        status=status,
        resolved_on_spot=command.resolved_on_spot,
        raised_on=meeting.held_on,
        filed_at=unit.now,
        raised_count=command.raised_count,
        level=_first_level(command, placement, reference),
        reopened_count=0,
        first_answered_at=unit.now if settled else None,
        answered_at=unit.now if settled else None,
    )


def _first_level(command: FileConcern, placement: Placement, reference: Reference) -> int:
    """Return the level at which it begins: a concern raised again begins higher."""
    rungs = rungs_for(reference.ladder, placement.urgency, reference.on, category=placement.category)
    return 0 if command.resolved_on_spot else first_level(rungs, command.raised_count)


def _start_clocks(tickets: Sequence[Ticket], unit: Unit, reference: Reference) -> None:
    """Start what each new ticket waits for, a statement for all; tell of those raised again. Sets the due times."""
    reference = held(reference, unit.session)
    rows: list[dict[str, Any]] = []
    for ticket in tickets:
        kinds = FIRST_CLOCKS[Status(ticket.status)]
        rows += clock_rows(ticket, kinds, reference, unit.now, frozenset({ticket.level} - {0}))
    insert_rows(unit.session, Clock, rows)
    again = [
        Raised(
            ticket,
            ticket.level,
            f"Chi bộ {raised_words(ticket.raised_count)}.",
            f"raised_again:{ticket.id}",
        )
        for ticket in tickets
        if ticket.level
    ]
    raise_at_once(again, "kiến nghị đã nêu ở nhiều kỳ họp", unit, reference)


def _attach(
    tickets: Sequence[Ticket], commands: Sequence[FileConcern], unit: Unit, reference: Reference
) -> None:
    """Add what belongs to new tickets, a statement a table: events, clocks, sealed names, spot answers, notices."""
    pairs = list(zip(tickets, commands, strict=True))
    waiting = [ticket for ticket in tickets if not ticket.resolved_on_spot]
    insert_rows(unit.session, TicketEvent, [_filed(ticket, unit) for ticket in tickets])
    unit.session.add_all(
        Raiser(ticket_id=ticket.id, sealed_name=unit.seal.close(command.raiser_name))
        for ticket, command in pairs
        if command.raiser_name
    )
    insert_rows(
        unit.session, Response, [_spot_answer(t, command, unit) for t, command in pairs if t.resolved_on_spot]
    )
    tell(unit, [line for ticket in waiting for line in tellings(ticket, "filed", "kiến nghị mới", reference)])
    for ticket in tickets:
        unit.record(
            "ticket",
            ticket.id,
            "filed",
            number=ticket.number,
            body=ticket.body_id,
            rule=ticket.rule_code,
            status=ticket.status,
            due_at=ticket.due_at.isoformat() if ticket.due_at else None,
            text=unit.mark(ticket.text),
        )


def _filed(ticket: Ticket, unit: Unit) -> dict[str, Any]:
    due_at = ticket.due_at.isoformat() if ticket.due_at else None
    return {
        "ticket_id": ticket.id,
        "at": unit.now,
        "actor_id": unit.actor.account_id,
        "act": "filed",
        "details": {"body": ticket.body_id, "status": ticket.status, "due_at": due_at} | acting(unit),
    }


def _spot_answer(ticket: Ticket, command: FileConcern, unit: Unit) -> dict[str, Any]:
    return {
        "ticket_id": ticket.id,
        "round": 1,
        "text": command.settled_how,
        "settled_by": command.settled_by,
        "answered_by": unit.actor.account_id,
        "answered_at": unit.now,
        "verdict_reason": "",
    }
