"""Reads a person's notices and the outbox."""

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
