"""What people do to a ticket: assign, acknowledge, answer, "not ours", and the branch's verdict.

Each use case loads and locks, asks the domain, applies, records the event; none commits.
"""

from sqlalchemy import select

from tracker.db.tables.meetings import Meeting
from tracker.db.tables.tickets import Response, Ticket, TicketEvent
from tracker.domain.access import Action
from tracker.domain.errors import Conflict, Invalid
from tracker.domain.escalation import bounced_level, reopened_level
from tracker.domain.sheets import Verdict
from tracker.domain.text import fold
from tracker.domain.tickets import FIRST_CLOCKS, Move, Status
from tracker.domain.time_limits import Clock
from tracker.services import clocks
from tracker.services.extensions import withdraw
from tracker.services.notices import tell
from tracker.services.pausing import end_pause
from tracker.services.raising import Raised, answer_rungs, raise_at_once
from tracker.services.reference import Reference
from tracker.services.rights import check_right
from tracker.services.ticket_acts import apply, open_ticket, take, ticket_resource
from tracker.services.ticket_notices import tellings, tellings_of_secretaries
from tracker.services.unit import Unit

REASON_MIN, ANSWER_MIN, ANSWER_MAX = 5, 20, 6000
"""Letters: below, a reason or an answer says nothing; above, it can't be read aloud in a meeting."""


def acknowledge(ticket_id: int, version: int, *, unit: Unit, reference: Reference) -> None:
    """Say that the body has it: stops the acknowledgement clock and moves no other; flushes."""
    ticket = take(ticket_id, version, Move.ACKNOWLEDGE, Action.TICKET_ACKNOWLEDGE, unit, reference)
    if ticket is None:
        return
    apply(ticket, Move.ACKNOWLEDGE, unit)
    clocks.meet(ticket, Clock.ACKNOWLEDGE, unit=unit)


def answer(ticket_id: int, version: int, text: str, *, unit: Unit, reference: Reference) -> None:
    """Answer for the body; the branch will hear it in its next meeting. Flushes.

    Raises Invalid for an answer that is none: too short, or the last one again.
    """
    ticket = take(ticket_id, version, Move.ANSWER, Action.TICKET_ANSWER, unit, reference)
    if ticket is None:
        return
    _check_answer(ticket, text, unit)
    unit.session.add(
        Response(
            ticket_id=ticket.id,
            round=ticket.reopened_count + 1,
            text=text,
            body_id=ticket.body_id,
            answered_by=unit.actor.account_id,
            answered_at=unit.now,
        )
    )
    _free_clock(ticket, unit, reference)
    ticket.answered_at = unit.now
    ticket.first_answered_at = ticket.first_answered_at or unit.now
    apply(ticket, Move.ANSWER, unit, text=text)
    clocks.meet(ticket, Clock.ACKNOWLEDGE, Clock.ANSWER, unit=unit)
    clocks.start(ticket, Clock.BRING_BACK, unit=unit, reference=reference)
    tell(unit, tellings_of_secretaries(ticket, "answered", "đã có trả lời để báo lại chi bộ", reference))


def _free_clock(ticket: Ticket, unit: Unit, reference: Reference) -> None:
    """End what the body asked of the answer's clock: its pause, and its request for more time."""
    end_pause(ticket, unit, reference)
    withdraw(ticket, unit)


def _check_answer(ticket: Ticket, text: str, unit: Unit) -> None:
    errors = {}
    if len(text) < ANSWER_MIN:
        errors["text"] = "Hãy trả lời thành câu để chi bộ đọc được tại cuộc họp."
    elif len(text) > ANSWER_MAX:
        errors["text"] = (
            f"Câu trả lời dài quá {ANSWER_MAX} chữ cái, không đọc được tại cuộc họp. Hãy tóm tắt."
        )
    elif fold(text) in {fold(earlier) for earlier in _earlier_answers(ticket.id, unit)}:
        errors["text"] = "Câu này chi bộ đã nghe và chưa đồng ý. Hãy nói rõ đã làm thêm việc gì."
    if errors:
        raise Invalid(errors["text"], errors)


def _earlier_answers(ticket_id: int, unit: Unit) -> list[str]:
    return list(unit.session.scalars(select(Response.text).where(Response.ticket_id == ticket_id)))


def bounce(
    ticket_id: int,
    version: int,
    reason: str,
    proposed_body_id: int | None,
    *,
    unit: Unit,
    reference: Reference,
) -> None:
    """Say "not ours" with a reason and a proposed body; it goes to triage, its answer clock runs on. Flushes."""
    ticket = take(ticket_id, version, Move.BOUNCE, Action.TICKET_BOUNCE, unit, reference)
    if ticket is None:
        return
    errors = {}
    if len(reason) < REASON_MIN:
        errors["reason"] = "Ghi vì sao việc này không thuộc đơn vị mình."
    candidates = {body.id for body in reference.tree.bodies_for(ticket.branch_id)} - {ticket.body_id}
    if proposed_body_id not in candidates:
        errors["proposed_body"] = "Chọn đơn vị mà đồng chí cho là đúng, khác đơn vị hiện tại."
    if errors:
        raise Invalid("Chưa chuyển trả được.", errors)
    _free_clock(ticket, unit, reference)
    former = ticket.body_id
    ticket.body_id, ticket.proposed_body_id = None, proposed_body_id
    ticket.bounce_count += 1
    apply(ticket, Move.BOUNCE, unit, reason=reason, body=former, proposed=proposed_body_id)
    clocks.stop(ticket, Clock.ACKNOWLEDGE, unit=unit)
    clocks.start(ticket, Clock.ROUTE, unit=unit, reference=reference)
    _raise_bounced(ticket, unit, reference)
    tell(unit, tellings(ticket, "bounced", "đơn vị báo không thuộc thẩm quyền, cần phân loại lại", reference))


def assign(
    ticket_id: int,
    version: int,
    body_id: int,
    reason: str,
    *,
    category: str | None = None,
    unit: Unit,
    reference: Reference,
) -> None:
    """Give the ticket to a body, with the reason; the answer clock runs on, acknowledgement's begins. Flushes."""
    ticket = take(ticket_id, version, Move.ASSIGN, Action.TICKET_ASSIGN, unit, reference)
    if ticket is None:
        return
    bodies = {body.id: body for body in reference.tree.bodies_for(ticket.branch_id)}
    if body_id not in bodies:
        raise Invalid("Chưa chuyển được.", {"body": "Chọn đơn vị xử lý trong danh sách."})
    _free_clock(ticket, unit, reference)
    ticket.body_id, ticket.proposed_body_id = body_id, None
    ticket.category = category or ticket.category
    ticket.rule_code = ticket.model_version = None
    ticket.because = [f"{unit.actor.name} chuyển {bodies[body_id].name}" + (f": {reason}" if reason else "")]
    apply(ticket, Move.ASSIGN, unit, body=body_id, reason=reason)
    clocks.meet(ticket, Clock.ROUTE, unit=unit)
    clocks.stop(ticket, Clock.ACKNOWLEDGE, unit=unit)
    clocks.start(ticket, Clock.ACKNOWLEDGE, unit=unit, reference=reference)
    tell(unit, tellings(ticket, "assigned", "được chuyển tới đơn vị", reference))


def record_verdict(verdict: Verdict, *, meeting: Meeting, unit: Unit, reference: Reference) -> None:
    """Record what the branch said of an answer in its meeting: it ends the ticket or reopens it one level up.

    Flushes. Raises Conflict when the ticket is not waiting for the branch (any more).
    """
    if verdict.is_accepted is None:
        return
    ticket = open_ticket(verdict.ticket_id, Action.TICKET_READ, unit=unit, reference=reference)
    if ticket.branch_id != meeting.branch_id or ticket.status != Status.ANSWERED:
        raise Conflict(f"{ticket.number} không còn chờ chi bộ cho ý kiến. Hãy tải lại phiếu.")
    check_right(Action.VERDICT_RECORD, ticket_resource(ticket, reference.tree), unit=unit)
    response = unit.session.execute(
        select(Response).where(Response.ticket_id == ticket.id).order_by(Response.round.desc()).limit(1)
    ).scalar_one()
    response.told_meeting_id, response.is_accepted = meeting.id, verdict.is_accepted
    response.verdict_reason = verdict.reason
    clocks.meet(ticket, Clock.BRING_BACK, unit=unit)
    if verdict.is_accepted:
        ticket.accepted_at = unit.now
        apply(ticket, Move.ACCEPT, unit, meeting=meeting.id)
    else:
        _reopen(ticket, verdict.reason, meeting, unit, reference)


def _reopen(ticket: Ticket, reason: str, meeting: Meeting, unit: Unit, reference: Reference) -> None:
    """Send a refused answer back with a new deadline, one level up the ladder."""
    ticket.reopened_count += 1
    ticket.answered_at = None
    rungs = answer_rungs(ticket, reference)
    level = reopened_level(rungs, ticket.level, ticket.reopened_count)
    apply(ticket, Move.REJECT, unit, reason=reason, meeting=meeting.id, level=level)
    ticket.level = level
    kinds = FIRST_CLOCKS[Status(ticket.status)]
    clocks.start(ticket, *kinds, unit=unit, reference=reference, climbed=frozenset({level}))
    because = f"Chi bộ chưa đồng ý với câu trả lời (lần {ticket.reopened_count})."
    raised = [Raised(ticket, level, because, f"reopened:{ticket.id}:{ticket.reopened_count}")]
    raise_at_once(raised, "chi bộ chưa đồng ý với câu trả lời", unit, reference)
    tell(unit, tellings(ticket, "reopened", "chi bộ chưa đồng ý với câu trả lời, xử lý lại", reference))
    unit.session.flush()


def _raise_bounced(ticket: Ticket, unit: Unit, reference: Reference) -> None:
    """Raise a ticket that was sent away once too often, where the ladder says so."""
    level = bounced_level(answer_rungs(ticket, reference), ticket.level, ticket.bounce_count)
    if level <= ticket.level:
        return
    ticket.level = level
    because = f"Đã {ticket.bounce_count} lần bị báo không thuộc thẩm quyền."
    # The ladder's doing, not a second act of the person's: it moves no version.
    told = {"level": level, "because": because}
    unit.session.add(TicketEvent(ticket_id=ticket.id, at=unit.now, act="escalated", details=told))
    unit.record("ticket", ticket.id, "escalated", level=level)
    raised = [Raised(ticket, level, because, f"bounced_up:{ticket.id}:{ticket.bounce_count}")]
    raise_at_once(raised, "nhiều lần bị báo không thuộc thẩm quyền", unit, reference)
