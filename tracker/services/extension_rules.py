"""Keeping the rules for more time: who grants it, how much and how often."""

from dataclasses import fields
from typing import Any

from tracker.db.tables import deadlines as tables
from tracker.domain.extension_rules import ExtensionRule
from tracker.domain.validity import DatedChange, check_code
from tracker.services.dated import DatedRows, with_row
from tracker.services.unit import Unit


def _check(change: DatedChange, row: Any, _unit: Unit) -> None:
    """Raise Invalid when the domain can't take the change as such a rule."""
    if row is None:
        check_code(change.values["code"])
    ExtensionRule(**with_row(change, row, {one.name for one in fields(ExtensionRule)}))


EXTENSION_RULES = DatedRows(tables.ExtensionRule, ("code",), ("code", "valid_from"), _check)
"""The rules for more time, a code each; the most specific one that holds is taken."""
