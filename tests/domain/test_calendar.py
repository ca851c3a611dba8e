"""The working calendar: slots, kinds of days, what it refuses, and time counted in open minutes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings

from tests.domain.calendars import ALWAYS, OFFICE, PLAIN, TET, WEEK, at, calendars, holiday, instants
from tracker.domain.calendar import SEARCH_DAYS, CalendarDay, DayKind, Slot, WorkingCalendar, instant
from tracker.domain.errors import Invalid

FEW = settings(max_examples=50, deadline=None)


def test_a_slot_is_read_as_people_write_it() -> None:
    assert Slot.parse("07:30-11:30") == Slot(450, 690)
    assert Slot.parse("13:30–24:00") == Slot(810, 1440)
    assert Slot(450, 690).words == "07:30–11:30"


@pytest.mark.parametrize(
    "text", ["11:30-07:30", "08:00-08:00", "07:30", "8h-9h", "07:75-08:00", "08:00-25:00"]
)
def test_a_slot_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Slot.parse(text)


def test_overlapping_slots_are_refused_and_touching_ones_are_not() -> None:
    with pytest.raises(Invalid, match="Thứ Hai"):
        WorkingCalendar(((Slot(450, 700), Slot(690, 1020)), *WEEK[1:]), {})
    WorkingCalendar(((Slot(450, 690), Slot(690, 1020)), *WEEK[1:]), {})


def test_a_calendar_with_no_open_time_is_refused() -> None:
    """osTicket PR #5279, frappe/helpdesk calc_time: nothing to count would be searched for ever."""
    with pytest.raises(Invalid, match="không có giờ làm việc"):
        WorkingCalendar(((),) * 7, {})


def test_a_holiday_with_hours_is_refused() -> None:
    on = date(2026, 9, 2)
    with pytest.raises(Invalid, match="02/09/2026"):
        WorkingCalendar(WEEK, {on: CalendarDay(on, DayKind.HOLIDAY, "Quốc khánh", OFFICE)})


def test_a_day_in_the_year_9999_is_refused_by_its_date_and_name() -> None:
    on = date(9999, 12, 31)
    with pytest.raises(Invalid, match=r"31/12/9999 \(Nghỉ lễ\)"):
        WorkingCalendar(WEEK, {on: holiday(on)})


def test_what_ends_at_closing_time_ends_in_time() -> None:
    assert PLAIN.at_work(at("2026-03-06 17:00")) == at("2026-03-06 17:00")
    assert PLAIN.at_work(at("2026-03-06 17:01")) == at("2026-03-09 07:30")
    always = WorkingCalendar(ALWAYS, {})
    assert always.at_work(at("2026-03-07 00:00")) == at("2026-03-07 00:00")


def test_a_calendar_all_of_holidays_ends_its_search() -> None:
    """osTicket PR #5279, frappe/helpdesk calc_time: bounded search."""
    first = date(2026, 1, 1)
    days = {first + timedelta(days=n): holiday(first + timedelta(days=n)) for n in range(SEARCH_DAYS + 10)}
    shut = WorkingCalendar(WEEK, days)
    with pytest.raises(Invalid, match="Không tìm được"):
        shut.open_day(first)
    with pytest.raises(Invalid, match="Không tìm được"):
        shut.after(at("2026-01-01 08:00"), timedelta(hours=1))


def test_kinds_of_days() -> None:
    saturday, monday = date(2026, 8, 22), date(2026, 8, 24)
    calendar = WorkingCalendar(
        WEEK,
        {
            saturday: CalendarDay(saturday, DayKind.MAKEUP, "Làm bù"),
            monday: CalendarDay(monday, DayKind.HALF, "Nghỉ buổi chiều"),
        },
    )
    assert (calendar.day(saturday).kind, calendar.day(saturday).hours) == (DayKind.MAKEUP, 7.5)
    assert (calendar.day(monday).kind, calendar.day(monday).hours) == (DayKind.HALF, 4.0)
    assert calendar.day(date(2026, 8, 23)).name == "Chủ nhật, nghỉ hằng tuần"
    assert calendar.day(date(2026, 8, 25)).kind is DayKind.WORKING


def test_a_slot_ends_before_its_last_minute() -> None:
    assert PLAIN.is_open(at("2026-03-02 07:30"))
    assert not PLAIN.is_open(at("2026-03-02 11:30"))
    assert not PLAIN.is_open(at("2026-03-02 12:00"))


def test_a_calendar_of_every_minute_loses_none_at_midnight() -> None:
    """zammad#3180: a 24/7 calendar lost the minute 23:59 each day."""
    always = WorkingCalendar(ALWAYS, {})
    begins = at("2026-03-02 00:00")
    assert always.open_between(begins, begins + timedelta(days=30)) == timedelta(days=30)
    assert always.after(begins, timedelta(days=30)) == begins + timedelta(days=30)


def test_the_lunch_break_stands_still() -> None:
    """osTicket#6847: a break inside the day."""
    assert PLAIN.after(at("2026-03-02 10:30"), timedelta(hours=2)) == at("2026-03-02 14:30")
    assert PLAIN.open_between(at("2026-03-02 11:00"), at("2026-03-02 14:00")) == timedelta(hours=1)


@pytest.mark.parametrize("mask", range(1, 128))
def test_every_set_of_weekdays_counts_its_own_hours(mask: int) -> None:
    """osTicket#6739: a week without Monday and Thursday was miscounted."""
    week = tuple(OFFICE if mask >> weekday & 1 else () for weekday in range(7))
    begins = at("2026-03-02 00:00")
    counted = WorkingCalendar(week, {}).open_between(begins, begins + timedelta(days=14))
    assert counted == 2 * mask.bit_count() * timedelta(hours=7.5)


def test_next_open_time_after_tet() -> None:
    assert TET.next_open(at("2026-02-14 09:00")) == at("2026-02-23 07:30")
    assert TET.next_open(at("2026-02-23 08:15")) == at("2026-02-23 08:15")


def test_a_naive_time_and_a_year_out_of_reach_are_refused() -> None:
    with pytest.raises(Invalid, match="múi giờ"):
        instant(datetime(2026, 3, 2, 8))  # noqa: DTZ001 - the naive time is the point
    with pytest.raises(Invalid, match="9999"):
        instant(datetime(9999, 12, 31, tzinfo=UTC))


def test_a_year_without_entries_is_known_as_such() -> None:
    assert TET.covers(2026)
    assert not TET.covers(2027)


@FEW
@given(calendars(), instants, instants, instants)
def test_open_time_adds_up(calendar: WorkingCalendar, a: datetime, b: datetime, c: datetime) -> None:
    first, second, third = sorted((a, b, c))
    whole = calendar.open_between(first, third)
    assert whole == calendar.open_between(first, second) + calendar.open_between(second, third)


@FEW
@given(calendars(), instants, instants)
def test_after_is_the_inverse_of_open_between(calendar: WorkingCalendar, a: datetime, b: datetime) -> None:
    first, second = sorted((a, b))
    amount = calendar.open_between(first, second)
    reached = calendar.after(first, amount)
    assert reached <= second
    assert calendar.open_between(first, reached) == amount
