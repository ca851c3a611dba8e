"""Sending by mail what the outbox holds: claimed for a while, sent outside any transaction, then settled.

A process killed between sending and settling sends again when its claim has run out: a letter may come twice,
with the same Message-ID, but none is lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from tracker.adapters.mail import Letter
from tracker.db.tables.notices import Notice
from tracker.db.tables.people import Account
from tracker.domain.errors import TrackerError, Unavailable
from tracker.services.unit import Unit

BATCH = 50
CLAIM = timedelta(minutes=10)
"""How long a claimed letter is left alone; longer than a batch takes with a slow server."""
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 20
"""About three days of trying; then the notice stands in the application alone."""


@dataclass(frozen=True)
class Outgoing:
    """A claimed notice and the letter that tells it. ``attempts`` counts this one."""

    notice_id: int
    attempts: int
    letter: Letter


@dataclass(frozen=True)
class Outcome:
    """What became of a letter: ``error`` None when it was taken, Invalid for good, Unavailable for now."""

    outgoing: Outgoing
    error: TrackerError | None = None


def claim(base_url: str, *, unit: Unit) -> list[Outgoing]:
    """Claim the letters that are due, oldest first, at most ``BATCH``; flushes.

    Two processes never claim the same one: the rows are locked, and the claim moves their next try.
    """
    rows = unit.session.execute(
        select(Notice.id, Notice.attempts, Notice.sentence, Notice.created_at, Account.email)
        .join(Account, Account.id == Notice.account_id)
        .where(Notice.mail_state == "waiting", Notice.next_try_at <= unit.now)
        .order_by(Notice.next_try_at, Notice.id)
        .limit(BATCH)
        .with_for_update(of=Notice, skip_locked=True)
    ).all()
    unit.session.execute(
        update(Notice)
        .where(Notice.id.in_([row.id for row in rows]))
        .values(next_try_at=unit.now + CLAIM, attempts=Notice.attempts + 1)
    )
    return [
        Outgoing(
            row.id,
            row.attempts + 1,
            Letter(
                to=row.email or "",
                subject=row.sentence,
                text=f"Kính gửi đồng chí,\n\n{row.sentence}\n\nMời xem tại: {base_url}/\n",
                reference=f"notice-{row.id}",
                at=row.created_at,
            ),
        )
        for row in rows
    ]


def settle(outcomes: Iterable[Outcome], *, unit: Unit) -> None:
    """Note what became of claimed letters; one that may be taken later waits longer each time. Flushes."""
    for outcome in outcomes:
        unit.session.execute(
            update(Notice)
            .where(Notice.id == outcome.outgoing.notice_id, Notice.mail_state == "waiting")
            .values(**_values(outcome, unit))
        )


def _values(outcome: Outcome, unit: Unit) -> dict[str, object]:
    if outcome.error is None:
        return {"mail_state": "sent", "sent_at": unit.now, "next_try_at": None, "last_error": ""}
    told = {"last_error": outcome.error.sentence[:300]}
    attempts = outcome.outgoing.attempts
    if not isinstance(outcome.error, Unavailable) or attempts >= MOST_ATTEMPTS:
        return told | {"mail_state": "refused", "next_try_at": None}
    return told | {"next_try_at": unit.now + min(timedelta(minutes=2 ** min(attempts, 10)), LONGEST_WAIT)}
