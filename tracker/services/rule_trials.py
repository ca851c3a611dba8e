"""What a routing rule would have done: the last concerns suggested again with it, beside what they get without."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.reading.routing import load_rule_book
from tracker.db.seed.learning import shipped_shorthand
from tracker.db.tables.tickets import Ticket
from tracker.domain.routing import Suggestion, weigh
from tracker.domain.rule_book import RuleBook
from tracker.domain.shorthand import shorthand_on, spelled_out
from tracker.domain.suggesting import suggest_with
from tracker.domain.text import tidy
from tracker.services.reference import Reference
from tracker.services.unit import Unit

LOOKED_AT = 500
"""Concerns, newest first. Restricted ones aren't looked at: who keeps the rules need not know of them."""


@dataclass(frozen=True)
class Moved:
    """One concern that would have gone elsewhere; bodies by code, None is triage."""

    ticket_id: int
    number: str
    before: Suggestion
    after: Suggestion


@dataclass(frozen=True)
class Trial:
    """How many concerns were looked at, and which of them would have gone elsewhere, newest first."""

    looked_at: int
    moved: tuple[Moved, ...]


def book_with(change: Callable[[Unit], Any], *, unit: Unit) -> RuleBook:
    """Return the rule book as the change would make it; the change is undone. Raises what the change raises."""
    with unit.trial():
        change(unit)
        unit.session.flush()
        return load_rule_book(unit.session)


def trial_of(tried: RuleBook, session: Session, reference: Reference) -> Trial:
    """Return which of the last concerns the tried rules would send elsewhere than those in force.

    Everything is reckoned with the rules and the model of today, whatever held when the concern was raised.
    """
    rows = session.execute(
        select(Ticket.id, Ticket.number, Ticket.text, Ticket.branch_id)
        .where(Ticket.is_restricted.is_(False))
        .order_by(Ticket.raised_on.desc(), Ticket.id.desc())
        .limit(LOOKED_AT)
    ).all()
    return Trial(len(rows), tuple(one for row in rows if (one := _moved(row, tried, reference))))


def _moved(row: Any, tried: RuleBook, reference: Reference) -> Moved | None:
    units = reference.tree.codes(row.branch_id)
    books, table = (reference.book, tried), shorthand_on(shipped_shorthand(), reference.on)
    text = spelled_out(tidy(row.text), table)
    # Where the rules say the same of a text, what was learned says the same too, and costs four times as much.
    if len({str(weigh(text, book, units, reference.on)) for book in books}) == 1:
        return None
    before, after = (suggest_with(text, book, reference.model, units, reference.on) for book in books)
    if (before.body, before.restricted) == (after.body, after.restricted):
        return None
    return Moved(row.id, row.number, before, after)
