"""How a ticket reads in a list: names for its ids, its due time in words, and why it is there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for

from tracker.db.reading.tickets import TicketLine
from tracker.domain.escalation import rungs_for
from tracker.domain.people import ROLE_WORDS
from tracker.domain.ticket_lists import DueWords, due_words
from tracker.domain.tickets import Urgency
from tracker.domain.time_limits import Clock
from tracker.services.reference import Reference
from tracker.web import context


@dataclass(frozen=True)
class Shown:
    """One line with its words; ``level`` is empty below the first level of authority."""

    line: TicketLine
    url: str
    branch: str
    body: str
    proposed: str
    category: str
    level: str
    due: DueWords
    #: what a request for more time that waits would move, in words; only for those who decide on it
    asked: str = ""


def shown(lines: Iterable[TicketLine], reference: Reference) -> list[Shown]:
    """Return the lines as a page shows them; asks the database nothing."""
    names, base = category_names(reference), url_for("tickets.index")
    levels = {urgency: authority_names(reference, urgency) for urgency in Urgency}
    return [_shown(line, reference, names, levels, base) for line in lines]


def _shown(
    line: TicketLine,
    reference: Reference,
    categories: dict[str, str],
    levels: Mapping[Urgency, dict[int, str]],
    base: str,
) -> Shown:
    tree = reference.tree
    branch = tree.units.get(line.branch_id)
    body, proposed = tree.bodies.get(line.body_id or 0), tree.bodies.get(line.proposed_body_id or 0)
    return Shown(
        line=line,
        url=f"{base}/{line.id}",
        branch=branch.name if branch else "",
        body=body.name if body else "",
        proposed=proposed.name if proposed else "",
        category=categories.get(line.category or "", ""),
        level=levels[Urgency(line.urgency)].get(line.level, ""),
        due=due_words(line.status, line.due_at, line.answered_at, context.now(), line.paused_until),
    )


def category_names(reference: Reference) -> dict[str, str]:
    """Return the names of the day's categories by code, in their order."""
    on = reference.on
    return {
        one.code: one.name
        for one in reference.book.categories
        if one.valid_from <= on and (one.valid_to is None or on < one.valid_to)
    }


def level_names(reference: Reference, urgency: str) -> dict[int, str]:
    """Return what the levels of the ladder are called for tickets of that urgency."""
    return {rung.level: rung.name for rung in rungs_for(reference.ladder, urgency, reference.on)}


def authority_names(reference: Reference, urgency: str) -> dict[int, str]:
    """Return who is told on each level of authority: a reminder to the official himself is no level to show.

    The rung's own name says when the clock climbs it; a branch's refusal climbs it too, so the name would mislead.
    """
    rungs = rungs_for(reference.ladder, urgency, reference.on)
    return {rung.level: ROLE_WORDS[rung.recipient] for rung in rungs if not rung.is_warning}


def level_of(reference: Reference, role: str) -> int | None:
    """Return the lowest level at which the role is told, None when the ladder never tells it."""
    levels = [
        rung.level
        for rung in reference.ladder
        if rung.clock == Clock.ANSWER
        and rung.recipient == role
        and not rung.is_warning
        and rung.holds_on(reference.on)
    ]
    return min(levels, default=None)
