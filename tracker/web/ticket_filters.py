"""Reads what a list is narrowed to from its address, and writes it back into links."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from tracker.domain.dates import Quarter, date_words
from tracker.domain.escalation import level_words
from tracker.domain.org import BRANCH_TYPE_WORDS, UnitKind
from tracker.domain.ticket_lists import OUTCOME_WORDS, Cursor, Outcome, TicketFilter, View, numbers_meant
from tracker.services.reference import Reference

Code = TypeVar("Code", bound=StrEnum)


@dataclass(frozen=True)
class Asked:
    """An address taken apart: the filter, the cursors, what to repeat in links and what narrows it in words."""

    filter: TicketFilter
    after: Cursor | None
    before: Cursor | None
    kept: Mapping[str, Any]
    narrowed: tuple[str, ...]

    @property
    def is_narrowed(self) -> bool:
        """Whether a box of the filter holds something."""
        return bool({"number", "unit", "body", "category", "urgency"} & set(self.kept))


KEYS = (
    "state",
    "outcome",
    "unit",
    "branch_type",
    "body",
    "category",
    "urgency",
    "level",
    "number",
    "quarter",
    "from",
    "to",
)
"""What an address may ask for; ``unit`` and ``body`` are ids, ``quarter`` is like 2026Q3, days are ISO."""


def asked(args: MultiDict[str, str], reference: Reference) -> Asked:
    """Return what the address asks for; a value that means nothing narrows nothing."""
    kept = {key: args[key].strip() for key in KEYS if args.get(key, "").strip()}
    outcome = _member(Outcome, kept.get("outcome"))
    narrow = any(key in kept for key in ("outcome", "quarter", "from", "to", "number", "level"))
    view = _member(View, kept.get("state")) or (View.ALL if narrow else View.OPEN)
    first, last = _days(kept)
    branches, committees = _places(kept, reference)
    found = TicketFilter(
        view=view,
        outcome=outcome,
        branch_ids=branches,
        committee_ids=committees,
        body_ids=_ids(kept.get("body")),
        category=kept.get("category"),
        urgency=kept.get("urgency"),
        least_level=_number(kept.get("level")),
        numbers=_numbers(kept.get("number"), reference),
        raised_from=first,
        raised_to=last,
    )
    after, before = cursors(args, view)
    return Asked(found, after, before, kept | {"state": view.value}, _words(found, kept, reference))


def cursors(args: MultiDict[str, str], view: View) -> tuple[Cursor | None, Cursor | None]:
    """Return where the page begins (``after``) or ends (``before``), each exclusive; both None for the first page."""
    return Cursor.parse(args.get("after", ""), view), Cursor.parse(args.get("before", ""), view)


def _member(kind: type[Code], value: str | None) -> Code | None:
    return next((member for member in kind if member.value == value), None)


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else None


def _ids(value: str | None) -> tuple[int, ...] | None:
    number = _number(value)
    return None if number is None else (number,)


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _days(kept: Mapping[str, str]) -> tuple[date | None, date | None]:
    """Return first and last day raised, both inclusive."""
    try:
        quarter = Quarter.parse(kept.get("quarter", ""))
    except ValueError:
        return _day(kept.get("from")), _day(kept.get("to"))
    return quarter.start, date.fromordinal(quarter.end.toordinal() - 1)


def _places(
    kept: Mapping[str, str], reference: Reference
) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    """Return the branches and the committees asked for; a branch's type means all such branches below the unit."""
    tree = reference.tree
    unit = tree.units.get(_number(kept.get("unit")) or 0)
    kind = kept.get("branch_type")
    if kind in BRANCH_TYPE_WORDS:
        nodes = tree.branches(unit.id) if unit else tree.units.values()
        return tuple(node.id for node in nodes if node.branch_type == kind), None
    if unit is None:
        return None, None
    if unit.kind == UnitKind.BRANCH:
        return (unit.id,), None
    return None, tuple(node.id for node in tree.below(unit.id) if node.kind != UnitKind.BRANCH)


def _numbers(typed: str | None, reference: Reference) -> tuple[str, ...] | None:
    if typed is None:
        return None
    symbols = {unit.symbol for unit in reference.tree.units.values() if unit.kind != UnitKind.BRANCH}
    return numbers_meant(typed, symbols, (reference.on.year, reference.on.year - 1))


def _least(level: int | None, reference: Reference) -> str:
    """Return from which level of the ladder on, in words."""
    if level is None:
        return ""
    words = level_words(reference.ladder, reference.on)
    here = next((said for at, said in words.items() if at >= level), "")
    return (
        _("đã lên bậc: %(words)s, hoặc cao hơn", words=here) if here else _("bậc đôn đốc nay không còn dùng")
    )


def _words(found: TicketFilter, kept: Mapping[str, str], reference: Reference) -> tuple[str, ...]:
    """Return what the list is narrowed to beyond its view, for the person to read."""
    unit = reference.tree.units.get(_number(kept.get("unit")) or 0)
    parts = [
        OUTCOME_WORDS[found.outcome] if found.outcome else "",
        unit.name if unit else "",
        BRANCH_TYPE_WORDS.get(kept.get("branch_type", ""), ""),
        _("nêu từ %(day)s", day=date_words(found.raised_from)) if found.raised_from else "",
        _("nêu đến %(day)s", day=date_words(found.raised_to)) if found.raised_to else "",
        _least(found.least_level, reference),
        _("số “%(number)s”", number=kept["number"]) if "number" in kept else "",
    ]
    return tuple(part for part in parts if part)
