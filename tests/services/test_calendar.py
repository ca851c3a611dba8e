"""Days kept: an owner's own, dropped and taken up again, a year confirmed, a new year filled by law."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.conftest import NOW
from tests.makers import Makers
from tracker.db.base import db
from tracker.db.reading.calendar import entries_of, national_bases
from tracker.db.tables.deadlines import CalendarDay
from tracker.domain.calendar import DayKind
from tracker.domain.calendar_days import DayChange
from tracker.domain.calendar_years import years_to_decide
from tracker.domain.calendars import NATION, Owner
from tracker.domain.errors import Conflict, Invalid, NotFound, StaleEdit
from tracker.domain.people import SYSTEM
from tracker.services.calendar import confirm_year, drop_day, fill_year, put_day
from tracker.services.reference import reference_on
from tracker.services.unit import Unit, unit_of_work

TODAY = date(2026, 11, 25)
ON = date(2026, 12, 1)


@pytest.fixture
def unit(make: Makers):
    with unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
        yield unit


@pytest.fixture
def places(make: Makers) -> tuple[Owner, Owner, Owner]:
    _, ward, _ = make.ward()
    return Owner(unit_id=ward), Owner(body_id=make.body("DD", ward)), Owner(body_id=make.body("CA", ward))


def closed(owner: Owner = NATION, version: int | None = None, **more) -> DayChange:
    values = {"kind": DayKind.HOLIDAY, "hours": "", "basis": "decided", "source": "Thông báo 5", "tag": "S"}
    return DayChange(**{"on": ON, "name": "Kiểm kê", **values, **more}, version=version, owner=owner)


def open_on(unit: Unit, owner: Owner, on: date = ON) -> bool:
    return reference_on(unit.session, TODAY).calendars.of(owner).day(on).is_open


def test_each_owner_keeps_the_same_day_for_itself(places, unit: Unit) -> None:
    """django-helpdesk escalate_tickets.py (row M3): an exclusion of one queue was applied to all queues."""
    ward, land, police = places
    put_day(closed(land), None, unit=unit)
    assert [open_on(unit, one) for one in (land, police, ward, NATION)] == [False, True, True, True]

    put_day(closed(ward), None, unit=unit)
    put_day(closed(police, kind=DayKind.WORKING), None, unit=unit)
    assert [open_on(unit, one) for one in (land, police, ward, NATION)] == [False, True, False, True]


def test_an_owners_second_row_of_a_day_is_refused(places, unit: Unit) -> None:
    put_day(closed(places[0]), None, unit=unit)
    with pytest.raises(Invalid, match="đã có trong lịch"):
        put_day(closed(places[0]), None, unit=unit)


def test_a_row_is_changed_by_its_owner_only(places, unit: Unit) -> None:
    row_id = put_day(closed(places[1]), None, unit=unit)
    with pytest.raises(NotFound):
        put_day(closed(places[2]), row_id, unit=unit)


@pytest.mark.parametrize("hours", ["07:30-11:30 11:00-12:00", "07:30-11:30", "x"])
def test_a_day_off_with_hours_or_what_is_no_hours_is_refused(unit: Unit, hours: str) -> None:
    with pytest.raises(Invalid) as refused:
        put_day(closed(hours=hours), None, unit=unit)
    assert list(refused.value.fields) == ["hours"]


def test_a_dropped_day_is_as_those_above_have_it_and_can_be_taken_up_again(places, unit: Unit) -> None:
    land = places[1]
    row_id = put_day(closed(land), None, unit=unit)
    drop_day(row_id, 1, unit=unit)
    assert open_on(unit, land)

    with pytest.raises(StaleEdit):
        drop_day(row_id, 1, unit=unit)
    put_day(closed(land, version=2), row_id, unit=unit)
    assert not open_on(unit, land)


def test_confirming_a_year_closes_its_warning_and_says_after_which_decision(unit: Unit) -> None:
    def asked() -> list[int]:
        return [one.year for one in years_to_decide(national_bases(unit.session, 2026, 2027), TODAY)]

    assert asked() == [2026, 2027]
    assert confirm_year(2027, "Thông báo 9999/TB-BNV", "S", unit=unit) == 6
    assert asked() == [2026]
    rows = [one for one in entries_of(unit.session, 2027, [NATION]) if one.basis == "decided"]
    assert {(one.source, one.tag) for one in rows} == {("Thông báo 9999/TB-BNV", "S")}
    with pytest.raises(Conflict, match="không còn ngày nào"):
        confirm_year(2027, "Thông báo khác", "S", unit=unit)


def test_a_new_year_is_filled_by_law_and_keeps_what_is_there(unit: Unit) -> None:
    put_day(closed(on=date(2031, 1, 1), name="Đã quyết định"), None, unit=unit)

    assert fill_year(2031, unit=unit) >= 12
    assert fill_year(2031, unit=unit) == 0
    calendar = reference_on(unit.session, TODAY).calendar
    assert calendar.day(date(2031, 1, 1)).name == "Đã quyết định"
    assert not calendar.day(date(2031, 1, 23)).is_open  # Tết Tân Hợi


def test_the_years_rows_are_read_in_one_query(make: Makers, places, count_queries) -> None:
    db.session.execute(sa.select(1))
    assert count_queries(lambda: entries_of(db.session(), 2026, [NATION, *places])) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CalendarDay)) > 0
