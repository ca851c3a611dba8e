"""Choices and names that several of the administrator's screens need, as they hold today."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from forms.dated import options
from tracker.domain.org import BodyNode, OrgTree, UnitKind, UnitNode
from tracker.domain.text import sort_key
from tracker.domain.tickets import URGENCY_WORDS
from tracker.services.routing import categories_on
from tracker.web import context


def categories(kept: str | None = None) -> list[SelectChoice]:
    """Return the fields of concerns by code, the empty choice first; ``kept``: one that must stay choosable."""
    found = {one.code: one.name for one in categories_on(context.reference().book, context.today())}
    if kept and kept not in found:
        found[kept] = category_names().get(kept, kept)
    return options(found, _("Mọi lĩnh vực"))


def category_names() -> Mapping[str, str]:
    """Return the latest name of every field, also of those no longer in force."""
    return {
        one.code: one.name for one in sorted(context.reference().book.categories, key=lambda c: c.valid_from)
    }


def only_for(everything: str) -> Callable[[Any], str]:
    """Return what tells for which concerns a row holds, by field and urgency; ``everything`` where it holds for all."""
    names = category_names()

    def told(row: Any) -> str:
        found = [names.get(row.category, row.category), URGENCY_WORDS.get(row.urgency)]
        return ", ".join(word for word in found if word) or everything

    return told


def committees(empty: Any, kept: int | None = None) -> list[SelectChoice]:
    """Return the party committees by id, by name; the empty choice first.

    ``kept`` is a unit that must stay choosable: a branch that is a body itself belongs to itself.
    """
    found = [unit for unit in _units() if unit.kind != UnitKind.BRANCH or unit.id == kept]
    return options({str(unit.id): unit.name for unit in found}, empty)


def units(empty: Any) -> list[SelectChoice]:
    """Return all units by id, committees first, by name; the empty choice first."""
    ordered = sorted(_units(), key=lambda unit: unit.kind == UnitKind.BRANCH)
    names = unit_names()
    return options({str(unit.id): _with_parent(unit, names) for unit in ordered}, empty)


def unit_codes(empty: Any) -> list[SelectChoice]:
    """Return the party committees by code, for rules that hold for one of them; the empty choice first."""
    return options({unit.code: unit.name for unit in _units() if unit.kind != UnitKind.BRANCH}, empty)


def body_codes(empty: Any) -> list[SelectChoice]:
    """Return the bodies' codes, one a code, by name; the empty choice first."""
    return options(dict(sorted(body_names().items(), key=lambda one: sort_key(one[1]))), empty)


def bodies(empty: Any) -> list[SelectChoice]:
    """Return all bodies by id, each with its committee, by name; the empty choice first."""
    tree = context.reference().tree
    ordered = sorted(tree.bodies.values(), key=lambda body: sort_key(body.name))
    return options({str(body.id): body_place(body, tree) for body in ordered}, empty)


def body_place(body: BodyNode, tree: OrgTree) -> str:
    """Return the body's name with the committee to which it belongs."""
    committee = tree.units.get(body.committee_id or 0)
    return f"{body.name} – {committee.name}" if committee else body.name


def body_names() -> Mapping[str, str]:
    """Return a name for every body code; a code that each ward has for itself is called as all of them are."""
    shared = {body.code: body.name for body in context.reference().book.bodies}
    return {**{body.code: body.name for body in context.reference().tree.bodies.values()}, **shared}


def unit_names() -> Mapping[int, str]:
    """Return today's name of every unit, by id."""
    return {unit.id: unit.name for unit in context.reference().tree.units.values()}


def _units() -> list[UnitNode]:
    return sorted(context.reference().tree.units.values(), key=lambda unit: sort_key(unit.name))


def _with_parent(unit: UnitNode, names: Mapping[int, str]) -> str:
    parent = names.get(unit.parent_id or 0)
    return f"{unit.name} – {parent}" if unit.kind == UnitKind.BRANCH and parent else unit.name
