"""A clock that begins, or is reckoned again, while the rules change: it is moved with the others, or begins by the new ones."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.beside import beside, finish
from tests.conftest import SettableClock
from tests.late import Late
from tests.makers import Makers
from tests.sheets import concern, sheet
from tests.stories import LIGHTS, Ward
from tracker.adapters.queue import RecordingQueue
from tracker.db.base import db
from tracker.db.tables.clocks import Clock, Escalation
from tracker.db.tables.deadlines import Rung
from tracker.db.tables.tickets import Ticket
from tracker.domain.calendar import DayKind
from tracker.domain.calendar_days import DayChange
from tracker.domain.dates import ZONE
from tracker.domain.people import SYSTEM
from tracker.domain.validity import DatedChange
from tracker.services import meetings, pausing, tickets
from tracker.services.calendar import put_day
from tracker.services.escalation import sweep
from tracker.services.ladder import LADDER
from tracker.services.redating import apply
from tracker.services.reference import held, hold_rules
from tracker.services.unit import unit_of_work

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZONE)
OLD = datetime(2026, 12, 9, 17, 0, tzinfo=ZONE)
NEW = datetime(2026, 12, 10, 17, 0, tzinfo=ZONE)
"""Ten working days from Wednesday 25 November, without a holiday and with one on 3 December."""


@pytest.fixture
def ward(app: Flask, make: Makers, clock: SettableClock) -> Ward:
    return Ward(make, clock)


def close(make: Makers, on: date = date(2026, 12, 3)) -> None:
    """Make the day a holiday and move what it moves."""
    day = DayChange(on, DayKind.HOLIDAY, "Nghỉ bù", "", "decided", "Thông báo 5", "S")
    with unit_of_work(make.wiring, actor=SYSTEM, now=make.app.extensions["tracker"].clock()) as unit:
        apply(lambda: put_day(day, None, unit=unit), unit=unit)


def dues(kind: str = "answer") -> list[datetime]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Clock.due_at).filter_by(kind=kind).order_by(Clock.id)))


def file(ward: Ward, reference: Any) -> None:
    command = sheet(ward.branch, request_key="s", concerns=(concern(LIGHTS),))
    with unit_of_work(ward.make.wiring, actor=ward.secretary, now=ward.clock()) as unit:
        meetings.submit_sheet(command, unit=unit, reference=reference)


def test_a_concern_filed_by_rules_read_before_the_change_is_due_by_those_after_it(ward: Ward) -> None:
    """The request read the rules, then the change was confirmed, then the request's transaction began."""
    read_before = ward.reference
    close(ward.make)
    file(ward, read_before)
    assert dues() == [NEW]
    assert db.session.scalars(sa.select(Ticket.due_at)).all() == [NEW]


def test_a_pause_that_ends_by_rules_read_before_the_change_is_reckoned_by_those_after_it(ward: Ward) -> None:
    (one,) = ward.file(LIGHTS)
    ward.do(ward.official, tickets.acknowledge, one, 1)
    ward.do(ward.official, pausing.pause, one, 2, "chờ vật tư về", date(2026, 11, 27))
    read_before = ward.reference
    close(ward.make)
    with unit_of_work(ward.make.wiring, actor=ward.official, now=ward.clock()) as unit:
        pausing.resume(one, ward.ticket(one).version, unit=unit, reference=read_before)
    assert dues() == [NEW]


def test_rules_read_before_a_change_are_not_those_that_are_held_after_it(ward: Ward) -> None:
    read_before = ward.reference
    assert held(read_before, db.session()) is read_before
    db.session.rollback()
    close(ward.make)
    now = held(read_before, db.session())
    assert (now.on, now.stamp > read_before.stamp) == (read_before.on, True)
    assert not now.calendar.day(date(2026, 12, 3)).is_open


def test_a_concern_being_filed_while_a_change_is_confirmed_is_moved_by_it(app: Flask, ward: Ward) -> None:
    """The sheet is written and not committed; the change waits for it and then sees its clock."""
    command = sheet(ward.branch, request_key="s", concerns=(concern(LIGHTS),))
    reference = ward.reference
    with unit_of_work(ward.make.wiring, actor=ward.secretary, now=ward.clock()) as unit:
        meetings.submit_sheet(command, unit=unit, reference=reference)
        change = beside(app, lambda: close(ward.make))
    finish(change)
    assert dues() == [NEW]


@pytest.fixture
def late(app: Flask, make: Makers) -> Late:
    return Late(make)


def begun(late: Late, app: Flask, *, is_held: bool) -> datetime:
    """Begin a clock by the old rules, with the rules held or not, while a change is confirmed; return its due time."""
    (one,) = late.tickets(due_at=None)
    with unit_of_work(late.make.wiring, actor=SYSTEM, now=NOW) as unit:
        if is_held:
            hold_rules(unit.session)
        unit.session.add(
            Clock(ticket_id=one, kind="answer", rule_code="answer_default", started_at=NOW, due_at=OLD)
        )
        unit.session.flush()
        change = beside(app, lambda: close(late.make))
    finish(change)
    return dues()[0]


def test_a_clock_that_begins_without_holding_the_rules_keeps_the_old_date(app: Flask, late: Late) -> None:
    """The negative control. On SQLite one writes at a time, so that nothing begins beside a change."""
    lost = db.engine.dialect.name == "postgresql"
    assert begun(late, app, is_held=False) == (OLD if lost else NEW)


def test_a_clock_that_begins_with_the_rules_held_is_moved(app: Flask, late: Late) -> None:
    assert begun(late, app, is_held=True) == NEW


def test_a_sweep_on_its_way_climbs_by_the_ladder_that_was_changed_meanwhile(app: Flask, late: Late) -> None:
    """Batch after batch: the second must not climb by rungs that were switched off after the first."""
    late.tickets(2)
    row = db.session.execute(sa.select(Rung.id, Rung.version).filter_by(code="standing_members")).one()
    db.session.rollback()

    class SwitchingOff(RecordingQueue):
        """Switches a rung off as soon as the first batch is committed and hands out its jobs."""

        def enqueue(self, job: str, *ids: int, queue: str = "") -> None:
            if not self.jobs:
                finish(beside(app, switch_off))
            super().enqueue(job, *ids)

    def switch_off() -> None:
        with unit_of_work(late.make.wiring, actor=SYSTEM, now=NOW) as unit:
            since = date(2026, 11, 20)
            LADDER.end(DatedChange({}, since, since, row.version), row.id, unit=unit)

    sweep(replace(late.make.wiring, queue=SwitchingOff()), NOW, limit=1)
    levels = sa.select(Escalation.level).order_by(Escalation.ticket_id, Escalation.level)
    assert db.session.scalars(levels).all() == [1, 2, 3, 4, 1, 2, 3]


def test_nobody_waits_for_others_who_hold_the_rules(app: Flask, late: Late) -> None:
    if db.engine.dialect.name == "sqlite":
        return  # one writes at a time there, whoever it is
    stamps: list[int] = []
    with unit_of_work(late.make.wiring, actor=SYSTEM, now=NOW) as unit:
        stamp = hold_rules(unit.session)
        other = beside(app, lambda: stamps.append(hold_rules(db.session())))
        other.join(1)
        assert stamps == [stamp], "the other waits"
    finish(other)
