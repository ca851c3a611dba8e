"""Whose calendar it is: inherited from the tree, never taken by another body."""

from datetime import date, timedelta

import pytest

from tests.domain.calendars import OFFICE, at
from tracker.domain.calendar import CalendarDay, DayKind, Slot
from tracker.domain.calendars import NATION, Calendars, OpenSlot, Owner
from tracker.domain.errors import Invalid
from tracker.domain.org import BodyNode, OrgTree, UnitNode

PROVINCE, WARD, OTHER_WARD, BRANCH = 1, 2, 3, 4
POST_OFFICE, LAND, OTHER_LAND, POWER = 11, 12, 13, 14
SINCE = date(2020, 1, 1)
MONDAY = date(2026, 3, 2)
UNTIL_NOON = (Slot(450, 690),)


def tree() -> OrgTree:
    units = (
        UnitNode(PROVINCE, "24", "Tỉnh ủy", "provincial_committee", None, None),
        UnitNode(WARD, "09370", "Đảng ủy phường", "party_committee", None, PROVINCE),
        UnitNode(OTHER_WARD, "09383", "Đảng ủy phường khác", "party_committee", None, PROVINCE),
        UnitNode(BRANCH, "09370-01", "Chi bộ", "branch", "khu_pho", WARD),
    )
    bodies = (
        BodyNode(POST_OFFICE, "BD", "Bưu điện", "BĐ", "outside", WARD, False),
        BodyNode(LAND, "DD", "Địa chính", "ĐC", "government", WARD, True),
        BodyNode(OTHER_LAND, "DD", "Địa chính", "ĐC", "government", OTHER_WARD, True),
        BodyNode(POWER, "DL", "Điện lực", "ĐL", "outside", None, False),
    )
    return OrgTree.build(units, bodies)


def closed(on: date, name: str) -> CalendarDay:
    return CalendarDay(on, DayKind.HOLIDAY, name)


def week(slots=OFFICE, since=SINCE, until=None, weekdays=range(5)):
    return [OpenSlot(weekday, slot, since, until) for weekday in weekdays for slot in slots]


def calendars(days=(), hours=()) -> Calendars:
    common = [(NATION, slot) for slot in week()]
    return Calendars.build([*common, *((owner, slot) for owner, own in hours for slot in own)], days, tree())


def test_a_bodys_closing_day_is_its_own_and_no_other_bodys() -> None:
    """django-helpdesk escalate_tickets.py (row M3): an exclusion of one queue was applied to all queues."""
    found = calendars([(Owner(body_id=LAND), closed(MONDAY, "Kiểm kê"))])

    assert not found.of_body(LAND).day(MONDAY).is_open
    for calendar in (
        found.national,
        found.of_body(OTHER_LAND),
        found.of_body(POST_OFFICE),
        found.of_unit(WARD),
    ):
        assert calendar.day(MONDAY).is_open


def test_a_units_day_holds_for_all_below_it_and_for_nobody_else() -> None:
    found = calendars([(Owner(unit_id=WARD), closed(MONDAY, "Lễ hội làng"))])

    below = (found.of_unit(WARD), found.of_unit(BRANCH), found.of_body(LAND), found.of_body(POST_OFFICE))
    assert not any(calendar.day(MONDAY).is_open for calendar in below)
    beside = (found.of_unit(PROVINCE), found.of_unit(OTHER_WARD), found.of_body(OTHER_LAND), found.national)
    assert all(calendar.day(MONDAY).is_open for calendar in beside)


def test_the_nearest_owner_decides_a_day() -> None:
    found = calendars(
        [
            (NATION, closed(MONDAY, "Nghỉ lễ")),
            (Owner(unit_id=PROVINCE), CalendarDay(MONDAY, DayKind.HALF, "Nửa buổi")),
            (Owner(body_id=LAND), CalendarDay(MONDAY, DayKind.WORKING, "Trực ngày lễ")),
        ]
    )

    names = [found.of(owner).day(MONDAY).name for owner in (NATION, Owner(unit_id=WARD), Owner(body_id=LAND))]
    assert names == ["Nghỉ lễ", "Nửa buổi", "Trực ngày lễ"]
    assert found.day_owner(Owner(body_id=LAND), MONDAY) == Owner(body_id=LAND)
    assert found.day_owner(Owner(unit_id=BRANCH), MONDAY) == Owner(unit_id=PROVINCE)
    assert found.day_owner(Owner(unit_id=BRANCH), MONDAY + timedelta(days=1)) is None


def test_a_body_shared_by_all_takes_the_nations_days_and_its_own() -> None:
    found = calendars(
        [(Owner(unit_id=PROVINCE), closed(MONDAY, "Của tỉnh")), (NATION, closed(date(2026, 9, 2), "Lễ"))]
    )

    assert found.of_body(POWER).day(MONDAY).is_open
    assert not found.of_body(POWER).day(date(2026, 9, 2)).is_open
    assert found.of_body(None) is found.national


def test_weekly_hours_are_those_of_the_nearest_owner_that_has_any() -> None:
    found = calendars(
        hours=[(Owner(unit_id=WARD), week(UNTIL_NOON)), (Owner(body_id=POST_OFFICE), week(weekdays=(5,)))]
    )

    assert found.of_body(LAND).day(MONDAY).hours == 4
    assert found.of_body(OTHER_LAND).day(MONDAY).hours == 7.5
    assert not found.of_body(POST_OFFICE).day(MONDAY).is_open
    assert found.of_body(POST_OFFICE).day(date(2026, 3, 7)).hours == 7.5
    assert found.hours_owner(Owner(body_id=LAND), MONDAY) == Owner(unit_id=WARD)


def test_hours_that_change_count_as_before_until_their_day_and_go_back_when_they_end() -> None:
    winter = week(UNTIL_NOON, date(2026, 3, 4), date(2026, 3, 6))
    calendar = calendars(hours=[(Owner(unit_id=WARD), winter)]).of_body(LAND)

    assert [calendar.day(MONDAY + timedelta(days=n)).hours for n in range(5)] == [7.5, 7.5, 4, 4, 7.5]
    assert calendar.open_between(at("2026-03-02 00:00"), at("2026-03-07 00:00")) == timedelta(hours=30.5)


def test_owners_who_change_nothing_share_one_calendar() -> None:
    found = calendars([(Owner(body_id=LAND), closed(MONDAY, "Kiểm kê"))])

    assert found.of_body(OTHER_LAND) is found.national
    assert found.of_body(LAND) is found.of_body(LAND)
    assert found.of_body(LAND) is not found.national


def test_a_body_that_is_no_longer_in_the_tree_keeps_its_own_days() -> None:
    found = calendars([(Owner(body_id=99), closed(MONDAY, "Đóng cửa"))])

    assert not found.of_body(99).day(MONDAY).is_open


def test_nobody_elses_hours_stand_in_for_a_nation_without_any() -> None:
    only_a_ward = Calendars.build(((Owner(unit_id=WARD), slot) for slot in week()), (), tree())

    assert only_a_ward.of_body(LAND).day(MONDAY).is_open
    with pytest.raises(Invalid, match="không có giờ làm việc"):
        _ = only_a_ward.national


def test_an_owner_is_a_unit_or_a_body() -> None:
    with pytest.raises(Invalid, match="không của cả hai"):
        Owner(WARD, LAND)
