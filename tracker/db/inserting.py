"""Many rows in one statement, and INSERT … ON CONFLICT DO NOTHING on either database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.db.base import Base


def insert_ignoring(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]], *, on: tuple[str, ...]
) -> int:
    """Insert the rows that don't clash on the unique columns ``on``; return how many were inserted.

    All rows name the same columns. One statement run many times, so its compiled form is used again and the
    number of rows meets no limit of parameters.
    """
    if not rows:
        return 0
    session.flush()  # what the rows refer to
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table.__table__).on_conflict_do_nothing(index_elements=list(on))
    return int(session.connection().execute(statement, [dict(row) for row in rows]).rowcount)


def insert_rows(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows with one statement; all name the same columns. Flushes what they refer to first."""
    if rows:
        session.flush()
        session.connection().execute(insert(table), [dict(row) for row in rows])
