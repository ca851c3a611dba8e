"""Learning anew where concerns go: from the shipped examples and every correction that the office made.

The learning takes some seconds, so it is done before the transaction that keeps it; two processes that do it at
once make the same version, and the database takes one.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from tracker.db.reading.learning import corrections, latest_version
from tracker.db.reading.routing import load_rule_book
from tracker.db.seed.learning import shipped_examples, shipped_shorthand, shipped_terms
from tracker.db.tables.learning import RoutingModel
from tracker.domain.dates import local_date
from tracker.domain.learning import Example, Model, learn
from tracker.domain.model_file import FORMAT, digest, model_bytes
from tracker.domain.people import SYSTEM
from tracker.domain.rule_book import RuleBook
from tracker.domain.shorthand import shorthand_on, spelled_out
from tracker.domain.suggesting import hints
from tracker.services.reference import touch_reference
from tracker.services.unit import Unit, Wiring, unit_of_work

_made: dict[str, bytes] = {}
"""What this process made last, by its basis: a second empty database needn't be taught anew."""


def shipped_lessons() -> list[Example]:
    """Return all that is shipped to learn from: whole concerns and terms."""
    return [*shipped_examples(), *shipped_terms()]


def learn_anew(
    wiring: Wiring, now: datetime, lessons: Callable[[], Sequence[Example]] = shipped_lessons
) -> int | None:
    """Learn and keep a new version; return its number, None when nothing changed since the last. Commits.

    ``lessons``: what is known without the office; its corrections are added from the database.
    """
    session, on = wiring.session(), local_date(now)
    book, given = load_rule_book(session), corrections(session, on)
    shipped = lessons()
    every = [*shipped, *given]
    basis = _basis(every, book, on)
    last = latest_version(session)
    if last is not None and last.basis == basis:
        session.rollback()
        return None
    session.rollback()
    content = _made.get(basis) or model_bytes(taught(every, book, on))
    _made.clear()
    _made[basis] = content
    with unit_of_work(wiring, actor=SYSTEM, now=now) as unit:
        return _keep(content, basis, sum(not one.is_term for one in shipped), len(given), unit)


def taught(examples: Sequence[Example], book: RuleBook, on: date) -> Model:
    """Return the model of the examples, their short forms spelled out, by the rules of that day."""
    table = shorthand_on(shipped_shorthand(), on)
    spelled = [Example(**{**asdict(one), "text": spelled_out(one.text, table)}) for one in examples]
    return learn(spelled, lambda text: hints(text, book, (), on))


def _basis(examples: Sequence[Example], book: RuleBook, on: date) -> str:
    """Return a digest of all that the model depends on: the rules in force count, the day itself doesn't."""
    rules = [asdict(rule) for rule in book.rules if rule.holds_on(on)]
    told = [FORMAT, [asdict(one) for one in examples], rules, [asdict(one) for one in shipped_shorthand()]]
    return hashlib.sha256(json.dumps(told, default=str, sort_keys=True).encode()).hexdigest()


def _keep(content: bytes, basis: str, examples: int, given: int, unit: Unit) -> int | None:
    """Keep the bytes as the next version; None when another did.

    Of those before it stays known when and of what they were made; their bytes, which hold words of real
    concerns, serve nothing any more and are dropped.
    """
    last = latest_version(unit.session)
    if last is not None and last.basis == basis:
        return None
    version = 1 + (unit.session.scalar(select(func.max(RoutingModel.version))) or 0)
    made = RoutingModel(
        version=version,
        made_at=unit.now,
        basis=basis,
        sha256=digest(content),
        examples=examples,
        corrections=given,
        content=content,
    )
    try:
        with unit.session.begin_nested():
            unit.session.add(made)
    except IntegrityError:
        return None
    unit.session.execute(update(RoutingModel).where(RoutingModel.version < version).values(content=None))
    touch_reference(unit.session)
    unit.record("routing_model", made.id, "learned", version=version, sha256=made.sha256, corrections=given)
    return version
