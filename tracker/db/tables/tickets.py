"""Tickets: the concern, what became of it and what was answered. The raiser's name lies apart, sealed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base, one_of
from tracker.domain.tickets import ConcernKind, RaiserKind, Status, Urgency

AWAITED = "status IN ('triage', 'routed', 'acknowledged')"
WAITING = "status = 'answered'"
"""Conditions of partial indexes: a query is answered by them when it says them in these very letters."""


class Ticket(Base):
    """One concern raised at one meeting. ``due_at`` is the end of the running answer clock."""

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        CheckConstraint(one_of("status", Status), name="status"),
        CheckConstraint(one_of("kind", ConcernKind), name="kind"),
        CheckConstraint(one_of("raiser_kind", RaiserKind), name="raiser_kind"),
        CheckConstraint(one_of("urgency", Urgency), name="urgency"),
        # A ticket that waits for a body has one: nobody's ticket can't exist.
        CheckConstraint("body_id IS NOT NULL OR status NOT IN ('routed', 'acknowledged')", name="body"),
        # What awaits an answer, by due time. Further columns let counters be read from the index alone.
        Index(
            "ix_ticket_awaited_body",
            "body_id",
            "due_at",
            "id",
            "committee_id",
            "is_restricted",
            "status",
            "level",
            sqlite_where=text(AWAITED),
            postgresql_where=text(AWAITED),
        ),
        Index(
            "ix_ticket_awaited_committee",
            "committee_id",
            "due_at",
            "id",
            "is_restricted",
            "status",
            "level",
            sqlite_where=text(AWAITED),
            postgresql_where=text(AWAITED),
        ),
        Index(
            "ix_ticket_awaited_due",
            "due_at",
            "id",
            sqlite_where=text(AWAITED),
            postgresql_where=text(AWAITED),
        ),
        # What waits for the branch, newest first; the id ends each order, so that none is sorted for a page.
        Index(
            "ix_ticket_waiting_body",
            "body_id",
            "raised_on",
            "id",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index(
            "ix_ticket_waiting_committee",
            "committee_id",
            "raised_on",
            "id",
            "is_restricted",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index(None, "branch_id", "status", "raised_on"),
        Index(None, "committee_id", "raised_on", "id"),
        Index(None, "committee_id", "status", "is_restricted", "due_at"),
        Index(None, "body_id", "raised_on", "id"),
        # A whole province, newest first.
        Index(None, "raised_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    position: Mapped[int]
    branch_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: the branch's direct upper committee: the scope by which it is followed; moves with the branch
    committee_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(String(20))
    raiser_kind: Mapped[str] = mapped_column(String(20))
    category: Mapped[str | None] = mapped_column(String(40))
    urgency: Mapped[str] = mapped_column(String(20))
    is_restricted: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    #: sentences that say why this body
    because: Mapped[list[Any]]
    rule_code: Mapped[str | None] = mapped_column(String(60))
    #: the version of the learned model that decided where it goes; empty when a rule or a person did
    model_version: Mapped[int | None]
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    proposed_body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    status: Mapped[str] = mapped_column(String(20))
    resolved_on_spot: Mapped[bool] = mapped_column(default=False)
    raised_on: Mapped[date]
    filed_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    #: highest level of the ladder that it ever climbed; 0 is none
    level: Mapped[int] = mapped_column(default=0)
    first_answered_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    reopened_count: Mapped[int] = mapped_column(default=0)
    bounce_count: Mapped[int] = mapped_column(default=0)
    #: in how many meetings the branch has raised it so far, this one included
    raised_count: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)


class Raiser(Base):
    """The name of who raised it, encrypted with a key kept outside the database. No query joins or counts by it."""

    __tablename__ = "raiser"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)


class TicketEvent(Base):
    """What happened to a ticket, one row an act, in the order it happened: the timeline."""

    __tablename__ = "ticket_event"
    __table_args__ = (Index(None, "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    at: Mapped[datetime]
    #: empty for the system's own acts
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: filed, assign, acknowledge, answer, bounce, accept, reject, escalated, redated, moved
    act: Mapped[str] = mapped_column(String(20))
    #: what the act needs to be told again: body ids, reason, level, due date
    details: Mapped[dict[str, Any]]


class Response(Base):
    """One answer to one ticket, and what the branch said of it in which meeting."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("ticket_id", "round"),
        CheckConstraint("is_accepted IS NULL OR told_meeting_id IS NOT NULL", name="told"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    #: 1 for the first answer, one more after each reopening
    round: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    answered_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    #: who settled it, for one settled on the spot
    settled_by: Mapped[str] = mapped_column(String(200), default="")
    answered_at: Mapped[datetime]
    #: the meeting in which the branch heard it
    told_meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    is_accepted: Mapped[bool | None]
    verdict_reason: Mapped[str] = mapped_column(Text, default="")


class NumberSeries(Base):
    """The last number given in a committee's year to a ticket that everybody may know of; locked while one is taken."""

    __tablename__ = "number_series"

    committee_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
