"""The database handle, the declarative base and the column types every table uses. No tables here."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Date, DateTime, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; refuses naive ones, which could mean two instants."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time for the database: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables. Constraint names are fixed so that migrations can name them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - the way SQLAlchemy asks for it
        datetime: UTCDateTime,
        date: Date,
        str: String,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


# Values read before a commit stay readable after it: a page shows what was just written without asking again.
db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
"""Flask-SQLAlchemy's handle: engines and the session of the running application context."""


def one_of(column: str, values: Iterable[Any]) -> str:
    """Return the SQL of a CHECK that the column holds one of a StrEnum's values, or of those given."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
