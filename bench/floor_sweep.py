"""The floor under the sweep: a bare loop that writes the same rows in batches of the same size.

It judges nothing: plain driver calls, one transaction a batch, no lock but the write's. Recipients, reasons and next
instants are constants; the audit rows are linked and signed. Rows go through the driver's ``executemany``.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bench.waiting import DUE
from tracker.services.escalation import BATCH

BECAUSE = "Đã hết hạn trả lời (hạn 17:00 ngày 16/11/2026): báo người đứng đầu đơn vị xử lý. Người đứng đầu."


def bare_sweep(engine: sa.Engine, now: datetime) -> None:
    """Write what a sweep writes, batch after batch until nothing is due. Commits each batch."""
    stored = _StoredTimes(engine, now)
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        while True:
            if engine.dialect.name == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
            found = _batch(cursor, "?" if engine.dialect.name == "sqlite" else "%s", stored)
            raw.commit()
            if found < BATCH:
                return
    finally:
        raw.close()


_DUE = """\
SELECT t.id, t.number, t.body_id, c.id FROM clock c JOIN ticket t ON t.id = c.ticket_id WHERE c.next_at"""


class _StoredTimes:
    """The loop's times as the driver takes them."""

    def __init__(self, engine: sa.Engine, now: datetime) -> None:
        self._is_text = engine.dialect.name == "sqlite"
        self.now = self._of(now)
        self.due = self._of(DUE)
        self.following = self._of(now + timedelta(days=5))

    def _of(self, at: datetime) -> Any:
        return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if self._is_text else at


def _batch(cursor: Any, mark: str, times: _StoredTimes) -> int:
    def many(statement: str, rows: list[tuple[Any, ...]]) -> None:
        cursor.executemany(statement.replace("?", mark), rows)

    cursor.execute(
        f"{_DUE} <= {mark} ORDER BY c.next_at, c.id LIMIT {BATCH}",
        (times.now,),
    )
    found = cursor.fetchall()
    if found:
        _write(found, times, cursor, many)
    return len(found)


def _write(found: list[Any], times: _StoredTimes, cursor: Any, many: Callable[..., None]) -> None:
    at, due = times.now, times.due
    many(
        "INSERT INTO escalation (ticket_id, clock, level, rung_code, due_at, reached_at, climbed_at, because) "
        "VALUES (?, 'answer', 2, 'body_head', ?, ?, ?, ?)",
        [(one, due, due, at, BECAUSE) for one, *_ in found],
    )
    details = json.dumps({"level": 2, "rung": "body_head", "due_at": str(due), "because": BECAUSE})
    many(
        "INSERT INTO ticket_event (ticket_id, at, act, details) VALUES (?, ?, 'escalated', ?)",
        [(one, at, details) for one, *_ in found],
    )
    many(
        "INSERT INTO notice (account_id, event_key, ticket_id, sentence, created_at, mail_state, attempts, "
        "next_try_at, last_error, is_urgent) VALUES (?, ?, ?, ?, ?, 'waiting', 0, ?, '', false)",
        [
            (12 + body, f"escalated:{one}:2:{due}", one, f"{number}: {BECAUSE}", at, at)
            for one, number, body, _ in found
        ],
    )
    many("UPDATE ticket SET level = 2 WHERE id = ?", [(one,) for one, *_ in found])
    many("UPDATE clock SET next_at = ? WHERE id = ?", [(times.following, clock) for *_, clock in found])
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
