"""Keeping the fields of concerns: their names, their order, and which of them few may see."""

from typing import Any

from tracker.db.tables.routing import ConcernCategory
from tracker.domain.errors import Invalid
from tracker.domain.validity import DatedChange, check_code
from tracker.services.dated import DatedRows
from tracker.services.unit import Unit

POSITION_MAX = 9999


def _check(change: DatedChange, row: Any, unit: Unit) -> None:
    """Raise Invalid for a code, a name or a place in the list that can't be."""
    if row is None:
        check_code(change.values["code"])
    if not change.values["name"]:
        raise Invalid("Ghi tên lĩnh vực.", {"name": "Ghi tên lĩnh vực."})
    if not 0 <= change.values["position"] <= POSITION_MAX:
        sentence = f"Thứ tự từ 0 đến {POSITION_MAX}."
        raise Invalid(sentence, {"position": sentence})


CATEGORIES = DatedRows(ConcernCategory, ("code",), ("position", "code", "valid_from"), _check)
"""The fields of concerns, a code each."""
