"""What a meeting sheet may say, what is required of a meeting, and when the next one is due."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.dates import ZONE
from tracker.domain.meetings import (
    KIND_LABELS,
    DurationRule,
    MeetingKind,
    RollCall,
    SheetFacts,
    check_roll,
    check_sheet,
    next_meeting_due,
    percent,
    required_minutes,
)
from tracker.domain.numbers import percent_words

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=ZONE)
ROLL = RollCall(official=28, probationary=1, exempt=2, present=25, excused=1, unexcused=1)
SHEET = SheetFacts(
    kind=MeetingKind.REGULAR,
    held_on=date(2026, 11, 3),
    starts_at=datetime(2026, 11, 3, 19, 30, tzinfo=ZONE),
    ends_at=datetime(2026, 11, 3, 21, 5, tzinfo=ZONE),
    roll=ROLL,
    required_minutes=90,
)
COUNT = st.integers(min_value=-3, max_value=60)


def errors_of(sheet: SheetFacts, has_regular: bool = False) -> dict[str, str]:
    return check_sheet(sheet, NOW, has_regular)


def test_a_possible_sheet_passes() -> None:
    assert errors_of(SHEET) == {}
    assert (SHEET.minutes, SHEET.short_by) == (95, 0)


def test_the_rate_is_taken_against_those_expected_not_against_the_roll() -> None:
    assert ROLL.on_roll == 29
    assert ROLL.rate == (25, 27)
    assert ROLL.rate_words == "25/27 (92,5\u00a0%)"


def test_a_percentage_is_cut_off_so_that_it_never_reads_as_a_threshold_that_was_not_reached() -> None:
    assert percent(8996, 10000) == Decimal("89.9")
    assert percent_words(percent(9, 10)) == "90\u00a0%"
    assert percent(3, 0) == 0


def test_an_unequal_roll_call_names_both_figures_and_what_to_correct() -> None:
    sentence = errors_of(replace(SHEET, roll=replace(ROLL, present=26)))["present"]
    assert "= 28" in sentence
    assert "phải dự họp là 27" in sentence
    assert "thừa 1 người" in sentence
    assert "Hãy sửa" in sentence


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unexcused": -1, "present": 27}, "unexcused"),
        ({"official": 9999}, "official"),
        ({"exempt": 40}, "exempt"),
        ({"temp_exempt": 29, "exempt": 0}, "temp_exempt"),
        ({"present": 0, "excused": 27, "unexcused": 0}, "present"),
    ],
)
def test_an_impossible_roll_is_told_beside_its_field(change: dict[str, int], field: str) -> None:
    assert list(errors_of(replace(SHEET, roll=replace(ROLL, **change)))) == [field]


def test_a_branch_without_members_has_no_sheet() -> None:
    assert list(check_roll(RollCall(official=0))) == ["official"]


@given(st.builds(RollCall, *([COUNT] * 8)))
def test_no_impossible_roll_ever_passes(roll: RollCall) -> None:
    figures = (roll.official, roll.probationary, roll.exempt, roll.temp_exempt, roll.special_duty)
    possible = (
        min(*figures, roll.present, roll.excused, roll.unexcused) >= 0
        and roll.present > 0
        and roll.present + roll.excused + roll.unexcused == sum(figures[:2]) - sum(figures[2:])
    )
    assert (check_roll(roll) == {}) == possible


@given(st.integers(0, 40), st.integers(0, 5), st.integers(0, 9), st.integers(1, 30), st.integers(0, 9))
def test_every_possible_roll_passes(present: int, excused: int, absent: int, one: int, exempt: int) -> None:
    expected = present + one + excused + absent
    roll = RollCall(
        expected + exempt, exempt=exempt, present=present + one, excused=excused, unexcused=absent
    )
    assert check_roll(roll) == {}
    assert 0 <= roll.percent <= 100


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_at": SHEET.starts_at}, "ends"),
        ({"ends_at": SHEET.starts_at - timedelta(minutes=5)}, "ends"),
        ({"ends_at": SHEET.starts_at + timedelta(hours=12, minutes=1)}, "ends"),
        ({"starts_at": SHEET.starts_at - timedelta(days=1), "ends_at": SHEET.starts_at}, "starts"),
    ],
)
def test_impossible_times_are_told_beside_their_field(change: dict[str, datetime], field: str) -> None:
    assert field in errors_of(replace(SHEET, **change))


def moved(days: int) -> SheetFacts:
    shift = timedelta(days=days)
    return replace(
        SHEET,
        held_on=SHEET.held_on + shift,
        starts_at=SHEET.starts_at + shift,
        ends_at=SHEET.ends_at + shift,
    )


def test_a_day_to_come_or_long_past_is_refused() -> None:
    assert list(errors_of(moved(23))) == ["held_on"]
    assert "25/11/2026" in errors_of(moved(23))["held_on"]
    assert list(errors_of(moved(-379))) == ["held_on"]
    assert errors_of(moved(-378)) == {}


def test_a_meeting_of_today_can_be_sent_once_it_is_over() -> None:
    today = moved(22)
    during = today.ends_at - timedelta(minutes=16)
    assert list(check_sheet(today, during, False)) == ["ends"]
    assert check_sheet(today, today.ends_at, False) == {}
    assert check_sheet(today, today.ends_at.astimezone(UTC), False) == {}


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        errors_of(replace(SHEET, starts_at=SHEET.starts_at.replace(tzinfo=None)))


def test_a_second_regular_meeting_in_the_month_is_refused_but_a_thematic_one_is_not() -> None:
    assert "11/2026" in errors_of(SHEET, has_regular=True)["kind"]
    assert list(errors_of(replace(SHEET, kind=MeetingKind.BOTH), has_regular=True)) == ["kind"]
    assert errors_of(replace(SHEET, kind=MeetingKind.THEMATIC), has_regular=True) == {}


def test_every_kind_has_its_words() -> None:
    assert set(KIND_LABELS) == set(MeetingKind)


def test_the_required_time_depends_on_the_kind_and_where_the_rule_says_so_on_the_size() -> None:
    rule = DurationRule(regular=90, thematic=90, both=120)
    assert [required_minutes(kind, rule, 50) for kind in MeetingKind] == [90, 90, 120]
    large = replace(rule, large=120, large_from=30)
    assert required_minutes(MeetingKind.REGULAR, large, 29) == 90
    assert required_minutes(MeetingKind.REGULAR, large, 30) == 120


def test_after_this_months_meeting_the_next_one_is_due_on_the_third_of_next_month() -> None:
    due = next_meeting_due(date(2026, 12, 3), date(2026, 12, 10))
    assert (due.on, due.until, due.missed, due.is_late) == (date(2027, 1, 3), date(2027, 1, 7), 0, False)


def test_a_month_without_a_meeting_is_counted_and_said() -> None:
    due = next_meeting_due(date(2026, 8, 3), date(2026, 11, 2))
    assert (due.month, due.missed, due.is_late) == (date(2026, 11, 1), 2, False)
    assert "2 tháng chưa có phiếu" in due.because


def test_the_first_week_is_in_time_and_the_day_after_is_late() -> None:
    assert not next_meeting_due(date(2026, 10, 3), date(2026, 11, 7)).is_late
    late = next_meeting_due(date(2026, 10, 3), date(2026, 11, 8))
    assert late.is_late
    assert "đã quá hạn" in late.because


def test_a_new_branch_is_due_this_month_and_has_missed_nothing() -> None:
    due = next_meeting_due(None, date(2026, 11, 2))
    assert (due.month, due.missed) == (date(2026, 11, 1), 0)
