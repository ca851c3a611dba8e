"""Units and quarters to choose from, as the person's roles open them."""

from datetime import date

from tracker.domain.access import Action
from tracker.domain.dates import Quarter
from tracker.domain.org import OrgTree, UnitKind, UnitNode
from tracker.domain.scope import units_open
from tracker.domain.text import sort_key
from tracker.web import context

_QUARTERS = 8


def open_units(action: Action, tree: OrgTree) -> list[UnitNode]:
    """Return the units open to the person: each committee, its branches after it, each in the order of names."""
    found = {unit.id: unit for unit in units_open(context.actor(), action, tree)}
    tops = [unit for unit in found.values() if unit.parent_id not in found]
    return [unit for top in _by_name(tops) for unit in _walk(top, found, tree)]


def _walk(unit: UnitNode, found: dict[int, UnitNode], tree: OrgTree) -> list[UnitNode]:
    children = [child for child in tree.children(unit.id) if child.id in found]
    return [unit, *(below for child in _by_name(children) for below in _walk(child, found, tree))]


def _by_name(units: list[UnitNode]) -> list[UnitNode]:
    return sorted(units, key=lambda unit: (unit.kind == UnitKind.BRANCH, sort_key(unit.name)))


def unit_choices(units: list[UnitNode], tree: OrgTree) -> list[tuple[int, str]]:
    """Return (id, words) of the units; a branch is told with its committee, since names repeat."""
    return [(unit.id, _words(unit, tree)) for unit in units]


def _words(unit: UnitNode, tree: OrgTree) -> str:
    parent = tree.units.get(unit.parent_id) if unit.parent_id else None
    return f"{unit.name} – {parent.name}" if unit.kind == UnitKind.BRANCH and parent else unit.name


def headed(quarter: Quarter) -> str:
    """Return "Quý III năm 2026", as a line begins with it."""
    return quarter.words[:1].upper() + quarter.words[1:]


def quarter_choices(today: date) -> list[tuple[str, str]]:
    """Return the running quarter and those before it, newest first, as (2026Q3, "Quý III năm 2026")."""
    quarter = Quarter.of(today)
    found = []
    for _ in range(_QUARTERS):
        found.append((str(quarter), headed(quarter)))
        quarter = quarter.previous
    return found


def chosen_quarter(typed: str | None, today: date) -> Quarter:
    """Return the quarter named in the address, else the running one; one to come counts as the running one."""
    try:
        quarter = Quarter.parse(typed or "")
    except ValueError:
        return Quarter.of(today)
    return min(quarter, Quarter.of(today))
