"""One way to change a dated rule: a new version from a day on, the former ended that day, nothing overwritten."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, inspect, select
from sqlalchemy.orm import Session

from tracker.db.base import Base
from tracker.db.reading.dated import row_of, rows_of, versions_of
from tracker.domain.dates import local_date
from tracker.domain.errors import Invalid, NotFound, StaleEdit
from tracker.domain.validity import DatedChange, Version, check_end, check_period, place_version
from tracker.services.reference import touch_reference
from tracker.services.unit import Unit

Key = Mapping[str, Any]
"""The columns that say which thing a row is a version of, and their values."""

Check = Callable[[DatedChange, Any, Unit], None]
"""Raises Invalid for a change that can't be; the second is the row that was seen, None for a new thing."""


def _anything(_change: DatedChange, _row: Any, _unit: Unit) -> None:
    """Ask for nothing more."""


def _nothing(_row: Any, _unit: Unit) -> None:
    """Let nothing follow from a change."""


def _key_in_values(keys: tuple[str, ...]) -> Callable[[DatedChange, Unit], Key]:
    return lambda change, _unit: {name: change.values[name] for name in keys}


@dataclass(frozen=True)
class DatedRows:
    """One kind of dated rows. ``keys`` name the thing whose versions they are; ``check`` is its domain's own.

    ``new_key`` makes the key of a new thing; without it, the key stands among the change's values.
    """

    table: type[Base]
    keys: tuple[str, ...]
    order: tuple[str, ...]
    check: Check
    check_end: Check = _anything
    new_key: Callable[[DatedChange, Unit], Key] | None = None
    #: what else changes with the thing, in the same transaction; given the row that was written
    then: Callable[[Any, Unit], None] = _nothing

    def rows(self, session: Session) -> Sequence[Row[Any]]:
        """Return every version of every thing as values; one query."""
        return rows_of(session, self.table, *self.order)

    def row(self, session: Session, row_id: int) -> Row[Any]:
        """Return one row as a value; raise NotFound."""
        return row_of(session, self.table, row_id)

    def versions(self, session: Session, row: Any) -> Sequence[Row[Any]]:
        """Return every version of the row's thing, oldest first; one query."""
        return versions_of(session, self.table, self._key(row))

    def put(self, change: DatedChange, row_id: int | None, *, unit: Unit) -> int:
        """Let the change hold from its first day on; return the id of the row that says so; flushes.

        ``row_id``: the row that was seen, None for a new thing. A version that has not begun is corrected in
        place. Raises Invalid with a sentence a field (also for overlapping periods), StaleEdit when somebody
        changed the row since it was seen, NotFound.
        """
        touch_reference(unit.session)  # its row lock makes all changes of rules wait for each other
        row = None if row_id is None else seen_row(unit.session, self.table, row_id, change.version)
        check_period(change.valid_from, change.valid_to)
        self.check(change, row, unit)
        written = self._add(change, unit) if row is None else self._change(row, change, unit)
        self.then(unit.session.get_one(self.table, written), unit)
        return written

    def end(self, change: DatedChange, row_id: int, *, unit: Unit) -> None:
        """Let the row hold no longer from the day ``change.valid_to`` on; flushes, never commits.

        Raises Invalid for a day that is not after its first, and as ``put`` does.
        """
        touch_reference(unit.session)
        row = seen_row(unit.session, self.table, row_id, change.version)
        if change.valid_to is None:
            raise Invalid("Ghi ngày thôi áp dụng.", {"valid_to": "Ghi ngày thôi áp dụng."})
        check_end(Version(row.id, row.valid_from, row.valid_to), change.valid_to)
        self.check_end(change, row, unit)
        row.valid_to, row.version = change.valid_to, row.version + 1
        unit.session.flush()
        unit.record(self.table.__tablename__, row.id, "ended", valid_to=change.valid_to.isoformat())

    def _key(self, row: Any) -> dict[str, Any]:
        return {name: getattr(row, name) for name in self.keys}

    def _add(self, change: DatedChange, unit: Unit) -> int:
        key = (self.new_key or _key_in_values(self.keys))(change, unit)
        if unit.session.scalars(select(self.table).filter_by(**key)).first() is not None:
            sentence = "Mã này đã có. Hãy mở bản ghi đó để sửa, hoặc chọn mã khác."
            raise Invalid(sentence, {self.keys[0]: sentence})
        return self._insert(key, change, "added", unit)

    def _change(self, row: Any, change: DatedChange, unit: Unit) -> int:
        key = self._key(row)
        rows: dict[int, Any] = {one.id: one for one in self._all(key, unit)}
        versions = [Version(one.id, one.valid_from, one.valid_to) for one in rows.values()]
        placing = place_version(versions, change.valid_from, change.valid_to, local_date(unit.now))
        row.version += 1  # a colleague who saw the same row is told, whichever row is touched
        if placing.replaces is not None:
            return _correct(rows[placing.replaces], change, unit)
        if placing.ends is not None:
            rows[placing.ends].valid_to = change.valid_from
        return self._insert({**self._kept(row), **key}, change, "changed", unit)

    def _all(self, key: Key, unit: Unit) -> list[Any]:
        return list(unit.session.scalars(select(self.table).filter_by(**key)))

    def _kept(self, row: Any) -> dict[str, Any]:
        """Return what a new version takes over from the row that was seen, unless the change says otherwise."""
        names = {column.key for column in inspect(self.table).column_attrs}
        return {name: getattr(row, name) for name in names - {"id", "version", "valid_from", "valid_to"}}

    def _insert(self, base: Key, change: DatedChange, action: str, unit: Unit) -> int:
        period = {"valid_from": change.valid_from, "valid_to": change.valid_to}
        row: Any = self.table(**{**base, **change.values, **period})
        unit.session.add(row)
        unit.session.flush()
        unit.record(self.table.__tablename__, row.id, action, valid_from=change.valid_from.isoformat())
        return int(row.id)


def seen_row(session: Session, table: type[Base], row_id: int, version: int | None) -> Any:
    """Return the row to be changed; raise NotFound, or StaleEdit when it is no longer what the person saw."""
    row: Any = session.get(table, row_id, populate_existing=True)
    if row is None:
        raise NotFound("Không tìm thấy bản ghi này.")
    if version is not None and row.version != version:
        raise StaleEdit("Người khác vừa sửa bản ghi này. Mở lại trang để xem bản mới rồi hãy sửa tiếp.")
    return row


def _correct(row: Any, change: DatedChange, unit: Unit) -> int:
    changed = sorted(name for name, value in change.values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, change.values[name])
    row.valid_to = change.valid_to
    unit.session.flush()
    unit.record(row.__tablename__, row.id, "corrected", columns=changed)
    return int(row.id)


def with_row(change: DatedChange, row: Any, names: Collection[str]) -> dict[str, Any]:
    """Return the values that would hold, by the names given: the change's own, the rest from the row that was seen."""
    period = {"valid_from": change.valid_from, "valid_to": change.valid_to}
    kept = {name: getattr(row, name) for name in names if row is not None and hasattr(row, name)}
    return kept | {name: value for name, value in {**change.values, **period}.items() if name in names}
