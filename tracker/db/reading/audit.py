"""Reads the audit chain, whole or of one thing."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.tables.audit import AuditHead, AuditRow
from tracker.domain.audit import Link


def chain(session: Session) -> Iterator[Link]:
    """Yield the chain from its first link; asks for a thousand rows at a time, so that its length costs no memory."""
    query = select(AuditRow.seq, AuditRow.body, AuditRow.mac).order_by(AuditRow.seq).limit(1000)
    last = 0
    while rows := session.execute(query.where(AuditRow.seq > last)).all():
        last = rows[-1].seq
        yield from (Link(*row) for row in rows)


def head(session: Session) -> Link:
    """Return the stored end of the chain; its body is empty."""
    seq, mac = session.execute(select(AuditHead.seq, AuditHead.mac)).one()
    return Link(seq, "", mac)


def latest_rows(session: Session, limit: int = 200, before: int | None = None) -> list[AuditRow]:
    """Return the newest rows, newest first; ``before`` pages backwards (exclusive)."""
    query = select(AuditRow).order_by(AuditRow.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditRow.seq < before)
    return list(session.scalars(query))
