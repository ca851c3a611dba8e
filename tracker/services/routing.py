"""Suggesting where a concern goes: for the sheet while it is typed, and for ``tracker route``."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from threading import Lock
from typing import Any

from sqlalchemy.orm import Session

from tracker.db.reading.learning import load_model
from tracker.db.reading.routing import load_rule_book
from tracker.db.seed.learning import shipped_shorthand
from tracker.domain.learning import Model
from tracker.domain.org import OrgTree
from tracker.domain.routing import Suggestion
from tracker.domain.rule_book import Category, RuleBook
from tracker.domain.shorthand import shorthand_on, spelled_out
from tracker.domain.splitting import split_offer
from tracker.domain.suggesting import suggest_with
from tracker.domain.text import tidy
from tracker.services.reference import present_stamp

_kept: dict[tuple[str, int], RuleBook] = {}
_lock = Lock()


def rule_book(session: Session) -> RuleBook:
    """Return the rule book in force; one query while nothing was changed since it was last read.

    It holds every validity, so one book serves every day. Each process keeps the last few.
    """
    stamp = present_stamp(session)
    key = (str(session.get_bind().engine.url), stamp)
    kept = _kept.get(key)
    if kept is None:
        kept = load_rule_book(session)
        with _lock:
            if len(_kept) >= 4:
                _kept.clear()
            _kept[key] = kept
    return kept


def routing_model(session: Session) -> Model | None:
    """Return the learned model in force, None before anything was learned."""
    return load_model(session)


def categories_on(book: RuleBook, on: date) -> list[Category]:
    """Return the categories that may be chosen on that day, in their order."""
    held = [one for one in book.categories if book.category(one.code, on) is one]
    return sorted(held, key=lambda one: (one.position, one.code))


def unit_codes(tree: OrgTree, unit_id: int) -> tuple[str, ...]:
    """Return the codes of the unit and its parents, nearest first; raise NotFound for an unknown unit."""
    return tuple(tree.unit(one).code for one in tree.path(unit_id))


def suggest_for(
    book: RuleBook,
    text: str,
    *,
    units: Sequence[str],
    on: date,
    category: str | None = None,
    model: Model | None = None,
) -> Suggestion:
    """Return the suggestion for a text as it was typed. ``category``: what the person chose, if anything.

    ``model`` None: the rules alone decide.
    """
    text = tidy(text)
    spelled = spelled_out(text, shorthand_on(shipped_shorthand(), on))
    return replace(suggest_with(spelled, book, model, units, on, category or None), text=text)


def split_for(
    book: RuleBook, text: str, *, units: Sequence[str], on: date, model: Model | None = None
) -> tuple[str, ...]:
    """Return the matters into which a typed text may be divided, in their order; empty when it holds one alone."""
    parts = split_offer(text, lambda piece: suggest_for(book, piece, units=units, on=on, model=model))
    return tuple(part.text for part in parts)


def suggestion_json(found: Suggestion, limit: int = 3) -> dict[str, Any]:
    """Return the shape that ``tracker route --json`` prints and the sheet's script reads; may only grow.

    ``limit``: at most so many alternatives.
    """
    return {
        "text": found.text,
        "category": found.category,
        "body": found.body,
        "urgency": str(found.urgency),
        "restricted": found.restricted,
        "because": list(found.because),
        "alternatives": [
            {"category": one.category, "body": one.body, "score": one.score}
            for one in found.alternatives[:limit]
        ],
        "rule": found.rule,
        "sure": found.sure,
        "model": found.model,
    }
