"""Units and responsible bodies: identity is the internal id; names, codes and parents are dated attributes."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base, one_of
from tracker.domain.org import BodyKind, BranchType, UnitKind


class Unit(Base):
    """A unit of the party, whatever it is called from year to year."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)


class UnitVersion(Base):
    """What a unit was called and where it stood, from a day (inclusive) to a day (exclusive)."""

    __tablename__ = "unit_version"
    __table_args__ = (
        UniqueConstraint("unit_id", "valid_from"),
        CheckConstraint(one_of("kind", UnitKind), name="kind"),
        CheckConstraint(f"branch_type IS NULL OR {one_of('branch_type', BranchType)}", name="branch_type"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="period"),
        Index(None, "code", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    #: stands in ticket numbers: TS-2026-0012
    symbol: Mapped[str] = mapped_column(String(12), default="")
    kind: Mapped[str] = mapped_column(String(30))
    branch_type: Mapped[str | None] = mapped_column(String(30))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    is_model: Mapped[bool] = mapped_column(default=False)
    is_difficult: Mapped[bool] = mapped_column(default=False)
    #: number of the decision that made it so
    decision: Mapped[str] = mapped_column(String(200), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class Body(Base):
    """A body that answers concerns, whatever it is called from year to year."""

    __tablename__ = "body"

    id: Mapped[int] = mapped_column(primary_key=True)


class BodyVersion(Base):
    """A responsible body's dated name, code and committee; no committee means shared by all."""

    __tablename__ = "body_version"
    __table_args__ = (
        UniqueConstraint("body_id", "valid_from"),
        CheckConstraint(one_of("kind", BodyKind), name="kind"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    code: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(80), default="")
    kind: Mapped[str] = mapped_column(String(20))
    committee_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    #: inside the party's chain of command; the others are reached by letter
    in_chain: Mapped[bool] = mapped_column(default=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
