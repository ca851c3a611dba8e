"""Several clocks of one ticket: each its own state, none touched by what is done for another."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.stories import LIGHTS, Ward
from tracker.db.base import db
from tracker.db.tables.clocks import Clock, Escalation
from tracker.services import tickets
from tracker.services.escalation import sweep


@pytest.fixture
def ward(app: Flask, make: Makers, clock: SettableClock) -> Ward:
    return Ward(make, clock)


def states(ticket_id: int) -> dict[str, tuple[Any, ...]]:
    """Return all that a clock holds, by its kind."""
    db.session.rollback()
    found = db.session.scalars(select(Clock).where(Clock.ticket_id == ticket_id))
    return {
        one.kind: (one.started_at, one.due_at, one.next_at, one.met_at, one.stopped_at)
        for one in found.unique().all()
    }


def climbed(ticket_id: int) -> list[tuple[str, int]]:
    db.session.rollback()
    found = select(Escalation.clock, Escalation.level).where(Escalation.ticket_id == ticket_id)
    return [(clock, level) for clock, level in db.session.execute(found.order_by(Escalation.id))]


def test_a_clock_that_is_met_is_quiet_and_moves_no_other(ward: Ward, clock: SettableClock) -> None:
    """zammad#2082: after the first reply the old time of escalation stayed."""
    (one,) = ward.file(LIGHTS)
    before = states(one)
    clock.now += timedelta(hours=1)
    ward.do(ward.official, tickets.acknowledge, one, ward.ticket(one).version)

    after = states(one)
    started, due, *_ = before["acknowledge"]
    assert after.pop("acknowledge") == (started, due, None, clock.now, None)
    assert after == {kind: state for kind, state in before.items() if kind != "acknowledge"}
    sweep(ward.make.wiring, due + timedelta(minutes=1))
    assert climbed(one) == []


def test_a_later_target_never_hides_the_one_still_open(ward: Ward) -> None:
    """zammad#5177: a later target overrode the first reply's, which then never escalated."""
    (one,) = ward.file(LIGHTS)
    before = states(one)
    first, last = before["acknowledge"][1], before["answer"][1]
    assert first < last
    sweep(ward.make.wiring, first)

    assert climbed(one) == [("acknowledge", 1)]
    assert states(one)["answer"] == before["answer"]
    sweep(ward.make.wiring, last)
    assert {level for kind, level in climbed(one) if kind == "answer"} == {1, 2}


def test_passing_it_on_restarts_nothing_for_the_branch(ward: Ward, clock: SettableClock) -> None:
    """alaveteli#5963: sending a request again restarted its clock."""
    (one,) = ward.file(LIGHTS)
    started, due, *_ = states(one)["answer"]
    clock.now += timedelta(days=1)
    ward.do(ward.official, tickets.bounce, one, 1, "Đường dây do điện lực quản lý", ward.other)
    ward.do(ward.office, tickets.assign, one, 2, ward.other, "đúng là của điện lực")

    assert states(one)["answer"][:2] == (started, due)
