"""Rows as the administrator's lists show them: words in columns, in force or not, found by words, by pages."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from flask import request, url_for

from tracker.domain.text import fold
from tracker.web.paging import PAGE, numbered


@dataclass(frozen=True)
class Column:
    """One column: its head and how a row's words are made. The ``lead`` is the card's title on a phone."""

    head: Any
    words: Callable[[Any], Any]
    number: bool = False
    lead: bool = False

    @property
    def table_head(self) -> dict[str, Any]:
        """The head as the table macro takes it."""
        return {"label": self.head, "number": self.number}


@dataclass(frozen=True)
class Line:
    """One row in words. ``standing``: now, future, past or off."""

    cells: tuple[Any, ...]
    url: str
    standing: str
    valid_from: date | None
    valid_to: date | None
    source: str
    tag: str | None


@dataclass(frozen=True)
class Listing:
    """A page of lines. ``sought``: what was looked for; ``everything``: with those no longer in force."""

    columns: Sequence[Column]
    lines: Sequence[Line]
    total: int
    pager: dict[str, Any]
    sought: str
    everything: bool


def standing(row: Any, today: date) -> str:
    """Return how the row stands on the day: off, future, past or now."""
    if not getattr(row, "is_active", True):
        return "off"
    if row.valid_from > today:
        return "future"
    return "past" if row.valid_to is not None and row.valid_to <= today else "now"


def lines(
    rows: Iterable[Any], columns: Sequence[Column], today: date, url: Callable[[Any], str]
) -> list[Line]:
    """Return the rows in words, in their order."""
    return [
        Line(
            cells=tuple(column.words(row) for column in columns),
            url=url(row),
            standing=standing(row, today),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            source=getattr(row, "source", getattr(row, "decision", "")),
            tag=getattr(row, "tag", None),
        )
        for row in rows
    ]


def listing(
    rows: Iterable[Any], columns: Sequence[Column], today: date, url: Callable[[Any], str]
) -> Listing:
    """Return the page of lines that the request asks for: ``q`` words, ``xem`` all or those in force, ``trang``."""
    sought, everything = request.args.get("q", "").strip()[:100], request.args.get("xem") == "tat-ca"
    found = [
        line
        for line in lines(rows, columns, today, url)
        if (everything or line.standing in ("now", "future")) and found_by(sought, line.cells)
    ]
    shown, pager = page_of(found)
    return Listing(
        columns=columns,
        lines=shown,
        total=len(found),
        pager=pager,
        sought=sought,
        everything=everything,
    )


def found_by(sought: str, words: Iterable[Any]) -> bool:
    """Return whether the words hold what is sought, with or without marks; nothing sought finds all."""
    return not sought or fold(sought) in fold(" ".join(str(word) for word in words))


def page_of(found: Sequence[Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    """Return the rows of the page that the request asks for (``trang``), and the pager for the macro."""
    page = _page_number(len(found))
    return found[(page - 1) * PAGE : page * PAGE], numbered(page, len(found), _address)


def _page_number(total: int) -> int:
    asked = request.args.get("trang", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return max(1, min(number, ceil(total / PAGE)))


def _address(number: int) -> str:
    kept: dict[str, Any] = {
        name: value for name, value in request.args.items() if name in ("q", "xem", "trong")
    }
    return url_for(request.endpoint or "", **kept, trang=number)
