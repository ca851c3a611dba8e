"""Notices: written in the transaction of what they tell, shown in the application, then sent by mail."""

from collections.abc import Iterable

from sqlalchemy import select

from tracker.db.inserting import insert_ignoring
from tracker.db.tables.notices import Notice
from tracker.db.tables.people import Account
from tracker.services.unit import Unit


def notify(
    unit: Unit,
    account_ids: Iterable[int],
    *,
    event_key: str,
    sentence: str,
    ticket_id: int | None = None,
    report_id: int | None = None,
) -> None:
    """Tell the accounts of one event, each once whatever runs twice: the unique key decides. Flushes.

    ``sentence`` holds a number and what happened, never the concern's words. Who has no mail address
    finds it in the application alone.
    """
    wanted = tuple(dict.fromkeys(account_ids))
    if not wanted:
        return
    mailed = set(
        unit.session.scalars(select(Account.id).where(Account.id.in_(wanted), Account.email.is_not(None)))
    )
    rows = [
        {
            "account_id": account_id,
            "event_key": event_key,
            "ticket_id": ticket_id,
            "report_id": report_id,
            "sentence": sentence,
            "created_at": unit.now,
            "mail_state": "waiting" if account_id in mailed else "none",
            "next_try_at": unit.now if account_id in mailed else None,
            "attempts": 0,
            "last_error": "",
        }
        for account_id in wanted
    ]
    insert_ignoring(unit.session, Notice, rows, on=("account_id", "event_key"))
    unit.send("deliver_notices")
