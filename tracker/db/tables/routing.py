"""Categories and the routing rules as dated rows, kept by an administrator. Bodies are in ``org``."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db.base import Base, one_of
from tracker.domain.rule_book import RuleKind
from tracker.domain.tickets import Urgency


class ConcernCategory(Base):
    """A field of concerns in one validity [valid_from, valid_to)."""

    __tablename__ = "concern_category"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        CheckConstraint("tag IN ('S', 'C', 'M', 'X', 'G')", name="tag"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    #: seen by the inspection commission and named persons only
    is_restricted: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text, default="")
    tag: Mapped[str] = mapped_column(String(1), default="G")
    version: Mapped[int] = mapped_column(default=1)


class RoutingRule(Base):
    """One rule in one validity: words for a category, category x unit x words for a body, or words that mark."""

    __tablename__ = "routing_rule"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint(one_of("kind", RuleKind), name="kind"),
        CheckConstraint(f"urgency IS NULL OR {one_of('urgency', Urgency)}", name="urgency"),
        CheckConstraint("kind <> 'body' OR body_code IS NOT NULL", name="body"),
        CheckConstraint("kind <> 'category' OR category IS NOT NULL", name="category"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        CheckConstraint("tag IN ('S', 'C', 'M', 'X', 'G')", name="tag"),
        Index(None, "kind", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(default=0)
    category: Mapped[str | None] = mapped_column(String(40))
    #: a unit's code: the rule is that unit's own and goes before the general ones
    unit_code: Mapped[str | None] = mapped_column(String(40))
    #: between "|"; any of them is enough
    phrases: Mapped[str] = mapped_column(Text, default="")
    #: between "|"; none of them may be there
    unless: Mapped[str] = mapped_column(Text, default="")
    body_code: Mapped[str | None] = mapped_column(String(40))
    urgency: Mapped[str | None] = mapped_column(String(10))
    restricted: Mapped[bool] = mapped_column(default=False)
    weight: Mapped[float] = mapped_column(default=1.0)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text, default="")
    tag: Mapped[str] = mapped_column(String(1), default="G")
    version: Mapped[int] = mapped_column(default=1)
