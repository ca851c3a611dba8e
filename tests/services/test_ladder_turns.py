"""Rungs that begin or end on a later day: open clocks look to that day at once, and it comes without anybody's doing."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.late import DUE, NOW, Late
from tests.makers import Makers
from tracker.db.base import db
from tracker.db.tables.clocks import Clock, Escalation, SetAside
from tracker.db.tables.deadlines import Rung
from tracker.db.tables.notices import Notice
from tracker.domain.dates import ZONE, local_date, midnight
from tracker.domain.people import SYSTEM
from tracker.domain.validity import DatedChange
from tracker.services.escalation import sweep
from tracker.services.ladder import LADDER
from tracker.services.redating import Outcome, apply
from tracker.services.unit import unit_of_work

EARLY = DUE + timedelta(days=2, minutes=30)
"""Levels 1 to 3 are climbed; level 4 follows after five working days, on Monday the 23rd at 17:00."""
FOURTH = datetime(2026, 11, 23, 17, 0, tzinfo=ZONE)
TURN = date(2026, 11, 19)


@pytest.fixture
def late(app: Flask, make: Makers) -> Late:
    return Late(make)


def row_of(level: int) -> Any:
    found = sa.select(Rung.id, Rung.version).filter_by(level=level, clock="answer", urgency=None)
    return db.session.execute(found.order_by(Rung.valid_from).limit(1)).one()


def change(late: Late, level: int, since: date, **values: Any) -> Outcome:
    row = row_of(level)
    with unit_of_work(late.make.wiring, actor=SYSTEM, now=EARLY) as unit:
        dated = DatedChange(values, since, version=row.version)
        return apply(lambda: LADDER.put(dated, row.id, unit=unit), unit=unit)


def end(late: Late, level: int, since: date) -> Outcome:
    row = row_of(level)
    with unit_of_work(late.make.wiring, actor=SYSTEM, now=EARLY) as unit:
        return apply(
            lambda: LADDER.end(DatedChange({}, since, since, row.version), row.id, unit=unit), unit=unit
        )


def climbed() -> list[tuple[int, datetime]]:
    db.session.rollback()
    found = sa.select(Escalation.level, Escalation.reached_at).order_by(Escalation.level)
    return [(level, at) for level, at in db.session.execute(found)]


def levels() -> list[int]:
    return [level for level, _ in climbed()]


def next_at() -> datetime | None:
    db.session.rollback()
    return db.session.scalar(sa.select(Clock.next_at))


@pytest.fixture
def one(late: Late) -> int:
    """A ticket that has climbed levels 1 to 3 and looks ahead to level 4."""
    (ticket_id,) = late.tickets()
    sweep(late.make.wiring, EARLY)
    assert (levels(), next_at()) == ([1, 2, 3], FOURTH)
    return ticket_id


def test_a_shorter_wait_from_a_later_day_on_climbs_on_that_day(late: Late, one: int) -> None:
    outcome = change(late, 4, TURN, after_amount=1)
    assert outcome.redating.words == "1 kiến nghị giữ nguyên hạn nhưng đôn đốc vào lúc khác"
    assert next_at() == midnight(TURN)

    sweep(late.make.wiring, midnight(TURN) - timedelta(seconds=1))
    assert levels() == [1, 2, 3], "the day before, the former wait holds"
    sweep(late.make.wiring, midnight(TURN))
    sweep(late.make.wiring, FOURTH)
    assert climbed()[3] == (4, midnight(TURN))
    assert levels() == [1, 2, 3, 4], "once"


def test_a_longer_wait_from_a_later_day_on_is_waited_for(late: Late, one: int) -> None:
    change(late, 4, TURN, after_amount=8)
    sweep(late.make.wiring, FOURTH)
    assert levels() == [1, 2, 3]
    assert next_at() is not None
    sweep(late.make.wiring, next_at() or NOW)
    assert levels() == [1, 2, 3, 4]


def test_a_rung_that_ends_on_a_later_day_is_quiet_from_then_on(late: Late, one: int) -> None:
    """zammad#4353: a policy switched off left tickets escalated and mailing."""
    end(late, 4, date(2026, 11, 23))
    sweep(late.make.wiring, FOURTH)
    assert levels() == [1, 2, 3]
    end(late, 5, date(2026, 11, 24))
    assert next_at() is None, "nothing is left above"


def test_a_level_added_from_a_later_day_on_is_reached_then(late: Late, one: int) -> None:
    end(late, 4, TURN)
    end(late, 5, TURN)
    change(late, 5, TURN, after_amount=1)
    assert next_at() == midnight(TURN)
    sweep(late.make.wiring, midnight(TURN) + timedelta(hours=9))
    assert levels() == [1, 2, 3, 5]


def test_a_clock_that_begins_before_the_day_knows_of_it(late: Late) -> None:
    """Not only what was open at the change: what is swept or begun between it and the day."""
    change(late, 4, TURN, after_amount=1)
    late.tickets()
    sweep(late.make.wiring, EARLY)
    assert (levels(), next_at()) == ([1, 2, 3], midnight(TURN))


def test_a_stop_over_the_day_loses_no_level_and_adds_none(late: Late, one: int) -> None:
    """glpi#5319: what a stopped sweep missed is replayed, each level by the rungs of its own day."""
    end(late, 4, date(2026, 11, 24))
    sweep(late.make.wiring, datetime(2026, 12, 7, 9, 0, tzinfo=ZONE))
    assert climbed()[3] == (4, FOURTH)
    assert levels() == [1, 2, 3, 4, 5]


def test_a_clock_set_aside_over_the_day_climbs_what_it_owed(late: Late, one: int) -> None:
    end(late, 4, date(2026, 11, 24))
    clock_id = db.session.scalars(sa.select(Clock.id)).one()
    later = datetime(2026, 11, 25, 9, 0, tzinfo=ZONE)
    db.session.add(SetAside(clock_id=clock_id, failures=9, since=FOURTH, retry_at=later, error="x"))
    db.session.execute(sa.update(Clock).values(next_at=later))
    db.session.commit()
    sweep(late.make.wiring, later)
    assert levels() == [1, 2, 3, 4]


def test_without_the_day_in_view_the_level_would_come_late(late: Late, one: int) -> None:
    """The negative control: an index that still looks to the former instant lets the day go by."""
    change(late, 4, TURN, after_amount=1)
    db.session.execute(sa.update(Clock).values(next_at=FOURTH))
    db.session.commit()
    sweep(late.make.wiring, midnight(TURN) + timedelta(days=1))
    assert levels() == [1, 2, 3]


def test_the_day_begins_in_vietnam(late: Late, one: int) -> None:
    change(late, 4, TURN, after_amount=1)
    found = next_at()
    assert found is not None
    assert local_date(found) == TURN
    assert found.hour == 17, "UTC"


def test_who_is_reached_on_the_day_is_told_once(late: Late, one: int) -> None:
    change(late, 4, TURN, after_amount=1)
    before = len(db.session.scalars(sa.select(Notice.id)).all())
    for minutes in range(3):
        sweep(late.make.wiring, midnight(TURN) + timedelta(minutes=minutes))
    told = sa.select(Notice.account_id).order_by(Notice.id).offset(before)
    assert db.session.scalars(told).all() == [late.standing.account_id]
