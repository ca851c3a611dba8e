"""Keeping the ladder: who is told when an answer is late, and when."""

from dataclasses import fields
from typing import Any

from sqlalchemy import or_, select

from tracker.db.tables import deadlines as tables
from tracker.domain.errors import Invalid
from tracker.domain.escalation import Rung
from tracker.domain.time_limits import LimitUnit
from tracker.domain.validity import DatedChange, check_code
from tracker.services.dated import DatedRows, with_row
from tracker.services.unit import Unit

COUNT_MAX = 2000


def _check(change: DatedChange, row: Any, unit: Unit) -> None:
    """Raise Invalid when the domain can't take the change as a rung, or its place is taken by another."""
    if row is None:
        check_code(change.values["code"])
    values = with_row(change, row, {one.name for one in fields(Rung)})
    rung = Rung(**{**values, "after_unit": LimitUnit(values["after_unit"]) if values["after_unit"] else None})
    for name in ("level", "after_amount", "after_reopenings", "after_bounces", "after_meetings"):
        if (getattr(rung, name) or 0) > COUNT_MAX or (getattr(rung, name) or 0) < 0:
            sentence = f"Số phải từ 0 đến {COUNT_MAX}."
            raise Invalid(sentence, {name: sentence})
    if _taken(rung, unit):
        sentence = "Đã có bậc khác ở cấp này cho cùng mức độ trong thời gian đó. Hãy sửa bậc ấy."
        raise Invalid(sentence, {"level": sentence})


def _taken(rung: Rung, unit: Unit) -> bool:
    """Return whether another rung stands on the clock's same level, for the same category and urgency, at some time of the period."""
    row = tables.Rung
    others = select(row.id).where(
        row.is_active,
        row.code != rung.code,
        row.clock == rung.clock,
        row.level == rung.level,
        row.category.is_(None) if rung.category is None else row.category == rung.category,
        row.urgency.is_(None) if rung.urgency is None else row.urgency == rung.urgency,
        or_(row.valid_to.is_(None), row.valid_to > rung.valid_from),
    )
    if rung.valid_to is not None:
        others = others.where(row.valid_from < rung.valid_to)
    return unit.session.scalars(others).first() is not None


LADDER = DatedRows(tables.Rung, ("code",), ("level", "code", "valid_from"), _check)
"""The rungs, a code each; for a level, the row of the concern's urgency stands before the general one."""
