"""Keeping the routing rules: words and fields that lead to a body, an urgency or a restriction."""

from typing import Any

from tracker.db.tables.routing import RoutingRule
from tracker.domain.errors import Invalid
from tracker.domain.routing_rows import check_rule, split_phrases
from tracker.domain.rule_book import RuleBook, RuleKind, WordRule
from tracker.domain.tickets import Urgency
from tracker.domain.validity import DatedChange, check_code
from tracker.services.dated import DatedRows, with_row
from tracker.services.unit import Unit

POSITION_MAX, WEIGHT_MAX = 99_999, 100
_COLUMNS = {column.key for column in RoutingRule.__table__.columns}
_FIELDS = {"body": "body_code", "unit": "unit_code"}


def _check(change: DatedChange, row: Any, unit: Unit) -> None:
    """Raise Invalid, by the form's names, when no rule book can be built with the rule."""
    if row is None:
        check_code(change.values["code"])
    for name, most in (("position", POSITION_MAX), ("weight", WEIGHT_MAX)):
        if not 0 <= change.values[name] <= most:
            sentence = f"Số phải từ 0 đến {most}."
            raise Invalid(sentence, {name: sentence})
    try:
        rule = _rule(with_row(change, row, _COLUMNS))
        check_rule(rule)
        RuleBook((), (), (rule,))
    except Invalid as invalid:
        named = {_FIELDS.get(name, name): words for name, words in invalid.fields.items()}
        raise Invalid(invalid.sentence, named) from invalid


def _rule(values: dict[str, Any]) -> WordRule:
    return WordRule(
        code=values["code"],
        kind=RuleKind(values["kind"]),
        position=values["position"],
        phrases=split_phrases(values["phrases"]),
        unless=split_phrases(values["unless"], "unless"),
        category=values["category"],
        unit=values["unit_code"],
        body=values["body_code"],
        urgency=Urgency(values["urgency"]) if values["urgency"] else None,
        restricted=values["restricted"],
        weight=values["weight"],
        valid_from=values["valid_from"],
        valid_to=values["valid_to"],
    )


RULES = DatedRows(RoutingRule, ("code",), ("kind", "position", "code", "valid_from"), _check)
"""The routing rules, a code each, in the order in which they are asked."""
