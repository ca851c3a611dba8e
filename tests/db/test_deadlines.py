"""The shipped calendar, limits and ladder: loaded once, read as values, and right where they can be checked."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.domain.calendars import at
from tracker.db.base import Base
from tracker.db.reading.deadlines import ladder, time_limits, working_calendar
from tracker.db.seed.deadlines import seed_deadlines, shipped_rows
from tracker.db.tables import deadlines as tables
from tracker.domain.calendar import DayKind
from tracker.domain.deadlines import Extension, LimitUnit, Pause
from tracker.domain.errors import Invalid
from tracker.domain.escalation import rungs_for
from tracker.domain.lunar import hung_kings_day, tet
from tracker.domain.time_limits import Clock, choose_limit
from tracker.services.deadlines import as_json, explain

ALL = (tables.CalendarDay, tables.WorkingHours, tables.TimeLimit, tables.Rung, tables.ExtensionRule)
YEARS = range(2025, 2031)
TODAY = date(2026, 11, 25)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=[table.__table__ for table in ALL])  # type: ignore[list-item]
    with Session(engine) as session:
        seed_deadlines(session)
        yield session
    engine.dispose()


def count(session: Session) -> list[int]:
    return [session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in ALL]


def test_loading_twice_adds_nothing_and_keeps_what_was_changed(session: Session) -> None:
    before = count(session)
    row = session.scalars(sa.select(tables.TimeLimit).filter_by(code="answer_default")).one()
    row.amount = 7
    seed_deadlines(session)
    assert count(session) == before
    assert all(before)
    assert choose_limit(time_limits(session), Clock.ANSWER, None, "thuong", TODAY).amount == 7


@pytest.mark.parametrize("year", YEARS)
def test_tet_and_the_hung_kings_day_of_the_table_are_those_of_the_moon(session: Session, year: int) -> None:
    calendar = working_calendar(session)
    for on in (tet(year), hung_kings_day(year), date(year, 1, 1), date(year, 4, 30), date(year, 9, 2)):
        assert calendar.day(on).kind is DayKind.HOLIDAY, on
    assert (calendar.day(date(year, 11, 24)).kind is DayKind.HOLIDAY) == (year >= 2026)


@pytest.mark.parametrize("year", YEARS)
def test_a_year_has_as_many_days_off_in_the_week_as_the_law_gives(session: Session, year: int) -> None:
    """Eleven, twelve from 2026: a holiday on a weekend moves to a working day. Exchanged days cancel out."""
    calendar = working_calendar(session)
    days = [calendar.day(date(year, 1, 1) + timedelta(days=n)) for n in range(365)]
    off = sum(day.kind is DayKind.HOLIDAY and day.on.weekday() < 5 for day in days)
    made_up = sum(day.kind is DayKind.MAKEUP for day in days)
    assert off - made_up == (12 if year >= 2026 else 11)


def test_the_table_knows_the_days_of_2026(session: Session) -> None:
    calendar = working_calendar(session)
    leave = [date(2026, 2, 14) + timedelta(days=n) for n in range(9)]
    assert not any(calendar.day(on).is_open for on in leave)
    assert calendar.day(date(2026, 2, 13)).is_open
    assert calendar.day(date(2026, 2, 23)).is_open
    assert calendar.day(date(2026, 4, 27)).name == "Nghỉ bù Giỗ Tổ Hùng Vương"


def test_every_shipped_row_has_a_source_and_a_tag() -> None:
    for name in ("calendar_days.csv", "working_hours.csv", "time_limits.csv", "ladder.csv"):
        for row in shipped_rows(name):
            assert row["source"], row
            assert row["tag"] in set("SCMXG"), row


@pytest.mark.parametrize(
    ("clock", "urgency", "words"),
    [
        (Clock.ANSWER, "thuong", "10 ngày làm việc"),
        (Clock.ANSWER, "cao", "5 ngày làm việc"),
        (Clock.ANSWER, "khan", "24 giờ"),
        (Clock.ACKNOWLEDGE, "thap", "2 ngày làm việc"),
        (Clock.ACKNOWLEDGE, "khan", "4 giờ"),
        (Clock.ROUTE, None, "1 ngày làm việc"),
        (Clock.FORWARD, None, "5 ngày"),
        (Clock.ATTENDEE_REPORT, None, "5 ngày"),
        (Clock.RECEIPT_NOTICE, None, "10 ngày làm việc"),
        (Clock.UPLOAD, None, "2 ngày"),
        (Clock.DENUNCIATION, None, "30 ngày"),
    ],
)
def test_the_shipped_limits(session: Session, clock: Clock, urgency: str | None, words: str) -> None:
    assert choose_limit(time_limits(session), clock, "dat_dai", urgency, TODAY).words == words


@pytest.mark.parametrize("urgency", ["khan", "cao", "thuong", "thap"])
def test_the_shipped_ladder_has_five_levels_for_every_urgency(session: Session, urgency: str) -> None:
    found = rungs_for(ladder(session), urgency, TODAY)
    assert [(rung.level, rung.recipient) for rung in found] == [
        (1, "official"),
        (2, "body_head"),
        (3, "committee_member"),
        (4, "standing_members"),
        (5, "standing_committee"),
    ]
    assert [rung.is_warning for rung in found] == [True, False, False, False, False]


@pytest.mark.parametrize("table", [tables.TimeLimit, tables.Rung])
def test_a_row_that_is_switched_off_is_inert(
    session: Session, table: type[tables.TimeLimit] | type[tables.Rung]
) -> None:
    """zammad#4353, osTicket PR #5183: a disabled policy went on escalating."""
    read = time_limits if table is tables.TimeLimit else ladder
    assert read(session)
    session.execute(sa.update(table).values(is_active=False))
    assert read(session) == ()


def test_a_calendar_whose_hours_were_all_switched_off_is_refused(session: Session) -> None:
    session.execute(sa.update(tables.WorkingHours).values(is_active=False))
    with pytest.raises(Invalid, match="không có giờ làm việc"):
        working_calendar(session)


def test_a_deadline_is_told_day_by_day(session: Session) -> None:
    """alaveteli#5101: show how the deadline was counted, which holidays and why."""
    told = as_json(explain(session, "answer_default", at("2026-11-20 09:00")))
    assert told["due_at"] == "2026-12-07T17:00:00+07:00"
    assert told["rule"] == "answer_default"
    day = next(day for day in told["days"] if day["date"] == "2026-11-24")
    assert (day["kind"], day["counted"], day["hours"]) == ("holiday", False, 0.0)
    assert day["name"] == "Ngày Văn hóa Việt Nam"


def test_pauses_and_extensions_are_told_in_json(session: Session) -> None:
    held = Pause(at("2026-11-25 07:30"), at("2026-11-25 17:00"), "chờ đo đạc")
    more = Extension(2, LimitUnit.WORKING_DAYS, "hồ sơ nhiều")
    told = as_json(explain(session, "answer_default", at("2026-11-20 09:00"), (held,), (more,)))
    assert told["due_at"] == "2026-12-10T17:00:00+07:00"
    assert told["pauses"] == [
        {
            "begins": "2026-11-25T07:30:00+07:00",
            "ends": "2026-11-25T17:00:00+07:00",
            "reason": "chờ đo đạc",
            "hours": 7.5,
        }
    ]
    assert told["extensions"] == [
        {
            "amount": 2,
            "unit": "working_days",
            "because": "hồ sơ nhiều",
            "old_due_at": "2026-12-08T17:00:00+07:00",
            "new_due_at": "2026-12-10T17:00:00+07:00",
        }
    ]
    paused = next(day for day in told["days"] if day["date"] == "2026-11-25")
    assert (paused["counted"], paused["paused"], paused["extension"]) == (False, 7.5, False)
    assert [day["date"] for day in told["days"] if day["extension"]] == ["2026-12-09", "2026-12-10"]


def test_a_pause_is_told_and_an_unknown_rule_refused(session: Session) -> None:
    held = Pause(at("2026-11-23 07:30"), at("2026-11-24 17:00"), "chờ đo đạc")
    assert explain(session, "answer_default", at("2026-11-20 09:00"), (held,)).due_at == at(
        "2026-12-08 17:00"
    )
    with pytest.raises(Invalid, match="no_such_rule"):
        explain(session, "no_such_rule", at("2026-11-20 09:00"))
