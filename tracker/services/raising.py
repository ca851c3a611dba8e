"""A level reached at once, not by the clock: an answer refused, a second "not ours", a concern raised again."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.db.inserting import insert_rows
from tracker.db.tables.clocks import Escalation
from tracker.db.tables.tickets import Ticket
from tracker.domain.escalation import Rung, rungs_for
from tracker.services.notices import Telling, tell
from tracker.services.reference import Reference
from tracker.services.ticket_notices import recipients_of
from tracker.services.unit import Unit


@dataclass(frozen=True)
class Raised:
    """A ticket that reached a level at once, and why. ``event_key`` names the event to those who are told."""

    ticket: Ticket
    level: int
    because: str
    event_key: str


def answer_rungs(ticket: Ticket, reference: Reference) -> tuple[Rung, ...]:
    """Return the ladder of the ticket's answer as it stands today."""
    return rungs_for(reference.ladder, ticket.urgency, reference.on, category=ticket.category)


def raise_at_once(found: Sequence[Raised], words: str, unit: Unit, reference: Reference) -> None:
    """Record each level for the ticket's due time and tell whom it reaches; a statement a table. Flushes.

    A level that no rung stands on is recorded by nobody: the ladder is empty there.
    """
    rows, told = [], []
    for one in found:
        ticket = one.ticket
        rung = next((rung for rung in answer_rungs(ticket, reference) if rung.level == one.level), None)
        if rung is None:
            continue
        to = recipients_of(ticket, rung.recipient, reference)
        rows.append(
            {
                "ticket_id": ticket.id,
                "clock": "answer",
                "level": rung.level,
                "rung_code": rung.code,
                "due_at": ticket.due_at,
                "reached_at": unit.now,
                "climbed_at": unit.now,
                "because": f"{one.because} {to.because}"[:500],
            }
        )
        told += [
            Telling(who, one.event_key, f"{ticket.number}: {words}", ticket.id) for who in to.account_ids
        ]
    insert_rows(unit.session, Escalation, rows)
    tell(unit, told)
