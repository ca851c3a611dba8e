"""Spans of time, half-open, and what is left of one when others are taken out."""

from datetime import datetime

Span = tuple[datetime, datetime]
"""From (inclusive) to (exclusive), both aware."""


def cut(span: Span, closed: tuple[Span, ...]) -> list[Span]:
    """Return what is left of the span without the closed spans, which are in order and apart."""
    if span[1] <= span[0]:
        return []
    if not closed:
        return [span]
    left: list[Span] = []
    begins, ends = span
    for from_, to in closed:
        if to <= begins or ends <= from_:
            continue
        if begins < from_:
            left.append((begins, from_))
        begins = to
    if begins < ends:
        left.append((begins, ends))
    return left
