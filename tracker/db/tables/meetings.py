"""The meeting sheet: header and roll figures, conclusions, drafts, earlier versions, and the assessments."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base


class Meeting(Base):
    """One branch meeting as its sheet tells it. Roll figures are counts of persons."""

    __tablename__ = "meeting"
    __table_args__ = (
        # One regular meeting a branch a month; the same index answers "was it held?".
        Index(
            "uq_meeting_regular_month",
            "branch_id",
            "month",
            unique=True,
            sqlite_where=text("kind <> 'thematic'"),
            postgresql_where=text("kind <> 'thematic'"),
        ),
        CheckConstraint("kind IN ('regular', 'thematic', 'both')", name="kind"),
        CheckConstraint("ends_at > starts_at", name="ends"),
        CheckConstraint(
            "present + excused + unexcused = official + probationary - exempt - temp_exempt - special_duty",
            name="roll",
        ),
        CheckConstraint(
            "official >= 0 AND probationary >= 0 AND exempt >= 0 AND temp_exempt >= 0 AND special_duty >= 0 "
            "AND present >= 0 AND excused >= 0 AND unexcused >= 0",
            name="counts",
        ),
        Index(None, "branch_id", "held_on"),
        Index(None, "committee_id", "held_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: made on the device once a sheet: a repeated request gives the same sheet
    request_key: Mapped[str] = mapped_column(String(64), unique=True)
    #: keyed hash of what was sent first under that key; "" for a sheet that no form sent
    sent_mark: Mapped[str] = mapped_column(String(64), default="")
    branch_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    committee_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(String(20))
    held_on: Mapped[date]
    #: first day of the month in which it was held
    month: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200))
    chair: Mapped[str] = mapped_column(String(120))
    minute_taker: Mapped[str] = mapped_column(String(120))
    official: Mapped[int]
    probationary: Mapped[int]
    exempt: Mapped[int]
    temp_exempt: Mapped[int]
    special_duty: Mapped[int]
    present: Mapped[int]
    excused: Mapped[int]
    unexcused: Mapped[int]
    superior_attended: Mapped[bool] = mapped_column(default=False)
    superior_name: Mapped[str] = mapped_column(String(200), default="")
    submitted_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    submitted_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class MeetingRevision(Base):
    """What a submitted sheet said before a correction: version, values, who changed it and why."""

    __tablename__ = "meeting_revision"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    #: the version that these values were
    version: Mapped[int]
    values: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(500))
    changed_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]
    #: keyed hash of the correction that ended this version: the same request again does nothing
    sent_mark: Mapped[str] = mapped_column(String(64), default="")


class Conclusion(Base):
    """What a meeting concluded: who does what by when."""

    __tablename__ = "conclusion"
    __table_args__ = (UniqueConstraint("meeting_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    position: Mapped[int]
    task: Mapped[str] = mapped_column(Text)
    assignee: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date | None]


class SheetDraft(Base):
    """A sheet being typed: the fields as typed, kept on the server until it is submitted."""

    __tablename__ = "sheet_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    #: the submitted sheet that it corrects, if any
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    #: sealed: a draft holds raisers' names
    values: Mapped[bytes]
    version: Mapped[int] = mapped_column(default=1)
    updated_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    updated_at: Mapped[datetime]


class Assessment(Base):
    """One scoring of one meeting: by the branch itself, or the official class decided above. Never overwritten."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("meeting_id", "source", "version"),
        CheckConstraint("source IN ('self', 'official')", name="source"),
        CheckConstraint("grade IN ('tot', 'kha', 'trung_binh', 'kem')", name="grade"),
        CheckConstraint("total >= 0 AND total <= reachable", name="total"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    source: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)
    rubric_code: Mapped[str] = mapped_column(String(60))
    total: Mapped[int]
    reachable: Mapped[int]
    grade: Mapped[str] = mapped_column(String(20))
    #: one object a criterion, as ``ScoreLine`` has it: code, group, title, max_points, points, because, is_measured
    lines: Mapped[list[Any]]
    votes_for: Mapped[int | None]
    votes_total: Mapped[int | None]
    #: why the official class differs from the proposed one
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime]
