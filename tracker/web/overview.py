"""The leaders' overview: one page of figures, and the rows behind each of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.db.reading.bounces import sent_back
from tracker.db.reading.reports import last_report
from tracker.db.reading.tickets import ticket_rows
from tracker.domain.access import Action, Resource, may, ticket_reach
from tracker.domain.escalation import level_words
from tracker.domain.org import UnitKind, UnitNode
from tracker.domain.quarter import behind
from tracker.domain.ticket_lists import TicketFilter, View
from tracker.reports.quarter_sections import type_words
from tracker.services.overview import Overview, overview_of
from tracker.services.reference import Reference
from tracker.web import context
from tracker.web.access import allow, needs
from tracker.web.asking import whole
from tracker.web.choosing import chosen_quarter, open_units, quarter_choices
from tracker.web.desk_tickets import leader_part
from tracker.web.overview_parts import FIGURE_WORDS, TABS, by_unit, page_parts
from tracker.web.paging import PAGE, numbered
from tracker.web.ticket_lines import shown

blueprint = Blueprint("overview", __name__)

BODIES = 25
"""Bodies on the page, those with most concerns first; a ward has fewer, a province hundreds."""


def _chosen(reference: Reference) -> tuple[UnitNode, list[UnitNode]]:
    """Return the unit named in the address, else the person's topmost, and all that may be chosen."""
    units = open_units(Action.OVERVIEW_READ, reference.tree)
    named = request.args.get("don_vi", type=whole)
    if named is None:
        return units[0], units
    unit = reference.tree.unit(named)
    allow(Action.OVERVIEW_READ, Resource(unit_path=reference.tree.path(named)))
    return unit, units


def _seen(unit: UnitNode, *, exact: bool = False) -> Overview:
    quarter = chosen_quarter(request.args.get("quy"), context.today())
    return overview_of(context.session(), unit.id, quarter, context.now(), exact=exact)


@blueprint.get("/toan-canh")
@needs(Action.OVERVIEW_READ)
def show() -> ResponseReturnValue:
    reference = context.reference()
    unit, units = _chosen(reference)
    seen = _seen(unit)
    leader, quarter = leader_part(reference), seen.span.quarter
    return render_template(
        "overview/show.html",
        unit=unit,
        seen=seen,
        choices=_offered(units, unit),
        quarters=quarter_choices(context.today()),
        escalated=leader["escalated"] if leader else None,
        report=last_report(context.session(), unit.id, seen.figures.quarter),
        levels=level_words(reference.ladder, reference.on),
        bodies_shown=BODIES,
        sent_back=sent_back(
            context.session(), _committees(unit, reference), quarter.start, quarter.end, reference.tree
        ),
        may_decide=bool(may(context.actor(), Action.ASSESSMENT_DECIDE)),
        units=by_unit(seen, unit),
        **page_parts(seen),
    )


def _committees(unit: UnitNode, reference: Reference) -> list[int]:
    """Return the committees whose concerns the overview of the unit counts; of a branch none, they are too few."""
    return [one.id for one in reference.tree.below(unit.id) if one.kind != UnitKind.BRANCH]


def _offered(units: Sequence[UnitNode], chosen: UnitNode) -> list[UnitNode]:
    """Return the committees, and the branches of the one looked at: all branches would make a list of hundreds."""
    near = {chosen.id, chosen.parent_id} if chosen.kind == UnitKind.BRANCH else {chosen.id}
    return [
        unit
        for unit in units
        if unit.kind != UnitKind.BRANCH or unit.id == chosen.id or unit.parent_id in near
    ]


@blueprint.get("/toan-canh/so-lieu")
@needs(Action.OVERVIEW_READ)
def rows() -> ResponseReturnValue:
    reference = context.reference()
    unit, _units = _chosen(reference)
    seen = _seen(unit, exact=True)
    what, narrowed = request.args.get("so", ""), _narrowed()
    total = seen.count(what, narrowed)
    page = max(1, request.args.get("trang", 1, type=whole))
    return render_template(
        "overview/rows.html",
        unit=unit,
        seen=seen,
        title=figure_words(reference)[what],
        narrowed=_narrowed_words(narrowed, reference),
        kind="concerns" if what in behind.CONCERNS else "months" if what in behind.MONTHS else "meetings",
        found=_page_of(seen, what, narrowed, page, reference),
        names={branch.id: branch.name for branch in seen.rows.branches},
        tabs=_tabs(what, seen, narrowed),
        pager=numbered(page, total, lambda number: _same_address(trang=number)),
    )


def _day(typed: str | None) -> date | None:
    try:
        return date.fromisoformat(f"{typed}-01") if typed else None
    except ValueError:
        return None


def _narrowed() -> behind.Narrowed:
    args = request.args
    return behind.Narrowed(
        body=(args["co_quan"], args.get("ten", "")) if "co_quan" in args else None,
        branch_type=args.get("loai") or None,
        branch_id=args.get("chi_bo", type=whole),
        committee_id=args.get("cap_uy", type=whole),
        month=_day(args.get("thang")),
    )


def _page_of(
    seen: Overview, what: str, narrowed: behind.Narrowed, page: int, reference: Reference
) -> list[Any]:
    """Return the page's rows; concerns with their words, read for this page only."""
    here = seen.page(context.session(), what, narrowed, page, PAGE)
    if what not in behind.CONCERNS or not here:
        return here
    wanted = TicketFilter(View.ALL, numbers=tuple(row.number for row in here))
    reach = ticket_reach(context.actor(), reference.tree)
    return shown(ticket_rows(context.session(), reach, wanted, context.now()).lines, reference)


def figure_words(reference: Reference) -> Mapping[str, str]:
    """Return what each figure is called above its rows; the ladder's levels are called what they do."""
    levels = level_words(reference.ladder, reference.on)
    named = {
        name: _("Bậc đôn đốc nay không còn dùng") for name in behind.OF_BOTH if name.startswith("level-")
    }
    said = {f"level-{level}": _("Đã lên bậc: %(words)s", words=words) for level, words in levels.items()}
    return {**FIGURE_WORDS, **named, **said}


def _tabs(what: str, seen: Overview, narrowed: behind.Narrowed) -> list[dict[str, Any]]:
    """Return the figures that make a whole together with this one, each with its count and address."""
    group = next((group for group in TABS if what in group), ())
    return [
        {
            "label": FIGURE_WORDS[name],
            "count": seen.count(name, narrowed),
            "url": _same_address(so=name, trang=None),
            "current": name == what,
        }
        for name in group
    ]


def _same_address(**changed: Any) -> str:
    return url_for("overview.rows", **{**request.args.to_dict(), **changed})


def _narrowed_words(narrowed: behind.Narrowed, reference: Reference) -> list[str]:
    units = reference.tree.units
    asked = (one for one in (narrowed.committee_id, narrowed.branch_id) if one is not None)
    named = [units[one].name for one in asked if one in units]
    if narrowed.body is not None:
        named.append(narrowed.body[1] or "Chờ phân loại")
    if narrowed.branch_type is not None:
        named.append(type_words(narrowed.branch_type))
    if narrowed.month is not None:
        named.append(f"tháng {narrowed.month.month}/{narrowed.month.year}")
    return named
