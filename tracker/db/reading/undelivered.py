"""Reads whose letters did not arrive: refused for good, or still tried after a failure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, distinct, func, select
from sqlalchemy.orm import Session

from tracker.db.tables.notices import Notice
from tracker.db.tables.people import Account
from tracker.domain.mailing import MailState

_STUCK = (
    Notice.last_error != "",
    Notice.mail_state.in_((MailState.WAITING.value, MailState.REFUSED.value)),
)


@dataclass(frozen=True)
class Undelivered:
    """One person's letters that did not arrive. ``since`` is when the oldest thing was told; times aware, UTC.

    ``refused`` of the ``number`` are no longer tried; ``next_try_at`` is None when none is.
    """

    account_id: int
    name: str
    email: str
    number: int
    refused: int
    since: datetime
    next_try_at: datetime | None
    error: str


def undelivered(session: Session, account_ids: Collection[int] | None) -> tuple[Undelivered, ...]:
    """Return the persons, longest waiting first; None asks for everybody. Two queries."""
    refused = case((Notice.mail_state == MailState.REFUSED.value, 1), else_=0)
    rows = session.execute(
        select(
            Notice.account_id,
            Account.display_name,
            func.coalesce(Account.email, ""),
            func.count(),
            func.sum(refused),
            func.min(Notice.created_at),
            func.min(Notice.next_try_at),
            func.max(Notice.id),
        )
        .join(Account, Account.id == Notice.account_id)
        .where(*_STUCK, *_within(account_ids), Account.is_active)
        .group_by(Notice.account_id, Account.display_name, Account.email)
        .order_by(func.min(Notice.created_at), Notice.account_id)
    ).all()
    latest = session.execute(
        select(Notice.id, Notice.last_error).where(Notice.id.in_([row[-1] for row in rows]))
    )
    errors = {notice_id: error for notice_id, error in latest}
    return tuple(
        Undelivered(one[0], one[1], one[2], one[3], one[4], one[5], one[6], errors[one[7]]) for one in rows
    )


def undelivered_count(session: Session, account_ids: Collection[int] | None) -> int:
    """Return how many persons' letters did not arrive; one query."""
    query = (
        select(func.count(distinct(Notice.account_id)))
        .join(Account, Account.id == Notice.account_id)
        .where(*_STUCK, *_within(account_ids), Account.is_active)
    )
    return session.execute(query).scalar_one()


def _within(account_ids: Collection[int] | None) -> tuple[ColumnElement[bool], ...]:
    return () if account_ids is None else (Notice.account_id.in_(sorted(account_ids)),)
