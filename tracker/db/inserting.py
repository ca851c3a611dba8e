"""Many rows in one statement: INSERT, INSERT … ON CONFLICT DO NOTHING and UPDATE, alike on either database."""

from typing import Any, cast

from sqlalchemy import Table, insert, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.db.base import Base
from tracker.db.unfolding import Rows, unfolded


def insert_ignoring(session: Session, table: type[Base], rows: Rows, *, on: tuple[str, ...]) -> int:
    """Insert the rows that don't clash on the unique columns ``on``; return how many were inserted.

    All rows name the same columns. Flushes what they refer to first.
    """
    if not rows:
        return 0
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = _from_rows(dialect.insert(_table(table)), session, table, rows)
    return _execute(statement.on_conflict_do_nothing(index_elements=list(on)), session)


def insert_rows(session: Session, table: type[Base], rows: Rows) -> None:
    """Insert the rows, in order; all name the same columns. Flushes what they refer to first."""
    if rows:
        _execute(_from_rows(insert(_table(table)), session, table, rows), session)


def update_rows(session: Session, table: type[Base], rows: Rows) -> int:
    """Set the columns that the rows name in the rows of the table with their ``id``; return how many there were.

    All rows name the same columns, ``id`` among them. Flushes first; what the session holds stays as it was read.
    """
    if not rows:
        return 0
    changed = _table(table)
    given = dict(zip(rows[0], unfolded(session, changed, rows), strict=True))
    key = given.pop("id")
    return _execute(update(changed).where(changed.c.id == key).values(given), session)


def _table(table: type[Base]) -> Table:
    return cast(Table, table.__table__)


def _from_rows(statement: Any, session: Session, table: type[Base], rows: Rows) -> Any:
    columns = unfolded(session, _table(table), rows)
    # SQLite would take ON CONFLICT for a join's ON without a WHERE before it.
    return statement.from_select(list(rows[0]), select(*columns).where(true()))


def _execute(statement: Any, session: Session) -> int:
    session.flush()
    done = session.connection().execute(statement, execution_options={"preserve_rowcount": True})
    return int(done.rowcount)
