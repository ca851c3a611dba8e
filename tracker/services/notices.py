"""Telling people: notices written in the transaction of what they tell, then carried by mail."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.inserting import insert_ignoring
from tracker.db.reading.deadlines import working_calendar
from tracker.db.tables.notices import Notice
from tracker.db.tables.people import Account
from tracker.db.tables.tickets import Ticket
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.mailing import MailState, mail_time
from tracker.domain.tickets import Urgency
from tracker.services.unit import Unit

DELIVER = "deliver_notices"
"""The job that carries what waits."""


class Telling(NamedTuple):
    """One thing to tell one person. ``event_key`` names the event: the same key is told to a person once.

    Where it isn't said whether it is urgent, it is as urgent as its ticket.
    """

    account_id: int
    event_key: str
    sentence: str
    ticket_id: int | None = None
    report_id: int | None = None
    is_urgent: bool | None = None


def notify(
    unit: Unit,
    account_ids: Iterable[int],
    *,
    event_key: str,
    sentence: str,
    ticket_id: int | None = None,
    report_id: int | None = None,
    is_urgent: bool | None = None,
) -> None:
    """Tell the persons once that the event happened; nobody twice, whatever is repeated.

    ``sentence`` holds a number and what happened, never the words of a concern. Writes at once; commits nothing.
    """
    tell(unit, [Telling(one, event_key, sentence, ticket_id, report_id, is_urgent) for one in account_ids])


def tell(unit: Unit, tellings: Sequence[Telling], calendar: WorkingCalendar | None = None) -> None:
    """Write all the notices at once and ask for their delivery after the commit; five statements at most.

    A disabled account is told nothing; one without an address finds the notice in the application only. When
    the letter goes is said by ``domain.mailing``: not at night, or with the day's digest. ``calendar`` is the
    nation's; read here for who hasn't got it at hand.
    """
    if not tellings:
        return
    choices = _choices(unit.session, {telling.account_id for telling in tellings})
    known = [one for one in tellings if one.account_id in choices]
    if any(choices[one.account_id] for one in known):
        known = _marked(unit.session, known)
        calendar = calendar or working_calendar(unit.session)
    post = _Post(unit.now, calendar)
    rows = [_row(unit, one, post.of(choices[one.account_id], bool(one.is_urgent))) for one in known]
    insert_ignoring(unit.session, Notice, rows, on=("account_id", "event_key"))
    if any(row["next_try_at"] == unit.now for row in rows):
        unit.send(DELIVER)


def _choices(session: Session, account_ids: Iterable[int]) -> dict[int, str | None]:
    """Return how each open account wishes its mail; None for one without an address."""
    rows = session.execute(
        select(Account.id, Account.email, Account.mail_choice).where(
            Account.is_active, Account.id.in_(account_ids)
        )
    )
    return {account_id: choice if email else None for account_id, email, choice in rows}


def _marked(session: Session, tellings: Sequence[Telling]) -> list[Telling]:
    """Return the tellings, each of which now says whether it is urgent."""
    asked = {one.ticket_id for one in tellings if one.is_urgent is None} - {None}
    urgent = select(Ticket.id).where(Ticket.id.in_(asked), Ticket.urgency == Urgency.KHAN)
    found = set(session.scalars(urgent)) if asked else set()
    return [
        one._replace(is_urgent=one.ticket_id in found) if one.is_urgent is None else one for one in tellings
    ]


class _Post:
    """When what is told now goes by mail; worked out once for all who wish it alike."""

    def __init__(self, now: datetime, calendar: WorkingCalendar | None) -> None:
        self._now = now
        self._calendar = calendar
        self._known: dict[tuple[str | None, bool], tuple[MailState, datetime | None]] = {}

    def of(self, choice: str | None, is_urgent: bool) -> tuple[MailState, datetime | None]:
        """Return the letter's state and when it goes, for one who wishes it so."""
        found = self._known.get((choice, is_urgent))
        if found is None:
            found = self._known[choice, is_urgent] = self._decide(choice, is_urgent)
        return found

    def _decide(self, choice: str | None, is_urgent: bool) -> tuple[MailState, datetime | None]:
        if choice is None or self._calendar is None:
            return MailState.NONE, None
        at = mail_time(self._now, self._calendar, choice, is_urgent=is_urgent).at
        return (MailState.HELD if at is None else MailState.WAITING), at


def _row(unit: Unit, telling: Telling, post: tuple[MailState, datetime | None]) -> dict[str, Any]:
    state, at = post
    row = {**telling._asdict(), "is_urgent": bool(telling.is_urgent)}
    return row | {"created_at": unit.now, "mail_state": state.value, "next_try_at": at}
