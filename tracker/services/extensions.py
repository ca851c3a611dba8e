"""More time for an answer: asked by the body with a reason, granted or refused by whom the rule names."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tracker.db.reading.clocks import extensions_of, pauses_of
from tracker.db.tables.clocks import Clock, Extension
from tracker.db.tables.tickets import Ticket
from tracker.domain.access import Action
from tracker.domain.errors import Conflict, Invalid, Refused
from tracker.domain.extension_rules import (
    REASON_MIN,
    AskExtension,
    check_request,
)
from tracker.domain.extensions import Extension as Granted
from tracker.domain.people import Role
from tracker.domain.time_limits import Clock as Kind
from tracker.domain.time_limits import LimitUnit
from tracker.services import clocks
from tracker.services.notices import Telling, tell
from tracker.services.pausing import lasting
from tracker.services.reference import Reference
from tracker.services.ticket_acts import decider_for, note, take
from tracker.services.ticket_notices import recipients_of, tellings, tellings_of_secretaries
from tracker.services.unit import Unit


class DecideExtension(NamedTuple):
    """Whether more time is granted, and why; a refusal says why."""

    is_granted: bool
    reason: str


def ask(ticket_id: int, version: int, asked: AskExtension, *, unit: Unit, reference: Reference) -> None:
    """Ask for more time; a clock runs for the decision, and the answer's runs on. Flushes.

    Raises Invalid with a sentence a field when the rule doesn't allow it, Conflict when one waits already.
    """
    ticket = take(ticket_id, version, "extension_asked", Action.EXTENSION_ASK, unit, reference)
    if ticket is None:
        return
    clock = clocks.running(ticket.id, Kind.ANSWER, unit)
    if clock is None or waiting(ticket.id, unit) is not None:
        raise Conflict(f"{ticket.number} đã có đề nghị gia hạn chờ xét.")
    rule = reference.extension_rule(ticket.category, ticket.urgency)
    wanted = check_request(asked, rule, used=_used(clock, unit), due_at=clock.due_at, now=unit.now)
    unit.session.add(
        Extension(
            ticket_id=ticket.id,
            clock_id=clock.id,
            asked_at=unit.now,
            asked_by=unit.actor.account_id,
            reason=asked.reason,
            amount=wanted.amount,
            unit=str(wanted.unit),
            old_due_at=clock.due_at,
        )
    )
    clocks.start(ticket, Kind.EXTENSION, unit=unit, reference=reference)
    note(ticket, "extension_asked", unit, reason=asked.reason, amount=wanted.words)
    _tell_decider(ticket, unit, reference)


def _used(clock: Clock, unit: Unit) -> int:
    """Return how many requests of this clock were decided."""
    decided = select(func.count()).where(
        Extension.clock_id == clock.id, Extension.state.in_(("granted", "refused"))
    )
    return unit.session.scalar(decided) or 0


def waiting(ticket_id: int, unit: Unit) -> Extension | None:
    """Return the ticket's request that waits for a decision, or None."""
    return unit.session.execute(
        select(Extension)
        .where(Extension.ticket_id == ticket_id, Extension.state == "asked")
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def decide(
    ticket_id: int, version: int, decision: DecideExtension, *, unit: Unit, reference: Reference
) -> None:
    """Grant or refuse the waiting request: granted, the due time moves and the old one is kept. Flushes.

    Raises Invalid for a refusal without a reason, Refused for one's own request, Conflict when none waits.
    """
    act = "extension_granted" if decision.is_granted else "extension_refused"
    ticket = take(ticket_id, version, act, Action.EXTENSION_DECIDE, unit, reference)
    if ticket is None:
        return
    extension, clock = waiting(ticket.id, unit), clocks.running(ticket.id, Kind.ANSWER, unit)
    if extension is None or clock is None:
        raise Conflict(f"{ticket.number} không còn đề nghị gia hạn nào chờ xét.")
    if extension.asked_by == unit.actor.account_id:
        raise Refused("Người đề nghị không tự quyết định gia hạn của chính mình.")
    if not decision.is_granted and len(decision.reason) < REASON_MIN:
        sentence = "Ghi rõ vì sao không gia hạn."
        raise Invalid(sentence, {"reason": sentence})
    _settle(extension, "granted" if decision.is_granted else "refused", decision.reason, unit)
    clocks.meet(ticket, Kind.EXTENSION, unit=unit)
    old_due_at = clock.due_at
    if decision.is_granted:
        _grant(extension, clock, ticket, unit, reference)
    dates: dict[str, Any] = {
        "due_at": clock.due_at.isoformat(),
        "old_due_at": old_due_at.isoformat(),
    }
    note(ticket, act, unit, reason=decision.reason, **(dates if decision.is_granted else {}))
    words = "được gia hạn trả lời" if decision.is_granted else "không được gia hạn trả lời"
    told = tellings(ticket, "extension", words, reference)
    if decision.is_granted:
        told += tellings_of_secretaries(ticket, "extension", words, reference)
    tell(unit, told)


def _grant(extension: Extension, clock: Clock, ticket: Ticket, unit: Unit, reference: Reference) -> None:
    paused = lasting(clock.id, unit)
    clocks.reckon_again(clock, ticket, unit, reference, wake_at=paused.promised_at if paused else None)
    unit.session.execute(
        update(Extension).where(Extension.id == extension.id).values(new_due_at=clock.due_at)
    )


def withdraw(ticket: Ticket, unit: Unit) -> None:
    """Take back a request that nobody has to decide any more: the body answered, or has the ticket no longer."""
    extension = waiting(ticket.id, unit)
    if extension is not None:
        _settle(extension, "withdrawn", "", unit)
        clocks.stop(ticket, Kind.EXTENSION, unit=unit)


class Move(NamedTuple):
    """What a request would move, were it granted: the due time that holds and the one asked for. Aware, UTC."""

    old_due_at: datetime
    new_due_at: datetime


def asked_moves(session: Session, ticket_ids: Collection[int], reference: Reference) -> dict[int, Move]:
    """Return what the requests that wait would move, by ticket; three queries, none without tickets.

    A date set by hand wouldn't move and has none; nor has a clock whose rule isn't known any more.
    """
    if not ticket_ids:
        return {}
    found = session.execute(
        select(Extension, Clock, Ticket.branch_id, Ticket.body_id)
        .join(Clock, Clock.id == Extension.clock_id)
        .join(Ticket, Ticket.id == Extension.ticket_id)
        .where(Extension.ticket_id.in_(ticket_ids), Extension.state == "asked", Clock.is_fixed.is_(False))
    ).all()
    clock_ids = [row.Clock.id for row in found]
    pauses, granted = pauses_of(session, clock_ids), extensions_of(session, clock_ids)
    moves = {}
    for asked, clock, branch_id, body_id in found:
        more = Granted(asked.amount, LimitUnit(asked.unit), asked.reason)
        calendar = reference.calendars.of_clock(Kind.ANSWER, branch_id, body_id)
        given = (*granted.get(clock.id, ()), more)
        try:
            due_at = clocks.due_time(clock, reference, calendar, pauses.get(clock.id, ()), given)
        except Invalid:
            continue
        moves[asked.ticket_id] = Move(clock.due_at, due_at)
    return moves


def _settle(extension: Extension, state: str, reason: str, unit: Unit) -> None:
    unit.session.execute(
        update(Extension)
        .where(Extension.id == extension.id)
        .values(state=state, decided_at=unit.now, decided_by=unit.actor.account_id, decision_reason=reason)
    )


def _tell_decider(ticket: Ticket, unit: Unit, reference: Reference) -> None:
    decider = decider_for(ticket.category, ticket.urgency, ticket.is_restricted, reference)
    found = recipients_of(ticket, decider or Role.STANDING_MEMBERS, reference)
    key = f"extension_asked:{ticket.id}:{ticket.version}"
    sentence = f"{ticket.number}: đơn vị đề nghị gia hạn"
    tell(unit, [Telling(who, key, sentence, ticket.id) for who in found.account_ids])
