"""Notices to a person, in the application and by mail: the outbox, written in the transaction of what they tell."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base


class Notice(Base):
    """One thing told to one person, once: ``event_key`` names the event. Holds number and link, never the words."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("account_id", "event_key"),
        CheckConstraint("mail_state IN ('none', 'waiting', 'sent', 'refused')", name="mail_state"),
        Index(None, "account_id", "read_at", "id"),
        Index(
            "ix_notice_outbox",
            "next_try_at",
            sqlite_where=text("mail_state = 'waiting'"),
            postgresql_where=text("mail_state = 'waiting'"),
        ),
        Index(None, "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    event_key: Mapped[str] = mapped_column(String(120))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("quarter_report.id"))
    #: the sentence shown: a number and what happened
    sentence: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mail_state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(300), default="")
