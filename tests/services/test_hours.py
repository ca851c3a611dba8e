"""Weekly hours kept: a week from a day on ends the former, a unit's and a body's are its own, nothing half done."""

from datetime import date

import pytest

from tests.conftest import NOW
from tests.makers import Makers
from tracker.db.base import db
from tracker.domain.calendars import NATION, Owner
from tracker.domain.errors import Invalid, StaleEdit
from tracker.domain.people import SYSTEM
from tracker.domain.weekly_hours import DAY_FIELDS, HoursChange
from tracker.services.hours import end_hours, hours_of, put_hours, seen_hours
from tracker.services.reference import reference_on
from tracker.services.unit import unit_of_work

TODAY = date(2026, 11, 25)
SOON, LATER = date(2026, 12, 1), date(2027, 3, 1)
MORNINGS = {name: "08:00-11:00" for name in DAY_FIELDS[:5]}


def week(owner, since=SOON, until=None, lines=MORNINGS, version=None) -> HoursChange:
    return HoursChange(owner, lines, since, until, "Quy chế làm việc", "S", version)


def put(make: Makers, change: HoursChange, act=put_hours) -> None:
    with unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
        act(change, unit=unit)


def hours(make: Makers, on: date, body: int | None = None) -> float:
    return reference_on(db.session(), TODAY).calendars.of_body(body).day(on).hours


def test_new_hours_hold_from_their_day_and_end_the_former(make: Makers) -> None:
    put(make, week(NATION))

    assert [hours(make, date(2026, 11, 30)), hours(make, SOON)] == [7.5, 3]
    former, later = hours_of(db.session(), NATION)
    assert (former.valid_to, later.valid_from, later.valid_to) == (SOON, SOON, None)


def test_a_body_has_hours_of_its_own_until_they_end(make: Makers) -> None:
    _, ward, _ = make.ward()
    land, police = make.body("DD", ward), make.body("CA", ward)
    put(make, week(Owner(body_id=land)))
    seen = seen_hours(hours_of(db.session(), Owner(body_id=land)))
    put(make, week(Owner(body_id=land), until=LATER, version=seen), end_hours)

    assert [hours(make, on, land) for on in (SOON, LATER)] == [3, 7.5]
    assert hours(make, SOON, police) == hours(make, SOON) == 7.5


def test_hours_that_have_not_begun_are_corrected_in_place(make: Makers) -> None:
    put(make, week(NATION))
    put(make, week(NATION, lines={"day_2": "07:00-12:00"}))

    assert len(hours_of(db.session(), NATION)) == 2
    assert [hours(make, on) for on in (SOON, date(2026, 12, 2))] == [5, 0]


@pytest.mark.parametrize(
    ("lines", "field"),
    [({"day_2": "07:30-11:30 11:00-12:00"}, "day_2"), ({}, "day_1"), ({"day_5": "x"}, "day_5")],
)
def test_a_week_that_cannot_be_is_refused_at_its_line_and_nothing_is_saved(
    make: Makers, lines: dict[str, str], field: str
) -> None:
    before = hours_of(db.session(), NATION)
    with pytest.raises(Invalid) as refused:
        put(make, week(NATION, lines=lines))

    assert list(refused.value.fields) == [field]
    assert hours_of(db.session(), NATION) == before


def test_the_nations_hours_cannot_end_without_others(make: Makers) -> None:
    with pytest.raises(Invalid, match="phải luôn có"):
        put(make, week(NATION, until=LATER))
    with pytest.raises(Invalid, match="phải luôn có"):
        put(make, week(NATION, since=date(2020, 1, 1), until=LATER), end_hours)


def test_hours_in_force_are_not_rewritten(make: Makers) -> None:
    with pytest.raises(Invalid, match="đã có hiệu lực"):
        put(make, week(NATION, since=date(2020, 1, 1)))


def test_who_saw_older_hours_is_told(make: Makers) -> None:
    seen = seen_hours(hours_of(db.session(), NATION))
    put(make, week(NATION, version=seen))
    with pytest.raises(StaleEdit):
        put(make, week(NATION, since=LATER, version=seen))


def test_an_owner_without_hours_has_none_to_end(make: Makers) -> None:
    _, ward, _ = make.ward()
    assert seen_hours(hours_of(db.session(), Owner(unit_id=ward))) == 0
    with pytest.raises(Invalid):
        put(make, week(Owner(unit_id=ward), until=LATER), end_hours)
