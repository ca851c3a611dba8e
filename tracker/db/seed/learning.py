"""The shipped examples, terms and short forms (``tracker/data/routing``) as values of the domain."""

from datetime import date
from functools import cache

from tracker.db.seed.routing import shipped_rows, shipped_rule_book
from tracker.domain.learning import Example
from tracker.domain.routing_rows import SEPARATOR
from tracker.domain.rule_book import RuleKind, WordRule
from tracker.domain.shorthand import Shorthand


@cache
def shipped_shorthand() -> tuple[Shorthand, ...]:
    """Return the short forms as they are shipped."""
    return tuple(
        Shorthand(
            row["short"],
            row["words"],
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in shipped_rows("abbreviations.csv")
    )


def shipped_examples() -> tuple[Example, ...]:
    """Return the whole concerns that were written as examples, by hand; none is anybody's real concern."""
    return tuple(
        Example(
            text=row["text"],
            category=row["category"],
            body=row["body"],
            urgency=row["urgency"],
            restricted=row["restricted"] == "yes",
        )
        for row in shipped_rows("examples.csv")
    )


def shipped_terms() -> tuple[Example, ...]:
    """Return the terms of each field: those written for the learner and those of the shipped rules."""
    return (*_written_terms(), *_rule_terms())


def _written_terms() -> tuple[Example, ...]:
    return tuple(
        Example(
            text=term,
            category=row["category"] or None,
            body=row["body"] or None,
            restricted=row["restricted"] == "yes",
            is_term=True,
        )
        for row in shipped_rows("vocabulary.csv")
        for term in row["phrases"].split(SEPARATOR)
    )


def _rule_terms() -> tuple[Example, ...]:
    """Return the words of the shipped rules that choose a body; of words given as choices the first."""
    book = shipped_rule_book()
    closed = {one.code for one in book.categories if one.is_restricted}
    rules = [rule for rule in book.rules if rule.kind is RuleKind.BODY and rule.category]
    return tuple(_term(rule, phrase, closed) for rule in rules for phrase in rule.phrases)


def _term(rule: WordRule, phrase: str, closed: set[str]) -> Example:
    return Example(
        text=phrase.replace("+", " ").split("/")[0].strip(),
        category=rule.category,
        body=rule.body,
        restricted=rule.category in closed,
        is_term=True,
    )
