"""Notices to a person, in the application and by mail: the outbox, written in the transaction of what they tell."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base, one_of
from tracker.domain.mailing import MailState


class Notice(Base):
    """One thing told to one person, once: ``event_key`` names the event. Holds number and link, never the words."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("account_id", "event_key"),
        CheckConstraint(one_of("mail_state", MailState), name="mail_state"),
        Index(None, "account_id", "read_at", "id"),
        Index(
            "ix_notice_outbox",
            "next_try_at",
            sqlite_where=text("mail_state = 'waiting'"),
            postgresql_where=text("mail_state = 'waiting'"),
        ),
        Index(
            "ix_notice_held",
            "account_id",
            sqlite_where=text("mail_state = 'held'"),
            postgresql_where=text("mail_state = 'held'"),
        ),
        Index(
            "ix_notice_stuck",
            "account_id",
            sqlite_where=text("last_error <> ''"),
            postgresql_where=text("last_error <> ''"),
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
    #: of a digest: its tickets as [id, number, delay in words], worst first; never the words of a concern
    lines: Mapped[list[Any] | None]
    is_urgent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mail_state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(300), default="")
