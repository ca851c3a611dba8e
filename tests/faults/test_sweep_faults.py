"""The sweep is killed at one step after another and swept again by two at once: nothing lost, nothing doubled.

Short form of the proof. RT lost 4 tickets in such a run, django-helpdesk 10; with two sweeps at once RT doubled 98 %
of its escalations, django-helpdesk 99.9 %. glpi adds the next level, deletes a row and updates the ticket without a
transaction (SlaLevel_Ticket.php), osTicket saves the flag and then sends the alert (class.ticket.php): a crash loses
one or the other, so we die between each two statements.
"""

import os
import re
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from multiprocessing import get_context
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, inspect, select, text

from tests.late import NOW, Late
from tests.makers import Makers
from tracker.db.base import db
from tracker.db.reading.audit import chain, head
from tracker.db.tables.clocks import Escalation
from tracker.db.tables.notices import Notice
from tracker.db.tables.tickets import TicketEvent
from tracker.domain.audit import first_break
from tracker.services.escalation import sweep

LEVELS = 4
"""Reached by each ticket of these tests; each is told to one person."""

STRIDE = int(os.environ.get("FAULT_STRIDE", "3"))
"""The sweep dies at every third step; at each single one in the long form (``make proof``)."""

FORK = get_context("fork")


@pytest.fixture
def late(app: Flask, make: Makers) -> Late:
    return Late(make)


def in_child(work: Callable[[], object]) -> int:
    """Start the work in a process of its own, with connections of its own; return its id."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        status = 1
        with suppress(BaseException):
            work()
            status = 0
        os._exit(status)
    return child


def ended(child: int) -> int:
    """Wait for the child; return its exit status, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die_at(step: int) -> None:
    """Kill this process when it comes to that statement or commit, counted from 1."""
    steps = count(1)

    def tick(*_: object) -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(db.engine, "before_cursor_execute", tick)
    event.listen(db.engine, "commit", tick)


def rows(*columns: Any) -> Counter[Any]:
    db.session.rollback()
    return Counter(tuple(row) for row in db.session.execute(select(*columns)))


def lost_and_doubled(ids: list[int]) -> tuple[int, int]:
    """Return how many levels that the tickets have reached are missing, and how many are there once too often."""
    found = rows(Escalation.ticket_id, Escalation.level)
    wanted = {(one, level) for one in ids for level in range(1, LEVELS + 1)}
    return len(wanted - set(found)), found.total() - len(found)


def test_killed_at_one_step_after_another_and_swept_by_two_nothing_is_lost_or_doubled(late: Late) -> None:
    ids: list[int] = []
    killed = 0
    for step in range(1, 47, STRIDE):
        ids += late.tickets(4)

        def work(step: int = step) -> None:
            die_at(step)
            sweep(late.make.wiring, NOW, limit=3)

        killed += ended(in_child(work)) == -signal.SIGKILL
    assert killed >= 45 // STRIDE, "the control of this test: the sweep does get killed"

    two = [in_child(lambda: sweep(late.make.wiring, NOW, limit=5)) for _ in range(2)]
    assert [ended(child) for child in two] == [0, 0]

    lost, doubled = lost_and_doubled(ids)
    print(f"\n{db.engine.dialect.name}: {killed} kills, {len(ids)} tickets, {lost} lost, {doubled} doubled")
    assert (lost, doubled) == (0, 0)
    told = rows(TicketEvent.ticket_id, TicketEvent.details["level"].as_integer())
    assert (len(told), told.total()) == (len(ids) * LEVELS,) * 2
    notices = rows(Notice.ticket_id, Notice.account_id)
    assert (len(notices), notices.total()) == (len(ids) * LEVELS,) * 2
    kept, end = list(chain(db.session())), head(db.session())
    assert len(kept) == len(ids) * LEVELS
    assert first_break(late.make.wiring.audit_key, kept, head=end, anchor=None) is None


def without_locks(meeting_point: Any) -> None:
    """Take the locks away and let two sweeps meet when both have read what is due and neither has written."""

    first = count()

    def bare(
        _c: object, _cursor: object, statement: str, parameters: object, *_: object
    ) -> tuple[str, object]:
        if statement.startswith("SAVEPOINT") and next(first) == 0:
            with suppress(Exception):
                meeting_point.wait(timeout=10)
        statement = re.sub(r" FOR UPDATE OF [a-z, ]+ SKIP LOCKED", "", statement)
        return ("SELECT 1" if statement == "BEGIN IMMEDIATE" else statement), parameters

    event.listen(db.engine, "before_cursor_execute", bare, retval=True)


def drop_unique_key() -> None:
    if db.engine.dialect.name == "sqlite":
        statements = [
            "CREATE TABLE bare AS SELECT * FROM escalation",
            "DROP TABLE escalation",
            "ALTER TABLE bare RENAME TO escalation",
        ]
    else:
        (key,) = inspect(db.engine).get_unique_constraints("escalation")
        statements = [f"ALTER TABLE escalation DROP CONSTRAINT {key['name']}"]
    for statement in statements:
        db.session.execute(text(statement))
    db.session.commit()


def two_sweeps_without_locks(late: Late) -> None:
    meeting_point = FORK.Barrier(2)

    def work() -> None:
        without_locks(meeting_point)
        sweep(late.make.wiring, NOW)

    for child in [in_child(work) for _ in range(2)]:
        ended(child)


def test_without_locks_the_unique_key_alone_keeps_each_level_single(late: Late) -> None:
    """chatwoot's evaluate_applied_sla_service.rb asks and then creates: two workers, two events."""
    ids = late.tickets(5)
    two_sweeps_without_locks(late)
    assert lost_and_doubled(ids) == (0, 0)
    assert rows(TicketEvent.ticket_id).total() == len(ids) * LEVELS


def test_without_locks_and_unique_key_the_same_script_finds_doubles(late: Late) -> None:
    """The control: the script above does see a level climbed twice when it happens."""
    drop_unique_key()
    ids = late.tickets(5)
    two_sweeps_without_locks(late)
    lost, doubled = lost_and_doubled(ids)
    assert doubled > 0
    assert lost == 0


def test_with_locks_two_sweeps_share_the_work(late: Late) -> None:
    """Even with no unique key the locks leave no level to be climbed twice: they and the key stand apart."""
    drop_unique_key()
    ids = late.tickets(40)
    two = [in_child(lambda: sweep(late.make.wiring, NOW, limit=4)) for _ in range(2)]
    assert [ended(child) for child in two] == [0, 0]
    assert lost_and_doubled(ids) == (0, 0)
