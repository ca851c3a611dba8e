"""The versions of what was learned about where concerns go. The newest is in force; older ones say what they were."""

from datetime import datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base


class RoutingModel(Base):
    """One version of the learned model: made of which examples, when, and its bytes."""

    __tablename__ = "routing_model"
    __table_args__ = (UniqueConstraint("version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    made_at: Mapped[datetime]
    #: SHA-256 of the examples and rules it was made of: the same ones make no new version
    basis: Mapped[str] = mapped_column(String(64))
    #: SHA-256 of ``content``
    sha256: Mapped[str] = mapped_column(String(64))
    #: shipped examples and corrections by the office that it was made of
    examples: Mapped[int]
    corrections: Mapped[int]
    #: the model; dropped from all versions but the newest, for it holds words of real concerns
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
