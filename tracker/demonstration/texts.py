"""Reads the demonstration's content files: real places, invented persons, sentences of many styles."""

import csv
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tracker.domain.text import fold, tidy

FOLDER = Path(__file__).with_name("content")

_LETTERS = re.compile(r"\w+")


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one CSV file under content/, text as written (not normalised)."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class ConcernText:
    """One thing said in a meeting, with the place still open as ``{p}``."""

    category: str
    body: str
    urgency: str
    text: str


@dataclass(frozen=True)
class BounceText:
    """Why a body says "not ours", and whom it proposes; true only of a concern that holds one of the words."""

    target: str
    reason: str
    words: tuple[str, ...]

    def fits(self, text: str) -> bool:
        """Return whether the reason can be true of the text."""
        said = f" {' '.join(_LETTERS.findall(text.casefold()))} "
        bare = fold(said) == said.strip()
        return any(f" {fold(word) if bare else word.casefold()} " in said for word in self.words)


@dataclass(frozen=True)
class Content:
    """All content files, read once. Texts are in NFC, as they are after the door of a form."""

    concerns: tuple[ConcernText, ...]
    #: (category, quality) → answers; quality is good, vague or late
    answers: dict[tuple[str, str], tuple[str, ...]]
    on_the_spot: dict[str, tuple[str, ...]]
    refusals: tuple[str, ...]
    #: (body, category) → what that body may say when it isn't theirs
    bounces: dict[tuple[str, str], tuple[BounceText, ...]]
    #: pause, extension, granted or refused → why
    waiting: dict[str, tuple[str, ...]]
    conclusions: tuple[tuple[str, str, int], ...]
    #: group of criteria → what was weak in a meeting
    shortcomings: dict[str, tuple[str, ...]]
    places: tuple[str, ...]
    meeting_places: dict[str, tuple[str, ...]]
    names: dict[str, list[str]]


def _grouped(
    name: str, key: str, *values: str, where: tuple[str, str] | None = None
) -> dict[str, tuple[Any, ...]]:
    """Return the values of a file's rows by one column; of the rows that hold ``where`` alone, if given."""
    found: dict[str, list[Any]] = {}
    for row in rows(name):
        if where is not None and row[where[0]] != where[1]:
            continue
        picked = tuple(tidy(row[value]) for value in values)
        found.setdefault(row[key], []).append(picked if len(picked) > 1 else picked[0])
    return {group: tuple(items) for group, items in found.items()}


def _paired(name: str, keys: tuple[str, str], *values: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {
        (first, second): items
        for first in {row[keys[0]]: None for row in rows(name)}
        for second, items in _grouped(name, keys[1], *values, where=(keys[0], first)).items()
    }


@cache
def content() -> Content:
    """Return all content, read from the package once a process."""
    return Content(
        concerns=tuple(
            ConcernText(row["category"], row["body"], row["urgency"], tidy(row["text"]))
            for row in rows("concerns")
        ),
        answers=_paired("answers", ("category", "quality"), "text"),
        on_the_spot=_grouped("on_the_spot", "category", "text"),
        refusals=tuple(tidy(row["text"]) for row in rows("refusals")),
        bounces={
            pair: tuple(BounceText(target, reason, tuple(words.split("/"))) for target, reason, words in ways)
            for pair, ways in _paired("bounces", ("body", "category"), "to", "reason", "words").items()
        },
        waiting=_grouped("waiting", "act", "text"),
        conclusions=tuple((row["task"], row["assignee"], int(row["days"])) for row in rows("conclusions")),
        shortcomings=_grouped("shortcomings", "group", "text"),
        places=tuple(row["text"] for row in rows("places")),
        meeting_places=_grouped("meeting_places", "branch_type", "text"),
        names=json.loads((FOLDER / "names.json").read_text(encoding="utf-8")),
    )
