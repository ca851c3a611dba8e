"""Telling people: notices written in the transaction of what they tell, then carried by mail."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from tracker.db.inserting import insert_ignoring
from tracker.db.tables.notices import Notice
from tracker.db.tables.people import Account
from tracker.services.unit import Unit

DELIVER = "deliver_notices"
"""The job that carries what waits."""


class Telling(NamedTuple):
    """One thing to tell one person. ``event_key`` names the event: the same key is told to a person once."""

    account_id: int
    event_key: str
    sentence: str
    ticket_id: int | None = None
    report_id: int | None = None


def notify(
    unit: Unit,
    account_ids: Iterable[int],
    *,
    event_key: str,
    sentence: str,
    ticket_id: int | None = None,
    report_id: int | None = None,
) -> None:
    """Tell the persons once that the event happened; nobody twice, whatever is repeated.

    ``sentence`` holds a number and what happened, never the words of a concern. Writes at once; commits nothing.
    """
    tell(unit, [Telling(one, event_key, sentence, ticket_id, report_id) for one in account_ids])


def tell(unit: Unit, tellings: Sequence[Telling]) -> None:
    """Write all the notices at once and ask for their delivery after the commit; two statements.

    A disabled account is told nothing; one without an address finds the notice in the application only.
    """
    if not tellings:
        return
    by_mail = {
        account_id: bool(email)
        for account_id, email in unit.session.execute(
            select(Account.id, Account.email).where(
                Account.is_active, Account.id.in_({telling.account_id for telling in tellings})
            )
        )
    }
    rows = [_row(unit, one, by_mail[one.account_id]) for one in tellings if one.account_id in by_mail]
    insert_ignoring(unit.session, Notice, rows, on=("account_id", "event_key"))
    if any(row["mail_state"] == "waiting" for row in rows):
        unit.send(DELIVER)


def _row(unit: Unit, telling: Telling, by_mail: bool) -> dict[str, Any]:
    return {
        **telling._asdict(),
        "created_at": unit.now,
        "mail_state": "waiting" if by_mail else "none",
        "next_try_at": unit.now if by_mail else None,
    }
