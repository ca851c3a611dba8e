"""``tracker doctor``: what it finds, each beside a state in which it finds nothing."""

from datetime import date

import pytest
from sqlalchemy import delete

from tracker.db.base import db
from tracker.db.tables.deadlines import CalendarDay
from tracker.domain.people import SYSTEM
from tracker.runtime.examining import examine
from tracker.services.unit import unit_of_work


@pytest.fixture
def look(app, make, clock):
    """Return what an examination says about one thing, as (well, words)."""
    with unit_of_work(make.wiring, actor=SYSTEM, now=clock()) as unit:
        unit.record("test", 1, "made")

    def call(about):
        return next((one.well, one.words) for one in examine(app.extensions["tracker"]) if one.about == about)

    return call


def test_another_audit_key_is_found(app, look):
    assert look("Nhật ký") == (True, "nguyên vẹn, 1 dòng")

    parts = app.extensions["tracker"]
    object.__setattr__(parts.wiring, "audit_key", bytes(32))

    well, words = look("Nhật ký")
    assert not well
    assert "audit.key không phải khóa của dữ liệu này" in words


def test_next_years_missing_days_off_are_found_in_autumn(look, clock):
    assert look("Lịch làm việc") == (True, "đủ")

    db.session.execute(delete(CalendarDay).where(CalendarDay.on >= date(2027, 1, 1)))
    db.session.commit()

    well, words = look("Lịch làm việc")
    assert not well
    assert "2027" in words
    clock.now = clock.now.replace(month=8)
    assert look("Lịch làm việc")[0]
