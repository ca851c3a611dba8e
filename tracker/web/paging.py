"""A list a page at a time: addresses of the pages before and behind, with what the list is narrowed to."""

from collections.abc import Callable
from typing import Any

from tracker.db.reading.tickets import TicketList

PAGE = 20
"""Rows on a page: on a phone they are cards below each other."""


def numbered(page: int, total: int, address: Callable[[int], str], size: int = PAGE) -> dict[str, Any]:
    """Return the pager of a counted list for the macro; ``address`` gives that of a page by its number (from 1)."""
    pages = max(1, -(-total // size))
    return {
        "page": page,
        "pages": pages,
        "total": total,
        "previous": address(min(page - 1, pages)) if page > 1 else None,
        "next": address(page + 1) if page < pages else None,
    }


def stepped(found: TicketList, address: Callable[..., str]) -> dict[str, str | None]:
    """Return the pager of a list that goes on from a ticket; ``address`` takes ``before`` or ``after``."""
    return {
        "previous": address(before=str(found.previous)) if found.previous else None,
        "next": address(after=str(found.following)) if found.following else None,
    }
