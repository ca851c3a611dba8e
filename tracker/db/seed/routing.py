"""Loads the shipped categories and routing rules (``tracker/data/routing``)."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.tables.routing import ConcernCategory, RoutingRule
from tracker.domain.routing_rows import SEPARATOR, body_from_row, category_from_row, rule_from_row
from tracker.domain.rule_book import BodyName, RuleBook, RuleKind, WordRule

RULE_FILES: Mapping[RuleKind, str] = {
    RuleKind.CATEGORY: "category_words.csv",
    RuleKind.BODY: "routing_rules.csv",
    RuleKind.MARK: "urgency_words.csv",
}


def shipped_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one shipped routing file by its columns' heads."""
    text = files("tracker.data").joinpath("routing", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def shipped_bodies() -> tuple[BodyName, ...]:
    """Return the bodies as they are shipped: codes, names, kinds; each ward has its own of those in the chain."""
    return tuple(body_from_row(row) for row in shipped_rows("bodies.csv"))


@cache
def shipped_rule_book() -> RuleBook:
    """Return the rule book as it is shipped, compiled once a process; for the command line without a database."""
    rules = tuple(rule_from_row(row, kind) for kind, name in RULE_FILES.items() for row in shipped_rows(name))
    categories = tuple(category_from_row(row) for row in shipped_rows("categories.csv"))
    return RuleBook(categories, shipped_bodies(), rules)


@cache
def shipped_keys() -> frozenset[tuple[str, date]]:
    """Return code and first day of every shipped rule; any other was written where the product is used."""
    return frozenset((rule.code, rule.valid_from) for rule in shipped_rule_book().rules)


def seed_routing(session: Session) -> None:
    """Add the shipped categories and rules that are missing; rows that are there stay. Flushes, never commits.

    Rows are known by code and first day: a shipped correction comes as a new ``valid_from``.
    Raises Invalid for shipped data with a fault.
    """
    _seed_categories(session)
    present = {
        (code, start) for code, start in session.execute(select(RoutingRule.code, RoutingRule.valid_from))
    }
    for rule in shipped_rule_book().rules:
        if (rule.code, rule.valid_from) not in present:
            session.add(rule_row(rule))
    session.flush()


def _seed_categories(session: Session) -> None:
    present = {
        (code, start)
        for code, start in session.execute(select(ConcernCategory.code, ConcernCategory.valid_from))
    }
    for row in shipped_rows("categories.csv"):
        category = category_from_row(row)
        if (category.code, category.valid_from) not in present:
            session.add(
                ConcernCategory(
                    code=category.code,
                    name=category.name,
                    is_restricted=category.is_restricted,
                    position=category.position,
                    valid_from=category.valid_from,
                    valid_to=category.valid_to,
                    source=row["source"],
                    tag=row["tag"],
                )
            )


def rule_row(rule: WordRule) -> RoutingRule:
    """Return a new row of the rule; not yet added to a session."""
    return RoutingRule(
        code=rule.code,
        kind=rule.kind,
        position=rule.position,
        category=rule.category,
        unit_code=rule.unit,
        phrases=SEPARATOR.join(rule.phrases),
        unless=SEPARATOR.join(rule.unless),
        body_code=rule.body,
        urgency=rule.urgency,
        restricted=rule.restricted,
        weight=rule.weight,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        source=rule.source,
        tag=rule.tag,
    )
