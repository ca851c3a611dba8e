"""A heartbeat goes forward; only what a wrong clock wrote is taken back."""

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tracker.db.base import db
from tracker.db.tables.runtime import Heartbeat
from tracker.domain.people import SYSTEM
from tracker.services.heartbeats import CLOCKS_DIFFER, beat
from tracker.services.unit import unit_of_work


def beat_at(make, at):
    with unit_of_work(make.wiring, actor=SYSTEM, now=at) as unit:
        beat("sweep", unit=unit)


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (NOW - timedelta(minutes=1), NOW),
        (NOW + CLOCKS_DIFFER, NOW + CLOCKS_DIFFER),
        (NOW + timedelta(days=300), NOW),
    ],
)
def test_the_later_time_stands_unless_it_cannot_be_true(app, make, kept, told):
    beat_at(make, kept)
    beat_at(make, NOW)

    db.session.rollback()
    assert db.session.get_one(Heartbeat, "sweep", populate_existing=True).at == told
