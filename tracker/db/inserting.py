"""Many rows in one statement: INSERT, INSERT … ON CONFLICT DO NOTHING and UPDATE, alike on either database."""

from functools import cache
from typing import Any

from sqlalchemy import Table, insert, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.db.base import Base
from tracker.db.unfolding import PARAMETER, Rows, document, unfolded


def insert_ignoring(session: Session, table: type[Base], rows: Rows, *, on: tuple[str, ...]) -> int:
    """Insert the rows that don't clash on the unique columns ``on``; return how many were inserted.

    All rows name the same columns. Flushes what they refer to first.
    """
    return _execute(_inserting_new, session, table, rows, on)


def insert_rows(session: Session, table: type[Base], rows: Rows) -> None:
    """Insert the rows, in order; all name the same columns. Flushes what they refer to first."""
    _execute(_inserting, session, table, rows)


def update_rows(session: Session, table: type[Base], rows: Rows) -> int:
    """Set the columns that the rows name in the rows of the table with their ``id``; return how many there were.

    All rows name the same columns, ``id`` among them. Flushes first; what the session holds stays as it was read.
    """
    return _execute(_updating, session, table, rows)


def _execute(statement: Any, session: Session, table: type[Base], rows: Rows, *more: Any) -> int:
    if not rows:
        return 0
    session.flush()
    dialect = session.get_bind().dialect.name
    done = session.connection().execute(
        statement(dialect, table.__table__, tuple(rows[0]), *more),
        {PARAMETER: document(dialect, rows)},
        execution_options={"preserve_rowcount": True},
    )
    return int(done.rowcount)


# The statements are the same for any rows, so they are made once.


@cache
def _inserting(dialect: str, table: Table, names: tuple[str, ...]) -> Any:
    return insert(table).from_select(names, select(*unfolded(dialect, table, names)))


@cache
def _inserting_new(dialect: str, table: Table, names: tuple[str, ...], on: tuple[str, ...]) -> Any:
    kind = postgresql if dialect == "postgresql" else sqlite
    # SQLite would take ON CONFLICT for a join's ON without a WHERE before it.
    given = select(*unfolded(dialect, table, names)).where(true())
    return kind.insert(table).from_select(names, given).on_conflict_do_nothing(index_elements=list(on))


@cache
def _updating(dialect: str, table: Table, names: tuple[str, ...]) -> Any:
    given = dict(zip(names, unfolded(dialect, table, names), strict=True))
    key = given.pop("id")
    return update(table).where(table.c.id == key).values(given)
