"""Rows that travel to the database as one JSON document, which it unfolds into rows again.

One statement with one parameter, whatever the number of rows: it is compiled and planned once, and PostgreSQL is
asked once instead of once a row. Row by row, half of a sweep's time went into preparing and sending parameters.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, String, Table, bindparam, cast, column, func
from sqlalchemy.orm import Session

Rows = Sequence[Mapping[str, Any]]
"""Rows by column name; all name the same columns."""


def unfolded(session: Session, table: Table, rows: Rows) -> list[ColumnElement[Any]]:
    """Return the rows' columns, in the order in which the first row names them, to be selected in the rows' order.

    Raises ValueError for rows that name different columns and for a time without a zone. Sends nothing.
    """
    names = list(rows[0])
    if any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError(f"the rows for {table.name} don't all name the same columns")
    return _of_dialect(session)(table, names, rows)


def _of_dialect(session: Session) -> Callable[[Table, list[str], Rows], list[ColumnElement[Any]]]:
    return _on_postgresql if session.get_bind().dialect.name == "postgresql" else _on_sqlite


def _on_postgresql(table: Table, names: list[str], rows: Rows) -> list[ColumnElement[Any]]:
    typed = [column(name, table.c[name].type) for name in names]
    document = bindparam("rows", _document(rows, "%Y-%m-%d %H:%M:%S.%f+00:00"), String, unique=True)
    given = func.json_to_recordset(cast(document, JSON)).table_valued(*typed, name="given")
    return list(given.render_derived(with_types=True).c)


def _on_sqlite(table: Table, names: list[str], rows: Rows) -> list[ColumnElement[Any]]:
    document = bindparam("rows", _document(rows, "%Y-%m-%d %H:%M:%S.%f"), String, unique=True)
    given = func.json_each(document).table_valued("value", name="given")
    return [func.json_extract(given.c.value, f"$.{name}", type_=table.c[name].type) for name in names]


def _document(rows: Rows, time_format: str) -> str:
    """Return the rows as JSON, their times in UTC as this database stores them."""
    written: dict[datetime, str] = {}  # many rows share their times

    def write(value: object) -> str:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError(f"naive time for the database: {value!r}")
            found = written.get(value)
            if found is None:
                found = written[value] = value.astimezone(UTC).strftime(time_format)
            return found
        if isinstance(value, date):
            return value.isoformat()
        raise TypeError(f"{type(value).__name__} can't be unfolded by the database")

    return json.dumps([dict(row) for row in rows], default=write, ensure_ascii=False)
