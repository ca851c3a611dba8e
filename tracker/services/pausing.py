"""An answer's clock stands still: only with a reason, a person and a promised day, and never longer than that."""

from datetime import date, datetime

from sqlalchemy import select, update

from tracker.db.tables.clocks import Clock, Pause
from tracker.db.tables.tickets import Ticket
from tracker.domain.access import Action
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.dates import midnight
from tracker.domain.deadlines import deadline
from tracker.domain.errors import Conflict
from tracker.domain.pauses import check_pause
from tracker.domain.time_limits import Clock as Kind
from tracker.domain.time_limits import choose_limit
from tracker.services import clocks
from tracker.services.notices import tell
from tracker.services.reference import Reference
from tracker.services.ticket_acts import note, take
from tracker.services.ticket_notices import tellings_of_secretaries
from tracker.services.unit import Unit


def pause(
    ticket_id: int, version: int, reason: str, until: date | None, *, unit: Unit, reference: Reference
) -> None:
    """Let the answer's clock stand until work begins on the promised day; the branch is told. Flushes.

    Raises Invalid with a sentence a field, Conflict when it stands already.
    """
    ticket = take(ticket_id, version, "pause", Action.TICKET_PAUSE, unit, reference)
    if ticket is None:
        return
    clock = _answer_clock(ticket, unit)
    if lasting(clock.id, unit) is not None:
        raise Conflict(f"{ticket.number} đang tạm dừng. Hãy làm tiếp trước khi tạm dừng lần nữa.")
    calendar = clocks.calendar_of(Kind.ANSWER, ticket, reference)
    limit = choose_limit(reference.limits, Kind.PAUSE, ticket.category, ticket.urgency, reference.on)
    latest = deadline(limit, unit.now, calendar).due_at
    promised_at = check_pause(
        reason, _begins(until, calendar), latest=latest, due_at=clock.due_at, now=unit.now
    )
    unit.session.add(
        Pause(
            ticket_id=ticket.id,
            clock_id=clock.id,
            begins_at=unit.now,
            promised_at=promised_at,
            reason=reason,
            account_id=unit.actor.account_id,
        )
    )
    unit.session.flush()
    old_due_at = clock.due_at
    clocks.reckon_again(clock, ticket, unit, reference, wake_at=promised_at)
    note(
        ticket,
        "pause",
        unit,
        reason=reason,
        until=promised_at.isoformat(),
        old_due_at=old_due_at.isoformat(),
        due_at=clock.due_at.isoformat(),
    )
    tell(
        unit,
        tellings_of_secretaries(ticket, "paused", "đơn vị xin tạm dừng, có hẹn ngày làm tiếp", reference),
    )


def resume(ticket_id: int, version: int, *, unit: Unit, reference: Reference) -> None:
    """Let the clock run again before the promised day: only the working time till now is credited. Flushes."""
    ticket = take(ticket_id, version, "resume", Action.TICKET_PAUSE, unit, reference)
    if ticket is None:
        return
    old_due_at = ticket.due_at
    if not end_pause(ticket, unit, reference):
        raise Conflict(f"{ticket.number} không còn tạm dừng.")
    note(
        ticket,
        "resume",
        unit,
        old_due_at=old_due_at.isoformat() if old_due_at else None,
        due_at=ticket.due_at.isoformat() if ticket.due_at else None,
    )


def end_pause(ticket: Ticket, unit: Unit, reference: Reference) -> bool:
    """End the ticket's lasting pause now and reckon the due time again; return whether there was one. Flushes."""
    clock = clocks.running(ticket.id, Kind.ANSWER, unit)
    found = lasting(clock.id, unit) if clock else None
    if clock is None or found is None:
        return False
    unit.session.execute(
        update(Pause)
        .where(Pause.id == found.id)
        .values(ended_at=min(unit.now, found.promised_at), ended_by=unit.actor.account_id)
    )
    clocks.reckon_again(clock, ticket, unit, reference)
    return True


def lasting(clock_id: int, unit: Unit) -> Pause | None:
    """Return the clock's pause that has not ended, or None."""
    return unit.session.execute(
        select(Pause)
        .where(Pause.clock_id == clock_id, Pause.ended_at.is_(None))
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def _answer_clock(ticket: Ticket, unit: Unit) -> Clock:
    clock = clocks.running(ticket.id, Kind.ANSWER, unit)
    if clock is None:
        raise Conflict(f"{ticket.number} không có thời hạn trả lời đang chạy.")
    return clock


def _begins(until: date | None, calendar: WorkingCalendar) -> datetime | None:
    """Return when work begins on the promised day, or on the next working day after it."""
    return None if until is None else calendar.next_open(midnight(until))
