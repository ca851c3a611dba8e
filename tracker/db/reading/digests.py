"""Reads what a person's digest of the day is made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.db.reading.tickets import ticket_rows, within
from tracker.db.tables.notices import Notice
from tracker.db.tables.people import Account
from tracker.db.tables.tickets import Ticket
from tracker.domain.access import TicketReach
from tracker.domain.digests import Awaited
from tracker.domain.mailing import MailChoice, MailState
from tracker.domain.ticket_lists import TicketFilter, View

MOST_AWAITED = 500
"""Tickets looked at for one digest, earliest due first; beyond them nobody counts."""


@dataclass(frozen=True)
class HeldNotice:
    """A notice that waits for the digest."""

    id: int
    sentence: str
    ticket_id: int | None
    report_id: int | None


def undigested(session: Session, on: date, limit: int) -> list[Account]:
    """Return accounts that chose the digest and have not had the day's, locked; another process takes others."""
    return list(
        session.scalars(
            select(Account)
            .where(
                Account.is_active,
                Account.email.is_not(None),
                Account.mail_choice != MailChoice.EACH.value,
                or_(Account.digested_on.is_(None), Account.digested_on < on),
            )
            .order_by(Account.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def awaited(session: Session, reach: TicketReach, now: datetime) -> list[Awaited]:
    """Return what awaits an answer within reach, earliest due first; one query."""
    found = ticket_rows(session, reach, TicketFilter(View.OPEN), now, limit=MOST_AWAITED)
    return [
        Awaited(line.id, line.number, line.status, line.due_at, line.paused_until)
        for line in found.lines
        if line.due_at is not None
    ]


def held_notices(session: Session, account_id: int) -> list[HeldNotice]:
    """Return the notices that wait for the person's digest, oldest first; one query."""
    rows = session.execute(
        select(Notice.id, Notice.sentence, Notice.ticket_id, Notice.report_id)
        .where(Notice.account_id == account_id, Notice.mail_state == MailState.HELD.value)
        .order_by(Notice.id)
    )
    return [HeldNotice(*row) for row in rows]


def readable(session: Session, reach: TicketReach, ticket_ids: Iterable[int]) -> set[int]:
    """Return which of the tickets lie within reach; one query."""
    asked = sorted(set(ticket_ids))
    return (
        set(session.scalars(select(Ticket.id).where(Ticket.id.in_(asked), within(reach)))) if asked else set()
    )
