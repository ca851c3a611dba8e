"""The unit of work: the one place that commits. Audit rows come last, jobs go out after the commit."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from tracker.adapters.queue import DEFAULT, JobQueue
from tracker.adapters.sealing import Seal
from tracker.db.engine import WRITING
from tracker.db.inserting import insert_rows
from tracker.db.tables.audit import AuditHead, AuditRow
from tracker.domain.audit import GENESIS, canonical, link_mac, text_mark
from tracker.domain.dates import check_aware
from tracker.domain.errors import Unavailable
from tracker.domain.people import Actor

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wiring:
    """What a unit of work is made of; built once an application."""

    session: scoped_session[Any]
    queue: JobQueue
    audit_key: bytes
    seal: Seal


@dataclass
class Trial:
    """Work that is undone at its end unless it is kept."""

    is_kept: bool = False

    def keep(self) -> None:
        """Let what is done in the trial stand when the unit commits."""
        self.is_kept = True


@dataclass
class Unit:
    """One piece of work by one actor at one time. Services flush through ``session``; they never commit.

    ``acting_for`` is the account for which the actor does what was last checked (``services.rights``), if any.
    """

    session: Session
    actor: Actor
    now: datetime
    seal: Seal
    _audit_key: bytes
    acting_for: int | None = None
    _records: list[dict[str, Any]] = field(default_factory=list)
    _jobs: list[tuple[str, tuple[int, ...], str]] = field(default_factory=list)

    def record(self, subject: str, subject_id: int | None, action: str, **facts: Any) -> None:
        """Remember a change for the audit chain. ``facts`` are ids, numbers and marks: no text of a concern."""
        if self.acting_for is not None:
            facts["acting_for"] = self.acting_for
        self._records.append({"subject": subject, "subject_id": subject_id, "action": action, "facts": facts})

    def mark(self, text: str) -> str:
        """Return the keyed hash of a text, which an audit body may hold in the text's place."""
        return text_mark(self._audit_key, text)

    def send(self, job: str, *ids: int, queue: str = DEFAULT) -> None:
        """Ask for a job once the work is committed; the queue is a hint, the database is the record."""
        if (job, ids, queue) not in self._jobs:
            self._jobs.append((job, ids, queue))

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """Do something in a savepoint: rolled back at the end, with its audit rows and jobs, unless it is kept."""
        records, jobs, trial = len(self._records), len(self._jobs), Trial()
        try:
            with self.session.begin_nested() as savepoint:
                yield trial
                if not trial.is_kept:
                    savepoint.rollback()
        except BaseException:
            trial.is_kept = False
            raise
        finally:
            if not trial.is_kept:
                del self._records[records:], self._jobs[jobs:]


@contextmanager
def unit_of_work(wiring: Wiring, *, actor: Actor, now: datetime) -> Iterator[Unit]:
    """Open one transaction for one piece of work; commit at the end, roll back on any error.

    What was read before in the same session is ended first, so that on SQLite the write lock is taken at once.
    A dead queue never undoes committed work: it is logged, and the sweep finds what is due.
    """
    session: Session = wiring.session()
    session.rollback()
    session.connection(execution_options=WRITING)
    unit = Unit(session, actor, check_aware(now), wiring.seal, wiring.audit_key)
    try:
        yield unit
        session.flush()
        _append_audit(unit, wiring.audit_key)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    _hand_out(unit, wiring.queue)


def _append_audit(unit: Unit, key: bytes) -> None:
    """Append the remembered changes to the chain under the lock of its head row."""
    if not unit._records:
        return
    head = unit.session.execute(select(AuditHead).with_for_update()).scalar_one_or_none()
    if head is None:
        head = AuditHead(id=1, seq=0, mac=GENESIS)
        unit.session.add(head)
    rows, seq, mac = [], head.seq, head.mac
    for entry in unit._records:
        body = canonical(at=unit.now, actor_id=unit.actor.account_id, **entry)
        seq, mac = seq + 1, link_mac(key, seq + 1, mac, body)
        rows.append(
            {
                "seq": seq,
                "at": unit.now,
                "subject": entry["subject"],
                "subject_id": entry["subject_id"],
                "body": body,
                "mac": mac,
            }
        )
    head.seq, head.mac = seq, mac
    insert_rows(unit.session, AuditRow, rows)


def _hand_out(unit: Unit, queue: JobQueue) -> None:
    for job, ids, name in unit._jobs:
        try:
            queue.enqueue(job, *ids, queue=name)
        except Unavailable:
            log.warning("queue away: %s %s left to the schedule", job, ids)
