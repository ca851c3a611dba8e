"""Whose calendar a page shows: written in its address, chosen on a page of its own, named in words."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _

from tracker.domain.calendars import NATION, Owner
from tracker.domain.errors import NotFound
from tracker.domain.org import UNIT_KIND_WORDS, OrgTree, UnitKind
from tracker.domain.text import sort_key
from tracker.web import context
from tracker.web.admin import choices
from tracker.web.asking import whole

PARAMETER = "cua"
"""The name in addresses: nothing for the nation, u3 for a unit, b5 for a body."""


@dataclass(frozen=True)
class Place:
    """One whose calendar can be kept, as the list of them shows it."""

    name: str
    kind: str
    url: str
    has_own: bool


def code_of(owner: Owner) -> str | None:
    """Return how the owner is written in addresses; None, which leaves the parameter out, for the nation."""
    if owner.unit_id is not None:
        return f"u{owner.unit_id}"
    return f"b{owner.body_id}" if owner.body_id is not None else None


def asked_owner() -> Owner:
    """Return whose calendar the address asks for; raise NotFound for one that isn't there today."""
    asked, tree = request.args.get(PARAMETER, ""), context.reference().tree
    if not asked:
        return NATION
    try:
        number = whole(asked[1:])
    except ValueError:
        number = 0
    if asked[:1] == "u" and number in tree.units:
        return Owner(unit_id=number)
    if asked[:1] == "b" and number in tree.bodies:
        return Owner(body_id=number)
    raise NotFound(_("Không tìm thấy nơi này."))


def owner_name(owner: Owner) -> str:
    """Return the owner's name today; the common calendar's for the nation."""
    tree = context.reference().tree
    if owner.unit_id is not None:
        unit = tree.units.get(owner.unit_id)
        return unit.name if unit else _("Đơn vị đã thôi hoạt động")
    if owner.body_id is not None:
        body = tree.bodies.get(owner.body_id)
        return choices.body_place(body, tree) if body else _("Đơn vị đã thôi hoạt động")
    return _("Lịch chung")


def places() -> list[Place]:
    """Return all whose calendar can be kept: the nation, units from the committees down, bodies, by name."""
    tree, known = context.reference().tree, context.reference().calendars
    owners = [NATION, *_units(tree), *_bodies(tree)]
    return [
        Place(
            owner_name(owner),
            _kind(owner, tree),
            url_for("admin.calendar.year", cua=code_of(owner)),
            owner in known.days or owner in known.hours,
        )
        for owner in owners
    ]


def _units(tree: OrgTree) -> list[Owner]:
    ordered = sorted(
        tree.units.values(), key=lambda unit: (unit.kind == UnitKind.BRANCH, sort_key(unit.name))
    )
    return [Owner(unit_id=unit.id) for unit in ordered]


def _bodies(tree: OrgTree) -> list[Owner]:
    return [
        Owner(body_id=body.id) for body in sorted(tree.bodies.values(), key=lambda one: sort_key(one.name))
    ]


def _kind(owner: Owner, tree: OrgTree) -> str:
    if owner.unit_id is not None:
        return str(UNIT_KIND_WORDS[tree.unit(owner.unit_id).kind])
    return _("Đơn vị xử lý") if owner.body_id is not None else _("Áp dụng cho mọi nơi")
