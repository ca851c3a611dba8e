"""What happened, chained: each row's MAC covers the one before it. The key is not in the database."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base


class AuditRow(Base):
    """One recorded change. ``body`` is the canonical JSON that was signed: ids and salted hashes, never text."""

    __tablename__ = "audit_row"
    __table_args__ = (Index(None, "subject", "subject_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    #: table-like name of what changed and its id, for look-up; both stand in the signed body too
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    body: Mapped[str] = mapped_column(Text)
    mac: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The one row that names the chain's end; locked while rows are appended."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    mac: Mapped[str] = mapped_column(String(64))
