"""The unit of work: one commit, audit rows last, jobs after the commit."""

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW
from tests.makers import Makers
from tracker.adapters.queue import RecordingQueue
from tracker.db.base import db
from tracker.db.reading.audit import chain, head
from tracker.db.tables.audit import AuditHead, AuditRow
from tracker.domain.audit import first_break
from tracker.domain.errors import Unavailable
from tracker.domain.people import SYSTEM
from tracker.services.unit import unit_of_work


def test_changes_are_chained_and_the_chain_holds(app: Flask, make: Makers) -> None:
    for number in range(3):
        with unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
            unit.record("ticket", number, "tried", text=unit.mark("lời của dân"))
            unit.record("ticket", number, "tried_again")

    key = make.wiring.audit_key
    assert first_break(key, chain(db.session()), head=head(db.session()), anchor=None) is None
    assert head(db.session()).seq == 6
    assert "lời của dân" not in db.session.scalars(sa.select(AuditRow.body)).first()


@pytest.mark.parametrize("damage", ["body", "row", "tail"])
def test_a_changed_row_a_lost_row_and_a_cut_tail_are_each_found(
    app: Flask, make: Makers, damage: str
) -> None:
    with unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
        for number in range(4):
            unit.record("ticket", number, "tried")
    anchor = (4, head(db.session()).mac)

    if damage == "body":
        db.session.execute(sa.update(AuditRow).where(AuditRow.seq == 2).values(body='{"a":1}'))
    elif damage == "row":
        db.session.execute(sa.delete(AuditRow).where(AuditRow.seq == 2))
    else:
        third = db.session.get_one(AuditRow, 3).mac
        db.session.execute(sa.delete(AuditRow).where(AuditRow.seq == 4))
        db.session.execute(sa.update(AuditHead).values(seq=3, mac=third))
    db.session.commit()

    key, end = make.wiring.audit_key, head(db.session())
    found = first_break(key, chain(db.session()), head=end, anchor=anchor)
    assert found is not None
    assert found.seq == (4 if damage == "tail" else 2)
    if damage == "tail":
        # A tail cut together with its head shows only against the anchor kept outside: why it is printed.
        assert first_break(key, chain(db.session()), head=end, anchor=None) is None


def test_nothing_stays_and_no_job_goes_out_when_the_work_fails(
    app: Flask, make: Makers, queue: RecordingQueue
) -> None:
    with pytest.raises(RuntimeError), unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
        unit.record("ticket", 1, "tried")
        unit.send("sweep")
        raise RuntimeError

    assert head(db.session()).seq == 0
    assert queue.jobs == []


def test_a_job_asked_for_twice_goes_out_once_after_the_commit(
    app: Flask, make: Makers, queue: RecordingQueue
) -> None:
    with unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
        unit.send("sweep")
        unit.send("sweep")
        assert queue.jobs == []

    assert len(queue.jobs) == 1


def test_a_dead_queue_does_not_undo_the_work(app: Flask, make: Makers, queue: RecordingQueue) -> None:
    queue.broken = Unavailable("Hàng đợi không trả lời.")

    with unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
        unit.record("ticket", 1, "tried")
        unit.send("sweep")

    assert head(db.session()).seq == 1
