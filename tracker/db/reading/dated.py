"""Reads dated rows as plain values for the administrator's lists: every version, those in force, one thing's own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, inspect, select
from sqlalchemy.orm import Session

from tracker.db.base import Base
from tracker.domain.errors import NotFound


def columns_of(table: type[Base]) -> Select[Any]:
    """Return the query of all columns of a table, each under its attribute's name."""
    return select(*(getattr(table, column.key) for column in inspect(table).column_attrs))


def rows_of(session: Session, table: type[Base], *order: str) -> Sequence[Row[Any]]:
    """Return all rows of the table as values, in the order of the given attributes; one query."""
    return session.execute(columns_of(table).order_by(*(getattr(table, name) for name in order))).all()


def row_of(session: Session, table: type[Base], row_id: int) -> Row[Any]:
    """Return one row as a value; raise NotFound."""
    found = session.execute(columns_of(table).filter_by(id=row_id)).one_or_none()
    if found is None:
        raise NotFound("Không tìm thấy bản ghi này.")
    return found


def versions_of(session: Session, table: type[Base], key: dict[str, Any]) -> Sequence[Row[Any]]:
    """Return every version of the thing that ``key`` names, oldest first; one query."""
    return session.execute(columns_of(table).filter_by(**key).order_by(table.valid_from)).all()  # type: ignore[attr-defined]
