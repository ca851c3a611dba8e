"""Reads the units and bodies of one day as a tree of values."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from tracker.db.tables.org import BodyVersion, UnitVersion
from tracker.domain.org import BodyNode, OrgTree, UnitNode


def valid_on(table: type[UnitVersion] | type[BodyVersion], on: date) -> ColumnElement[bool]:
    """Return the condition that a dated row holds on the day (from inclusive, to exclusive)."""
    return and_(table.valid_from <= on, or_(table.valid_to.is_(None), table.valid_to > on))


def org_tree(session: Session, on: date) -> OrgTree:
    """Return the units and bodies as they are on the day; two queries whatever their number."""
    units = session.execute(
        select(
            UnitVersion.unit_id,
            UnitVersion.code,
            UnitVersion.name,
            UnitVersion.kind,
            UnitVersion.branch_type,
            UnitVersion.parent_id,
            UnitVersion.symbol,
            UnitVersion.is_model,
            UnitVersion.is_difficult,
        )
        .where(valid_on(UnitVersion, on))
        .order_by(UnitVersion.code)
    )
    bodies = session.execute(
        select(
            BodyVersion.body_id,
            BodyVersion.code,
            BodyVersion.name,
            BodyVersion.short_name,
            BodyVersion.kind,
            BodyVersion.committee_id,
            BodyVersion.in_chain,
        )
        .where(valid_on(BodyVersion, on))
        .order_by(BodyVersion.code)
    )
    return OrgTree.build((UnitNode(*row) for row in units), (BodyNode(*row) for row in bodies))
