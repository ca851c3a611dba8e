"""Reads categories and routing rules as the domain's rule book."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.seed.routing import shipped_keys
from tracker.db.tables.org import BodyVersion
from tracker.db.tables.routing import ConcernCategory, RoutingRule
from tracker.domain.routing_rows import split_phrases
from tracker.domain.rule_book import BodyName, Category, RuleBook, RuleKind, WordRule
from tracker.domain.tickets import Urgency


def category_value(row: ConcernCategory) -> Category:
    """Return the row as a value."""
    return Category(
        code=row.code,
        name=row.name,
        is_restricted=row.is_restricted,
        position=row.position,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def rule_value(row: RoutingRule) -> WordRule:
    """Return the row as a value; raise Invalid for a phrase without a word."""
    return WordRule(
        code=row.code,
        kind=RuleKind(row.kind),
        position=row.position,
        phrases=split_phrases(row.phrases),
        unless=split_phrases(row.unless, "unless"),
        category=row.category,
        unit=row.unit_code,
        body=row.body_code,
        urgency=Urgency(row.urgency) if row.urgency else None,
        restricted=row.restricted,
        weight=row.weight,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        tag=row.tag,
        is_own=(row.code, row.valid_from) not in shipped_keys(),
    )


def load_categories(session: Session) -> tuple[Category, ...]:
    """Return all categories of every validity in their order; one query."""
    rows = session.scalars(
        select(ConcernCategory).order_by(ConcernCategory.position, ConcernCategory.valid_from)
    )
    return tuple(category_value(row) for row in rows)


def load_rule_book(session: Session) -> RuleBook:
    """Return the whole rule book, every validity; three queries whatever the number of rows.

    Compiling takes some tens of milliseconds: keep the book while the reference stamp stands. The bodies'
    names are the latest ones; wards share a body's code, so one name stands for all of them.
    """
    rules = session.scalars(select(RoutingRule).order_by(RoutingRule.position, RoutingRule.code))
    return RuleBook(load_categories(session), _body_names(session), tuple(rule_value(row) for row in rules))


def _body_names(session: Session) -> tuple[BodyName, ...]:
    """Return one name for each body code, the latest: a short one, for the full name is one ward's own."""
    rows = session.execute(
        select(
            BodyVersion.code,
            BodyVersion.name,
            BodyVersion.short_name,
            BodyVersion.kind,
            BodyVersion.in_chain,
        ).order_by(BodyVersion.valid_from, BodyVersion.id)
    )
    latest = {
        code: BodyName(code=code, name=short or name, short_name=short, kind=kind, in_chain=in_chain)
        for code, name, short, kind, in_chain in rows
    }
    return tuple(latest.values())
