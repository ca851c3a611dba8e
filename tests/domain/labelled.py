"""Labelled concerns, and how far what was suggested for them agrees with their labels."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tracker.domain.routing import URGENCY_ORDER, Suggestion

HERE = Path(__file__).parent / "data"
# The three rows of the sample that ask for secrecy or are restricted by category carry no column of their own.
SECRECY = ("giữ kín", "báo riêng")


class Shares(NamedTuple):
    """Shares of 1. ``false_alarms``: of what is open; the more of each other, the better."""

    category: float
    body: float
    placed_right: float
    urgency_near: float
    restricted_found: float
    false_alarms: float


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_restricted(row: dict[str, str]) -> bool:
    if "restricted" in row:
        return row["restricted"] == "yes"
    return row["category"] in ("can_bo", "tu_tuong") or any(words in row["text"] for words in SECRECY)


def near(row: dict[str, str], found: Suggestion) -> bool:
    levels = [str(level) for level in URGENCY_ORDER]
    return abs(levels.index(row["urgency"]) - URGENCY_ORDER.index(found.urgency)) <= 1


def measured(name: str, suggest: Callable[[str], Suggestion]) -> Shares:
    pairs = [(row, suggest(row["text"])) for row in rows(HERE / name)]
    placed = [(row, found) for row, found in pairs if found.body is not None]
    closed = [found for row, found in pairs if is_restricted(row)]
    open_ = [found for row, found in pairs if not is_restricted(row)]
    return Shares(
        category=sum(found.category == row["category"] for row, found in pairs) / len(pairs),
        body=sum(found.body == row["body"] for row, found in pairs) / len(pairs),
        placed_right=sum(found.body == row["body"] for row, found in placed) / len(placed),
        urgency_near=sum(near(row, found) for row, found in pairs) / len(pairs),
        restricted_found=sum(found.restricted for found in closed) / len(closed),
        false_alarms=sum(found.restricted for found in open_) / len(open_),
    )


def keeps(found: Shares, floor: Shares) -> bool:
    """Return whether no share fell below the floor, and no more is closed without need than the floor says."""
    others = zip(found[:-1], floor[:-1], strict=True)
    return found.false_alarms <= floor.false_alarms and all(is_ >= least for is_, least in others)
