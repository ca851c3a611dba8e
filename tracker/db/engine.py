"""How connections behave: SQLite's pragmas and transactions, PostgreSQL's limits. Nothing else."""

from typing import Any

from sqlalchemy import Connection, Engine, event

WRITING = {"tracker_writing": True}
"""Execution options of a transaction that will write: on SQLite it takes the write lock at once."""


def prepare_engine(engine: Engine) -> None:
    """Attach the listeners that an engine of either database needs; call once an engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)


def _sqlite_connect(connection: Any, _record: object) -> None:
    # The driver's own transaction handling begins too late: two readers that both go on to write lose one write.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "busy_timeout=15000",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-32000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("tracker_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
