"""The shipped years are those that the rules compute; where a decision was made, its days stand instead."""

from datetime import date

import pytest

from tracker.db.seed.deadlines import shipped_rows
from tracker.db.seed.holidays import days_by_law, holiday_rules
from tracker.domain.errors import Invalid
from tracker.domain.holidays import HolidayDate, year_name

NAMES = ("on", "kind", "name", "hours", "basis", "source", "tag")


def shipped(year: int) -> list[tuple[str, ...]]:
    return [
        tuple(row[name] for name in NAMES)
        for row in shipped_rows("calendar_days.csv")
        if row["on"][:4] == str(year)
    ]


def computed(year: int) -> list[tuple[str, ...]]:
    return [tuple(str(getattr(day, name)) for name in NAMES) for day in days_by_law(year)]


@pytest.mark.parametrize("year", range(2027, 2031))
def test_a_shipped_year_without_a_decision_is_what_the_rules_compute(year: int) -> None:
    assert computed(year) == shipped(year)


@pytest.mark.parametrize("year", [2025, 2026])
def test_of_a_year_with_decisions_the_days_by_law_are_what_the_rules_compute(year: int) -> None:
    assert computed(year) == [row for row in shipped(year) if row[4] == "computed"]


def test_a_holiday_on_a_weekly_day_off_moves_to_the_next_working_day() -> None:
    days = {day.on: day.name for day in days_by_law(2026)}

    assert days[date(2026, 4, 26)] == "Giỗ Tổ Hùng Vương"
    assert days[date(2026, 4, 27)] == "Nghỉ bù Giỗ Tổ Hùng Vương"


def test_a_moved_holiday_passes_over_the_holiday_after_it() -> None:
    """30 April 2028 is a Sunday and 1 May a holiday itself."""
    days = {day.on: day.name for day in days_by_law(2028)}
    assert days[date(2028, 5, 2)] == "Nghỉ bù Ngày Chiến thắng"


def test_tet_of_2030_is_the_one_at_utc_plus_seven() -> None:
    """2 February in Vietnam, the 3rd in the Chinese calendar."""
    assert [day.on.day for day in days_by_law(2030) if day.name == "Nghỉ Tết Canh Tuất"] == [1, 2, 3, 4, 5]


def test_the_24th_of_november_is_off_from_2026_on() -> None:
    def off(year: int) -> bool:
        return date(year, 11, 24) in {day.on for day in days_by_law(year)}

    assert [off(2025), off(2026), off(2031)] == [False, True, True]


@pytest.mark.parametrize("year", range(2027, 2060))
def test_any_year_to_come_has_twelve_days_off_in_the_week(year: int) -> None:
    weekdays = [day.on for day in days_by_law(year) if day.on.weekday() < 5]
    assert len(set(weekdays)) == len(weekdays) == 12


def test_an_impossible_year_is_refused() -> None:
    with pytest.raises(Invalid, match="9999"):
        days_by_law(9999)


def test_rules_find_their_dates_in_four_ways_and_years_have_names() -> None:
    assert {rule.found for rule in holiday_rules()[0]} == set(HolidayDate)
    assert [year_name(year) for year in (2026, 2027, 2030)] == ["Bính Ngọ", "Đinh Mùi", "Canh Tuất"]
