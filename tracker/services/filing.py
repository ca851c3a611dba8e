"""A concern becomes a ticket: which body, which date, which number, each with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from tracker.db.inserting import insert_rows
from tracker.db.tables.meetings import Meeting
from tracker.db.tables.tickets import Clock, Raiser, Response, Ticket, TicketEvent
from tracker.domain.deadlines import Deadline, deadline
from tracker.domain.escalation import next_due_at, rungs_for
from tracker.domain.org import BodyNode
from tracker.domain.recipients import recipients
from tracker.domain.routing import Suggestion, suggest
from tracker.domain.sheets import FileConcern
from tracker.domain.tickets import Status, first_status
from tracker.domain.time_limits import TimeLimit, choose_limit
from tracker.services.notices import Telling, tell
from tracker.services.numbering import drawn_numbers, open_numbers
from tracker.services.reference import Reference
from tracker.services.rights import acting
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
    if body is None and found.body is not None:
        return (*found.because, "nơi này chưa có đơn vị ấy, chuyển văn phòng phân loại")
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
    tickets: Sequence[Ticket], commands: Sequence[FileConcern], unit: Unit, reference: Reference
) -> None:
    """Add what belongs to new tickets, a statement a table: events, clocks, sealed names, spot answers, notices."""
    pairs = list(zip(tickets, commands, strict=True))
    waiting = [ticket for ticket in tickets if not ticket.resolved_on_spot]
    insert_rows(unit.session, TicketEvent, [_filed(ticket, unit) for ticket in tickets])
    insert_rows(
        unit.session, Clock, [row for ticket in waiting for row in clock_rows(ticket, 1, unit, reference)]
    )
    insert_rows(
        unit.session,
        Raiser,
        [
            {"ticket_id": ticket.id, "sealed_name": unit.seal.close(command.raiser_name)}
            for ticket, command in pairs
            if command.raiser_name
        ],
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


def clock_rows(ticket: Ticket, round_number: int, unit: Unit, reference: Reference) -> list[dict[str, Any]]:
    """Return the clocks of a round as rows: the answer's, and acknowledgement's where a body has the ticket."""
    limits, calendar = reference.limits, reference.calendar
    answer = choose_limit(limits, "answer", ticket.category, ticket.urgency, reference.on)
    rows = [_clock(ticket, "answer", round_number, answer, ticket.due_at, unit)]
    if ticket.body_id is not None:
        limit = choose_limit(limits, "acknowledge", ticket.category, ticket.urgency, reference.on)
        rows.append(
            _clock(
                ticket, "acknowledge", round_number, limit, deadline(limit, unit.now, calendar).due_at, unit
            )
        )
    return rows


def _clock(
    ticket: Ticket, kind: str, round_number: int, limit: TimeLimit, due_at: datetime | None, unit: Unit
) -> dict[str, Any]:
    return {
        "ticket_id": ticket.id,
        "kind": kind,
        "round": round_number,
        "rule_code": limit.code,
        "started_at": unit.now,
        "due_at": due_at,
    }


def restart_acknowledgement(ticket: Ticket, unit: Unit, reference: Reference) -> None:
    """Begin the round's acknowledgement clock anew for the body that now has the ticket; no other moves."""
    round_number = ticket.reopened_count + 1
    rows = [row for row in clock_rows(ticket, round_number, unit, reference) if row["kind"] == "acknowledge"]
    unit.session.execute(
        delete(Clock).where(
            Clock.ticket_id == ticket.id, Clock.kind == "acknowledge", Clock.round == round_number
        )
    )
    insert_rows(unit.session, Clock, rows)


def tellings(ticket: Ticket, event: str, words: str, reference: Reference) -> list[Telling]:
    """Return what to tell the officials of the ticket (the office, for triage): number and event, never the words."""
    found = recipients(
        reference.tree,
        reference.holders,
        "official",
        branch_id=ticket.branch_id,
        body_id=ticket.body_id,
        is_restricted=ticket.is_restricted,
    )
    key = f"{event}:{ticket.id}:{ticket.version}"
    return [
        Telling(account_id, key, f"{ticket.number}: {words}", ticket.id) for account_id in found.account_ids
    ]
