"""Keeping the time limits: how much time, in which unit, from which event, for which concerns."""

from dataclasses import fields
from typing import Any

from tracker.db.tables import deadlines as tables
from tracker.domain.errors import Invalid
from tracker.domain.time_limits import TimeLimit
from tracker.domain.validity import DatedChange, check_code
from tracker.services.dated import DatedRows, with_row
from tracker.services.unit import Unit


def _check(change: DatedChange, row: Any, unit: Unit) -> None:
    """Raise Invalid when the domain can't take the change as a time limit."""
    if row is None:
        check_code(change.values["code"])
    try:
        TimeLimit(**with_row(change, row, {one.name for one in fields(TimeLimit)}))
    except Invalid as invalid:
        raise Invalid(invalid.sentence, {"amount": invalid.sentence}) from invalid


LIMITS = DatedRows(tables.TimeLimit, ("code",), ("clock", "code", "valid_from"), _check)
"""The time limits, a code each; the most specific one that holds is taken (``choose_limit``)."""
