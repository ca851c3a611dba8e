"""Which scoring table is in use, from which day on. Tables themselves are shipped as data and never rewritten."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from tracker.db.reading.dated import row_of, rows_of
from tracker.db.reading.rubrics import rubric_value
from tracker.db.tables.rubrics import Rubric as RubricRow
from tracker.domain.dates import date_words
from tracker.domain.errors import Conflict, Invalid
from tracker.domain.rubric import Rubric
from tracker.domain.validity import DatedChange, Version, check_end
from tracker.services.dated import seen_row
from tracker.services.reference import touch_reference
from tracker.services.unit import Unit


def rubric_rows(session: Session) -> Sequence[Row[Any]]:
    """Return every version of every table as values, those in use first; one query."""
    rows = rows_of(session, RubricRow, "code", "valid_from")
    return sorted(rows, key=lambda row: not row.is_active)


def rubric_of(session: Session, row_id: int) -> tuple[Row[Any], Rubric]:
    """Return a version's row and the table it holds, checked; raise NotFound."""
    row = row_of(session, RubricRow, row_id)
    return row, rubric_value(session.get_one(RubricRow, row_id))


def activate(row_id: int, change: DatedChange, *, unit: Unit) -> int:
    """Take the table into use from ``change.valid_from`` on and end the one in use that day; return the row's id.

    A table that was in use from another day gets a new row, so that older scores keep theirs. Raises Invalid
    when a table is set to begin later, or this one is in use that day already; StaleEdit; flushes.
    """
    touch_reference(unit.session)
    row = seen_row(unit.session, RubricRow, row_id, change.version)
    rubric_value(row)
    _end_current(row, change, unit)
    row.version += 1
    chosen = _row_from(row, change, unit)
    chosen.is_active, chosen.valid_to = True, None
    unit.session.flush()
    unit.record("rubric", chosen.id, "activated", valid_from=change.valid_from.isoformat())
    return int(chosen.id)


def deactivate(row_id: int, change: DatedChange, *, unit: Unit) -> None:
    """Take the table out of use from the day on; raise Invalid when no other is in use then: nobody could score."""
    touch_reference(unit.session)
    row = seen_row(unit.session, RubricRow, row_id, change.version)
    if not row.is_active:
        raise Conflict("Bảng này không đang dùng.")
    check_end(Version(row.id, row.valid_from, row.valid_to), change.valid_from)
    others = [one for one in _active(unit) if one.id != row.id]
    if not any(_version(one).holds_on(change.valid_from) for one in others):
        sentence = "Từ ngày đó không còn bảng chấm điểm nào. Hãy đưa bảng khác vào dùng từ ngày ấy."
        raise Invalid(sentence, {"valid_to": sentence})
    row.valid_to, row.version = change.valid_from, row.version + 1
    unit.session.flush()
    unit.record("rubric", row.id, "deactivated", valid_to=change.valid_from.isoformat())


def _end_current(row: RubricRow, change: DatedChange, unit: Unit) -> None:
    """End the tables in use on the first day; raise Invalid for one that begins then or later."""
    for one in _active(unit):
        if one.valid_to is not None and one.valid_to <= change.valid_from:
            continue
        if one.valid_from >= change.valid_from:
            sentence = (
                f"Trùng thời gian: bảng “{one.name}” được dùng từ ngày {date_words(one.valid_from)}. "
                "Chọn ngày sau ngày đó."
            )
            raise Invalid(sentence, {"valid_from": sentence})
        if one.code == row.code:
            raise Invalid("Bảng này đang dùng rồi.", {"valid_from": "Bảng này đang dùng vào ngày đó rồi."})
        one.valid_to, one.version = change.valid_from, one.version + 1


def _row_from(row: RubricRow, change: DatedChange, unit: Unit) -> RubricRow:
    """Return the row of the table that begins on the day: its own, one that waits, or a new one."""
    same_day = select(RubricRow).filter_by(code=row.code, valid_from=change.valid_from)
    found = unit.session.scalars(same_day).one_or_none()
    if found is None:
        found = RubricRow(
            code=row.code,
            name=row.name,
            body=row.body,
            valid_from=change.valid_from,
            source=row.source,
            tag=row.tag,
        )
        unit.session.add(found)
    return found


def _active(unit: Unit) -> list[RubricRow]:
    return list(unit.session.scalars(select(RubricRow).where(RubricRow.is_active)))


def _version(row: RubricRow) -> Version:
    return Version(row.id, row.valid_from, row.valid_to)
