"""Quarters and how dates are written."""

from datetime import UTC, date, datetime

import pytest

from tracker.domain.dates import Quarter, document_date, local_date, time_words


def test_a_late_evening_in_utc_is_the_next_day_in_vietnam() -> None:
    assert local_date(datetime(2026, 11, 24, 18, 0, tzinfo=UTC)) == date(2026, 11, 25)
    assert time_words(datetime(2026, 11, 24, 18, 5, tzinfo=UTC)) == "01:05, 25/11/2026"


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        local_date(datetime(2026, 11, 24))  # noqa: DTZ001 - that is the point


def test_quarters_are_half_open_and_follow_each_other() -> None:
    quarter = Quarter.parse("2026q4")
    assert (quarter.start, quarter.end) == (date(2026, 10, 1), date(2027, 1, 1))
    assert str(quarter.next) == "2027Q1"
    assert quarter.next.previous == quarter
    assert quarter.words == "quý IV năm 2026"


def test_documents_write_a_zero_before_small_days_and_the_first_two_months_only() -> None:
    assert document_date(date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert document_date(date(2026, 3, 12)) == "ngày 12 tháng 3 năm 2026"
