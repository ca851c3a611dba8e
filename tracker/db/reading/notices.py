"""Reads a person's notices and the outbox."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.db.tables.notices import Notice


def unread_count(session: Session, account_id: int | None) -> int:
    """Return how many notices the person has not opened."""
    return session.execute(
        select(func.count())
        .select_from(Notice)
        .where(Notice.account_id == account_id, Notice.read_at.is_(None))
    ).scalar_one()


def latest(session: Session, account_id: int | None, limit: int = 100) -> list[Notice]:
    """Return the person's notices, newest first."""
    return list(
        session.scalars(
            select(Notice).where(Notice.account_id == account_id).order_by(Notice.id.desc()).limit(limit)
        )
    )


@dataclass(frozen=True)
class NoticeLine:
    """One notice as its person sees it. Times are aware, UTC."""

    id: int
    sentence: str
    created_at: datetime
    read_at: datetime | None
    ticket_id: int | None


def lines(session: Session, account_id: int | None, limit: int = 100) -> tuple[NoticeLine, ...]:
    """Return the person's latest notices, unread first and newest first in each half; one query."""
    rows = session.execute(
        select(Notice.id, Notice.sentence, Notice.created_at, Notice.read_at, Notice.ticket_id)
        .where(Notice.account_id == account_id)
        .order_by(Notice.read_at.is_not(None), Notice.id.desc())
        .limit(limit)
    )
    return tuple(NoticeLine(*row) for row in rows)
