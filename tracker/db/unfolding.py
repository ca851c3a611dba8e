"""Rows that travel to the database as one JSON document, which it unfolds into rows again.

One statement with one parameter, whatever the number of rows: it is compiled and planned once, and PostgreSQL is
asked once instead of once a row. Row by row, half of a sweep's time went into preparing and sending parameters.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, String, Table, bindparam, cast, column, func

Rows = Sequence[Mapping[str, Any]]
"""Rows by column name; all name the same columns."""

PARAMETER = "document"
"""The parameter under which a statement takes the document."""

_POSTGRESQL = "postgresql"


def unfolded(dialect: str, table: Table, names: Sequence[str]) -> list[ColumnElement[Any]]:
    """Return the named columns as the database unfolds them, to be selected in the order of the document's rows."""
    given = bindparam(PARAMETER, type_=String)
    if dialect == _POSTGRESQL:
        typed = [column(name, table.c[name].type) for name in names]
        rows = func.json_to_recordset(cast(given, JSON)).table_valued(*typed, name="given")
        return list(rows.render_derived(with_types=True).c)
    one = func.json_each(given).table_valued("value", name="given").c.value
    return [func.json_extract(one, f"$.{name}", type_=table.c[name].type) for name in names]


def document(dialect: str, rows: Rows) -> str:
    """Return the rows as JSON, their times in UTC as this database stores them.

    Raises ValueError for rows that name different columns, for a time without a zone and for a NUL in a text, which
    the one database would cut there in silence and the other refuse.
    """
    names = rows[0].keys()
    if any(row.keys() != names for row in rows):
        raise ValueError("the rows don't all name the same columns")
    zone = "+00:00" if dialect == _POSTGRESQL else ""
    written: dict[datetime, str] = {}  # many rows share their times

    def write(value: object) -> str:
        if isinstance(value, datetime):
            found = written.get(value)
            if found is None:
                found = written[value] = _instant(value) + zone
            return found
        if isinstance(value, date):
            return value.isoformat()
        raise TypeError(f"{type(value).__name__} can't be unfolded by the database")

    text = json.dumps([dict(row) for row in rows], default=write, ensure_ascii=False)
    if "\\u0000" in text and any(
        "\0" in value for row in rows for value in row.values() if isinstance(value, str)
    ):
        raise ValueError("NUL in a text for the database")
    return text


def _instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError(f"naive time for the database: {at!r}")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
