"""A ticket's clocks: when each is due, what moved it, the levels climbed for it, and what the sweep failed at."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base, one_of
from tracker.domain.time_limits import TICKET_CLOCKS, LimitUnit

RUNNING = "met_at IS NULL AND stopped_at IS NULL"
"""Condition of partial indexes: a clock that is neither met nor stopped."""


class Clock(Base):
    """One time limit of a ticket: runs, is met, or is stopped since nothing is left to be met. No other is moved.

    ``next_at`` is when the sweep has something to do for it; empty when nothing is left for this due date.
    """

    __tablename__ = "clock"
    __table_args__ = (
        CheckConstraint(one_of("kind", TICKET_CLOCKS), name="kind"),
        CheckConstraint(f"next_at IS NULL OR ({RUNNING})", name="next_at"),
        # One of a kind runs at a time; those that are over stay as history.
        Index(
            "uq_clock_running",
            "ticket_id",
            "kind",
            unique=True,
            sqlite_where=text(RUNNING),
            postgresql_where=text(RUNNING),
        ),
        # The sweep reads this one alone, whatever the size of the rest.
        Index(
            "ix_clock_next",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        # What a changed calendar or rule may move.
        Index("ix_clock_due", "due_at", sqlite_where=text(RUNNING), postgresql_where=text(RUNNING)),
        Index(None, "ticket_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    kind: Mapped[str] = mapped_column(String(20))
    #: 1 for the first answer, one more after each reopening
    round: Mapped[int] = mapped_column(default=1)
    rule_code: Mapped[str] = mapped_column(String(60))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    #: set by hand: no pause and no changed rule moves it
    is_fixed: Mapped[bool] = mapped_column(default=False)
    next_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class Pause(Base):
    """A span in which an answer's clock stands: why, who said so, and until when at the latest. Never deleted."""

    __tablename__ = "pause"
    __table_args__ = (
        CheckConstraint("promised_at > begins_at", name="promised"),
        CheckConstraint("ended_at IS NULL OR ended_at >= begins_at", name="ended"),
        Index(
            "uq_pause_running",
            "clock_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "ticket_id"),
        Index(None, "clock_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    begins_at: Mapped[datetime]
    #: it ends by itself then
    promised_at: Mapped[datetime]
    #: empty while it lasts
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    #: who ended it before its day; empty when it ended by itself
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Extension(Base):
    """More time asked for an answer: who asked, why, who decided, and the date before and after."""

    __tablename__ = "extension"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'granted', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("amount BETWEEN 1 AND 2000", name="amount"),
        CheckConstraint(one_of("unit", LimitUnit), name="unit"),
        CheckConstraint("state = 'asked' OR decided_at IS NOT NULL", name="decided"),
        Index(
            "uq_extension_asked",
            "clock_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
        Index(None, "ticket_id"),
        Index(None, "clock_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    #: the answer's clock
    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text)
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default="asked")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    #: the due time when it was asked, and when it was granted
    old_due_at: Mapped[datetime]
    new_due_at: Mapped[datetime | None]


class Escalation(Base):
    """One level climbed for one due date, exactly once: the constraint says so, not a lock."""

    __tablename__ = "escalation"
    __table_args__ = (UniqueConstraint("ticket_id", "clock", "level", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    #: whose lateness it is: the kind of clock
    clock: Mapped[str] = mapped_column(String(20), default="answer")
    level: Mapped[int]
    rung_code: Mapped[str] = mapped_column(String(60))
    due_at: Mapped[datetime]
    #: when the ladder says so; the sweep may come later
    reached_at: Mapped[datetime]
    climbed_at: Mapped[datetime]
    because: Mapped[str] = mapped_column(String(500))


class SetAside(Base):
    """A clock at which the sweep failed: why, how often, and when it is tried again. Gone once it went well."""

    __tablename__ = "set_aside"

    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"), primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    retry_at: Mapped[datetime]
    #: for the operator: the sentence or the error's name, no words of a concern
    error: Mapped[str] = mapped_column(String(500))
