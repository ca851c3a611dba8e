"""Tết and Giỗ Tổ of Vietnam, against the dates of the published calendars."""

from datetime import date, timedelta

import pytest

from tracker.domain.lunar import hung_kings_day, lunar_day, tet

KNOWN = {
    2025: (date(2025, 1, 29), date(2025, 4, 7)),
    2026: (date(2026, 2, 17), date(2026, 4, 26)),
    2027: (date(2027, 2, 6), date(2027, 4, 16)),
    2028: (date(2028, 1, 26), date(2028, 4, 4)),
    2029: (date(2029, 2, 13), date(2029, 4, 23)),
}


@pytest.mark.parametrize("year", KNOWN)
def test_tet_and_the_hung_kings_day_fall_as_published(year: int) -> None:
    assert (tet(year), hung_kings_day(year)) == KNOWN[year]


def test_tet_2030_is_the_vietnamese_day_and_not_the_chinese_one() -> None:
    """The new moon of 2 February 2030 comes before midnight at UTC+7 and after it at UTC+8."""
    assert tet(2030) == date(2030, 2, 2)


@pytest.mark.parametrize(
    ("year", "day"), [(1968, date(1968, 1, 29)), (1985, date(1985, 1, 21)), (2007, date(2007, 2, 17))]
)
def test_years_in_which_vietnam_and_china_differed(year: int, day: date) -> None:
    assert tet(year) == day


def test_a_leap_month_before_the_third_moves_the_hung_kings_day() -> None:
    """2023 had a leap second month, so its 10/3 came on 29 April."""
    assert hung_kings_day(2023) == date(2023, 4, 29)


def test_every_tet_lies_between_21_january_and_21_february() -> None:
    for year in range(1900, 2100):
        assert date(year, 1, 20) <= tet(year) <= date(year, 2, 21)
        assert timedelta(days=353) <= tet(year + 1) - tet(year) <= timedelta(days=385)


@pytest.mark.parametrize(("year", "month", "day"), [(1700, 1, 1), (2026, 11, 1), (2026, 1, 31), (2026, 0, 1)])
def test_a_day_that_is_not_in_the_calendar_is_refused(year: int, month: int, day: int) -> None:
    with pytest.raises(ValueError, match="no such lunar day"):
        lunar_day(year, month, day)


def test_the_thirtieth_of_a_short_month_is_refused() -> None:
    short = [m for m in range(1, 11) if not _has_thirty(m)]
    assert short, "every lunar year has months of 29 days"


def _has_thirty(month: int) -> bool:
    try:
        lunar_day(2026, month, 30)
    except ValueError:
        return False
    return True
