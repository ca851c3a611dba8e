"""How connections behave: SQLite's pragmas and transactions, PostgreSQL's limits. Nothing else."""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext

WRITING = {"tracker_writing": True}
"""Execution options of a transaction that will write: on SQLite it takes the write lock at once."""


def prepare_engine(engine: Engine) -> None:
    """Attach the listeners that an engine of either database needs; call once an engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
        event.listen(engine, "handle_error", _sqlite_error)


def _sqlite_connect(connection: Any, _record: object) -> None:
    # The driver's own transaction handling begins too late: two readers that both go on to write lose one write.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "busy_timeout=15000",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-24000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("tracker_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _sqlite_error(context: ExceptionContext) -> None:
    """Give the connection up when SQLite has ended the whole transaction by itself, as it does on a full disk.

    Otherwise whoever goes on after the error, row by row in savepoints, has each of them committed alone: half a
    unit of work is kept, and audit rows without the chain's end, after which no unit can be written any more.
    """
    connection = context.connection
    if connection is None or connection.invalidated or not connection.in_transaction():
        return
    if not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
        context.is_disconnect = True
        context.invalidate_pool_on_disconnect = False
