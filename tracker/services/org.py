"""Keeping the units and the bodies that answer: dated names, parents, kinds. Those with open tickets stay."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from tracker.db.reading.org import org_tree
from tracker.db.tables.org import Body, BodyVersion, UnitVersion
from tracker.db.tables.org import Unit as UnitRow
from tracker.db.tables.tickets import Ticket
from tracker.domain.errors import Invalid
from tracker.domain.org import BodyNode, UnitNode, check_body, check_unit
from tracker.domain.tickets import Status
from tracker.domain.validity import DatedChange, check_code
from tracker.services.dated import DatedRows, Key
from tracker.services.following import follow_branches
from tracker.services.unit import Unit

_UNIT_FIELDS = ("code", "name", "kind", "branch_type", "parent_id", "symbol", "is_model", "is_difficult")
_BODY_FIELDS = ("code", "name", "short_name", "kind", "committee_id", "in_chain")


def _check_unit(change: DatedChange, row: Any, unit: Unit) -> None:
    check_code(change.values["code"])
    values = {name: change.values[name] for name in _UNIT_FIELDS}
    node = UnitNode(id=row.unit_id if row is not None else 0, **values)
    check_unit(node, org_tree(unit.session, change.valid_from))


def _check_body(change: DatedChange, row: Any, unit: Unit) -> None:
    check_code(change.values["code"])
    values = {name: change.values[name] for name in _BODY_FIELDS}
    node = BodyNode(id=row.body_id if row is not None else 0, **values)
    check_body(node, org_tree(unit.session, change.valid_from))


def _new_unit(_change: DatedChange, unit: Unit) -> Key:
    made = UnitRow()
    unit.session.add(made)
    unit.session.flush()
    return {"unit_id": made.id}


def _new_body(_change: DatedChange, unit: Unit) -> Key:
    made = Body()
    unit.session.add(made)
    unit.session.flush()
    return {"body_id": made.id}


def _check_unit_end(change: DatedChange, row: Any, unit: Unit) -> None:
    """Raise Invalid, with the count, for a unit that has open tickets or units below it."""
    mine = or_(Ticket.branch_id == row.unit_id, Ticket.committee_id == row.unit_id)
    _refuse_open(mine, unit)
    below = unit.session.scalar(
        select(func.count(func.distinct(UnitVersion.unit_id))).where(
            UnitVersion.parent_id == row.unit_id,
            or_(UnitVersion.valid_to.is_(None), UnitVersion.valid_to > change.valid_to),
        )
    )
    if below:
        sentence = f"Còn {below} đơn vị trực thuộc. Hãy chuyển các đơn vị đó sang cấp trên khác trước."
        raise Invalid(sentence, {"valid_to": sentence})


def _take_along(row: Any, unit: Unit) -> None:
    """Let a branch's records follow it at once; for a move on a later day that day's first round does it."""
    follow_branches(unit=unit, branch_ids=[row.unit_id])


def _check_body_end(change: DatedChange, row: Any, unit: Unit) -> None:
    """Raise Invalid, with the count, for a body that has open tickets."""
    _refuse_open(Ticket.body_id == row.body_id, unit)


def _refuse_open(mine: ColumnElement[bool], unit: Unit) -> None:
    open_count = unit.session.scalar(
        select(func.count()).select_from(Ticket).where(mine, Ticket.status != Status.ACCEPTED)
    )
    if open_count:
        sentence = f"Còn {open_count} kiến nghị chưa xong ở đây. Hãy chuyển hoặc giải quyết xong trước."
        raise Invalid(sentence, {"valid_to": sentence})


UNITS = DatedRows(
    UnitVersion, ("unit_id",), ("code", "valid_from"), _check_unit, _check_unit_end, _new_unit, _take_along
)
"""The party's units; what never changes is the internal id."""

BODIES = DatedRows(
    BodyVersion, ("body_id",), ("code", "committee_id", "valid_from"), _check_body, _check_body_end, _new_body
)
"""The bodies that answer; what never changes is the internal id."""
