"""Which branches there are, from the real localities and base bodies, and invented names for people."""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

from tracker.demonstration.arguments import Dice
from tracker.demonstration.texts import content, rows
from tracker.domain.org import BranchType
from tracker.domain.text import fold

BUSY = frozenset({"Chi bộ thôn Hồi Quan", "Chi bộ 1 khu phố Phù Lưu"})
"""Branches whose secretaries' log-ins are printed: their desks should have something on them."""

ALWAYS = "Chi bộ thôn Hồi Quan"
"""The branch in the article's photograph: it is there at every size."""


def person(dice: Dice) -> str:
    """Return an invented full name."""
    parts = content().names
    sex = "male" if dice.chance(0.64) else "female"
    family = dice.pick(parts["family"])
    return f"{family} {dice.pick(parts[f'middle_{sex}'])} {dice.pick(parts[f'given_{sex}'])}"


def slug(name: str) -> str:
    """Return the letters and digits of a name, for user names."""
    return "".join(letter for letter in fold(name) if letter.isalnum())


def branch_specs(wanted: int) -> list[dict[str, Any]]:
    """Return so many branches, in a mix like the whole's: 39 of the base and 202 dependent ones in 241."""
    dependent = list(_dependent())
    base = [
        {**row, "is_base": True, "locality": row["name"].removeprefix("Chi bộ ")}
        for row in rows("base_branches")
    ]
    everything = dependent + base
    if wanted >= len(everything):
        extra = (
            {**spec, "name": f"{spec['name']} (bổ sung {number})"}
            for number, spec in enumerate(cycle(dependent), start=1)
        )
        return everything + list(islice(extra, wanted - len(everything)))
    few = max(1, round(len(base) * wanted / len(everything))) if wanted > 1 else 0
    return _spread(dependent, wanted - few) + _spread(base, few)


def _spread(items: list[dict[str, Any]], wanted: int) -> list[dict[str, Any]]:
    """Return some of the items, evenly spread, the one that is always there among them."""
    step = len(items) / max(wanted, 1)
    picked = [items[int(number * step)] for number in range(wanted)]
    always = next((item for item in items if item["name"] == ALWAYS), None)
    if always is not None and picked and always not in picked:
        nearest = min(range(wanted), key=lambda at: abs(items.index(picked[at]) - items.index(always)))
        picked[nearest] = always
    return picked


def _dependent() -> Iterator[dict[str, Any]]:
    for row in rows("localities"):
        locality, how_many = f"{row['word']} {row['name']}", int(row["branches"])
        for number in range(1, how_many + 1):
            name = f"Chi bộ {locality}" if how_many == 1 else f"Chi bộ {number} {locality}"
            yield {
                "committee": row["committee"],
                "branch_type": BranchType.LOCALITY,
                "name": name,
                "locality": locality,
                "is_base": False,
                "slug": slug(row["name"]) + (str(number) if how_many > 1 else ""),
            }
