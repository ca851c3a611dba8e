"""The quarter's report of one unit: what was asked, the frozen figures, the typed parts, the finished file."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base


class QuarterReport(Base):
    """One compilation; a later correction is a numbered supplement, never a silent change."""

    __tablename__ = "quarter_report"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'ready', 'failed')", name="state"),
        CheckConstraint("progress >= 0 AND progress <= 100", name="progress"),
        Index("uq_quarter_report_supplement", "unit_id", "quarter", "supplement", unique=True),
        Index(None, "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    #: like 2026Q3
    quarter: Mapped[str] = mapped_column(String(6))
    #: 0 for the report, 1 and up for later supplements
    supplement: Mapped[int] = mapped_column(default=0)
    period_from: Mapped[date]
    #: exclusive
    period_to: Mapped[date]
    #: data entered up to and including this day is in the report
    cutoff_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    progress: Mapped[int] = mapped_column(default=0)
    step: Mapped[str] = mapped_column(String(200), default="")
    error: Mapped[str] = mapped_column(String(500), default="")
    figures: Mapped[dict[str, Any] | None]
    shortcomings: Mapped[str] = mapped_column(Text, default="")
    proposals: Mapped[str] = mapped_column(Text, default="")
    doc_number: Mapped[str] = mapped_column(String(30), default="")
    doc_date: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(80), default="")
    signer_name: Mapped[str] = mapped_column(String(120), default="")
    #: file name under the data folder's reports, empty until ready
    file_name: Mapped[str] = mapped_column(String(120), default="")
    requested_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    requested_at: Mapped[datetime]
    #: when the running job last showed a sign of life
    seen_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
