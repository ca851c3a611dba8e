"""The scoring tables as dated rows: who may score what, from when, after which source."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base


class Rubric(Base):
    """One scoring table in one validity [valid_from, valid_to). A correction is a new row, so the past stays."""

    __tablename__ = "rubric"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        CheckConstraint("tag IN ('S', 'C', 'M', 'X', 'G')", name="tag"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    #: groups with criteria, grades, durations, rhythm, rescale, notes: as ``read_rubric`` takes them
    body: Mapped[dict[str, Any]]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text)
    #: evidence: S published excerpt, C secondary, M from memory, X worked out, G our own proposal
    tag: Mapped[str] = mapped_column(String(1))
    #: only active tables are used for new scores; the others wait to be chosen
    is_active: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
