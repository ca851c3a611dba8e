"""Puts the simulation's rows into an empty database, in one transaction of the caller's unit of work."""

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from tracker.adapters.passwords import hash_password
from tracker.db.base import Base
from tracker.db.reading.deadlines import extension_rules, ladder, time_limits, working_calendar
from tracker.db.reading.routing import load_rule_book
from tracker.db.reading.rubrics import active_rubrics
from tracker.demonstration.accounts import PASSWORD
from tracker.demonstration.arguments import DemoArguments, DemoReport
from tracker.demonstration.build import build
from tracker.demonstration.org import Row
from tracker.demonstration.texts import rows as content_rows
from tracker.demonstration.timing import Rules
from tracker.domain.errors import Conflict
from tracker.domain.rule_book import BodyName
from tracker.services.reference import touch_reference
from tracker.services.unit import Unit

ORDER = (
    "unit",
    "unit_version",
    "body",
    "body_version",
    "account",
    "role_grant",
    "meeting",
    "conclusion",
    "assessment",
    "ticket",
    "raiser",
    "ticket_event",
    "response",
    "clock",
    "pause",
    "extension",
    "escalation",
    "notice",
    "number_series",
)
"""Tables with parents before children."""

AUDITED = ("meeting", "ticket")
"""Rows that get an entry of their own in the audit chain; all others are counted in the last entry."""

CHUNK = 2000


def read_rules(session: Session) -> Rules:
    """Return the dated rules of the database, by which the simulation reckons; bodies named without a ward."""
    names = (
        BodyName(
            code=row["code"],
            name=row["short_name"],
            short_name=row["short_name"],
            kind=row["kind"],
            in_chain=row["in_chain"] == "1",
        )
        for row in content_rows("bodies")
    )
    return Rules(
        calendar=working_calendar(session),
        limits=time_limits(session),
        ladder=ladder(session),
        rubrics=active_rubrics(session),
        extension_rules=extension_rules(session),
        book=replace(load_rule_book(session), bodies=tuple(names)),
    )


def load(unit: Unit, arguments: DemoArguments) -> DemoReport:
    """Load the demonstration data; flushes, never commits. The shipped rules must be in the database.

    Raises Conflict when the database already holds units or accounts: invented data never mixes with real.
    """
    started = time.perf_counter()
    rules = read_rules(unit.session)
    _refuse_unless_empty(unit)
    password_hash = hash_password(PASSWORD)
    counts: dict[str, int] = {}
    for batch in build(arguments, rules):
        for row in batch.get("account", ()):
            row["password_hash"] = password_hash
        for row in batch.get("raiser", ()):
            row["sealed_name"] = unit.seal.close(row["sealed_name"])
        for name in ORDER:
            counts[name] = counts.get(name, 0) + _insert(unit, name, batch.pop(name, []))
        assert not batch, f"rows without a place in the order: {sorted(batch)}"
    _move_sequences(unit)
    touch_reference(unit.session)
    unit.record(
        "demonstration",
        None,
        "loaded",
        as_of=arguments.as_of.isoformat(),
        random_seed=arguments.random_seed,
        rows=counts,
    )
    return DemoReport({name: count for name, count in counts.items() if count}, time.perf_counter() - started)


def _refuse_unless_empty(unit: Unit) -> None:
    for name in ("unit", "account", "meeting", "ticket"):
        if unit.session.execute(select(func.count()).select_from(_table(name))).scalar_one():
            raise Conflict(
                "Cơ sở dữ liệu đã có dữ liệu. Dữ liệu minh họa chỉ nạp vào cơ sở dữ liệu trống: "
                "hãy chọn thư mục dữ liệu khác (DATA=…) hoặc xóa dữ liệu cũ."
            )


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _insert(unit: Unit, name: str, rows: list[Row]) -> int:
    """Insert the rows in chunks and enter those of audited tables in the chain; return how many."""
    statement = insert(_table(name))
    for at in range(0, len(rows), CHUNK):
        unit.session.execute(statement, rows[at : at + CHUNK])
    if name in AUDITED:
        for row in rows:
            unit.record(name, row["id"], "demonstration_loaded", **_audit_facts(row))
    return len(rows)


def _audit_facts(row: Row) -> dict[str, Any]:
    """Return what the chain may hold of a row: states and times as text, no words of a concern."""
    kept = ("status", "level", "filed_at", "held_on", "submitted_at", "branch_id", "body_id")
    return {key: _plain(row[key]) for key in kept if key in row}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else value


def _move_sequences(unit: Unit, names: Iterable[str] = ORDER) -> None:
    """On PostgreSQL let each table's sequence go on after the ids given here; SQLite does so by itself."""
    if unit.session.get_bind().dialect.name != "postgresql":
        return
    for name in names:
        if "id" in _table(name).c:
            unit.session.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), "  # noqa: S608 - our own table names
                    f"GREATEST((SELECT COALESCE(MAX(id), 1) FROM {name}), 1))"
                )
            )
