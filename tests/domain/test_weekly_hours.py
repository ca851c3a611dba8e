"""Weekly hours as they are typed: several slots a day, a sentence at the line that can't be, versions in time."""

from datetime import date

import pytest

from tests.domain.calendars import OFFICE, WEEK
from tracker.domain.calendars import NATION, OpenSlot, Owner
from tracker.domain.errors import Invalid
from tracker.domain.weekly_hours import (
    DAY_FIELDS,
    check_lasting,
    lines_of,
    open_slots,
    parse_week,
    versions_of,
    week_words,
)

OFFICE_LINE = "07:30-11:30 13:30-17:00"
LINES = {name: OFFICE_LINE for name in DAY_FIELDS[:5]}
SINCE = date(2026, 12, 1)


def refused(lines: dict[str, str]) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        parse_week(lines)
    return dict(caught.value.fields)


def test_a_week_is_read_as_it_is_typed_with_a_lunch_break() -> None:
    """osTicket#6847: a break inside the day."""
    assert parse_week(LINES) == WEEK
    assert parse_week({"day_1": "13:30 – 17:00, 07:30–11:30"})[0] == OFFICE
    assert parse_week(lines_of(WEEK)) == WEEK


def test_overlapping_slots_are_refused_at_their_own_line() -> None:
    errors = refused(LINES | {"day_3": "07:30-11:30 11:00-17:00"})
    assert list(errors) == ["day_3"]
    assert errors["day_3"] == "Thứ Tư: khung giờ 07:30–11:30 và 11:00–17:00 trùng nhau."


def test_slots_that_touch_are_not_refused() -> None:
    assert len(parse_week(LINES | {"day_3": "07:30-11:30 11:30-17:00"})[2]) == 2


@pytest.mark.parametrize("typed", ["sáng", "11:30-07:30", "08:00-08:00", "07:30", "08:00-25:00", "1-2 " * 9])
def test_what_is_no_slot_is_refused_at_its_own_line(typed: str) -> None:
    assert list(refused(LINES | {"day_6": typed})) == ["day_6"]


def test_every_wrong_line_is_told_at_once() -> None:
    assert list(refused({"day_1": "x", "day_7": "y"})) == ["day_1", "day_7"]


def test_a_week_with_no_open_time_is_refused() -> None:
    """osTicket PR #5279, frappe/helpdesk calc_time: nothing to count would be searched for ever."""
    assert "không có giờ làm việc" in refused({})["day_1"]


def test_a_week_is_told_in_words_days_with_the_same_hours_together() -> None:
    assert week_words(WEEK) == (
        ("Thứ Hai – Thứ Sáu", "07:30–11:30, 13:30–17:00"),
        ("Thứ Bảy – Chủ nhật", "nghỉ"),
    )
    assert week_words(parse_week({"day_6": "07:30-11:30"}))[1] == ("Thứ Bảy", "07:30–11:30")


def test_the_nation_is_never_left_without_hours() -> None:
    check_lasting(Owner(unit_id=1), SINCE)
    check_lasting(NATION, None)
    with pytest.raises(Invalid, match="phải luôn có"):
        check_lasting(NATION, SINCE)


def test_rows_that_begin_on_one_day_are_one_version() -> None:
    rows = [
        (number, slot, "QĐ 1", "S", 3)
        for number, slot in enumerate(open_slots(WEEK, date(2020, 1, 1), SINCE), start=1)
    ]
    found = versions_of([*rows, (50, OpenSlot(5, OFFICE[0], SINCE), "QĐ 2", "S", 4)])

    assert [one.week for one in found] == [WEEK, ((),) * 5 + (OFFICE[:1], ())]
    assert [(one.id, one.valid_from, one.valid_to) for one in found] == [
        (1, date(2020, 1, 1), SINCE),
        (50, SINCE, None),
    ]
    assert found[0].lines == {**LINES, "day_6": "", "day_7": ""}
