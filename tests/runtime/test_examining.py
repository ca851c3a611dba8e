"""``tracker doctor``: what it finds, each beside a state in which it finds nothing."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, update

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


def decide_all(before: date) -> None:
    db.session.execute(update(CalendarDay).where(CalendarDay.on < before).values(basis="decided"))
    db.session.commit()


def test_a_year_without_a_decision_is_reminded_of_from_october_on(app, look, clock):
    decide_all(before=date(2027, 1, 1))
    clock.now = datetime(2026, 9, 30, 16, 59, tzinfo=UTC)  # 23:59 in Vietnam
    assert look("Lịch làm việc") == (True, "đủ")

    clock.now = datetime(2026, 9, 30, 17, 0, tzinfo=UTC)
    well, words = look("Lịch làm việc")
    assert well, "nothing is broken: somebody has to do something in time"
    assert words.startswith("Năm 2027 chưa có quyết định: 6 ngày còn tạm ghi")

    decide_all(before=date(2028, 1, 1))
    assert look("Lịch làm việc") == (True, "đủ")


def test_a_year_without_days_off_is_wrong_from_october_on(look, clock):
    decide_all(before=date(2027, 1, 1))
    db.session.execute(delete(CalendarDay).where(CalendarDay.on >= date(2027, 1, 1)))
    db.session.commit()

    well, words = look("Lịch làm việc")
    assert not well
    assert "2027" in words
    clock.now = clock.now.replace(month=8)
    assert look("Lịch làm việc")[0]
