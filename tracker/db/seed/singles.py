"""The rows of which there is exactly one: the audit chain's head and the stamp of the rules."""

from sqlalchemy.orm import Session

from tracker.db.tables.audit import AuditHead
from tracker.db.tables.reference import ReferenceStamp
from tracker.domain.audit import GENESIS


def seed_singles(session: Session) -> None:
    """Add the single rows to a database that lacks them; flushes."""
    if session.get(AuditHead, 1) is None:
        session.add(AuditHead(id=1, seq=0, mac=GENESIS))
    if session.get(ReferenceStamp, 1) is None:
        session.add(ReferenceStamp(id=1, stamp=1))
    session.flush()
