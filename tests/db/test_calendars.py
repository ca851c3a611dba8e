"""Owners of calendar rows: one row an owner and date, read in two queries however many owners there are."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.makers import Makers
from tracker.db.base import db
from tracker.db.reading.deadlines import calendars, working_calendar
from tracker.db.reading.org import org_tree
from tracker.db.seed.deadlines import seed_deadlines
from tracker.db.tables.deadlines import CalendarDay, WorkingHours
from tracker.services.reference import reference_on, touch_reference

TODAY = date(2026, 11, 25)
ON = date(2026, 12, 1)


def a_day(on: date = ON, **owner: int) -> CalendarDay:
    return CalendarDay(
        on=on, kind="holiday", name="Kiểm kê", basis="decided", source="Thông báo 5", tag="S", **owner
    )


def keep(*rows: object) -> None:
    db.session.add_all(rows)
    touch_reference(db.session())
    db.session.commit()


def test_a_bodys_closing_day_never_leaks_to_another_body(make: Makers) -> None:
    """django-helpdesk escalate_tickets.py (row M3): an exclusion of one queue was applied to all queues."""
    _, ward, branch = make.ward()
    land, police = make.body("DD", ward), make.body("CA", ward)
    keep(a_day(body_id=land))

    found = reference_on(db.session(), TODAY)
    assert not found.calendars.of_body(land).day(ON).is_open
    assert found.calendars.of_body(police).day(ON).is_open
    assert found.calendars.of_unit(branch).day(ON).is_open
    assert found.calendar.day(ON).is_open
    assert working_calendar(db.session()).day(ON).is_open


def test_a_wards_hours_are_those_of_its_bodies(make: Makers) -> None:
    _, ward, _ = make.ward()
    land, shared = make.body("DD", ward), make.body("DL", None)
    keep(
        WorkingHours(
            weekday=2, begins=480, ends=660, valid_from=date(2026, 1, 1), source="QĐ 1", tag="S", unit_id=ward
        )
    )

    found = reference_on(db.session(), TODAY).calendars
    assert found.of_body(land).day(ON).hours == 3
    assert found.of_body(shared).day(ON).hours == 7.5


@pytest.mark.parametrize("owner", ["nobody", "unit", "body"])
def test_the_database_itself_keeps_one_row_an_owner_and_date(make: Makers, owner: str) -> None:
    _, ward, _ = make.ward()
    body = make.body("DD", ward)
    own = {"nobody": {}, "unit": {"unit_id": ward}, "body": {"body_id": body}}
    keep(*(a_day(**one) for one in own.values()))  # side by side: no owner is in another's way

    with pytest.raises(sa.exc.IntegrityError):
        keep(a_day(**own[owner]))
    db.session.rollback()


def test_the_database_itself_refuses_a_row_of_two_owners(make: Makers) -> None:
    _, ward, _ = make.ward()
    with pytest.raises(sa.exc.IntegrityError):
        keep(a_day(unit_id=ward, body_id=make.body("DD", ward)))
    db.session.rollback()


def test_calendars_are_read_in_two_queries_however_many_owners_there_are(make: Makers, count_queries) -> None:
    _, ward, _ = make.ward()
    tree = org_tree(db.session(), TODAY)
    few = count_queries(lambda: calendars(db.session(), tree).of_unit(ward))
    keep(*(a_day(body_id=make.body(f"B{n}", ward)) for n in range(12)))
    tree = org_tree(db.session(), TODAY)  # begins the transaction, which the first count hadn't to do either

    assert few == count_queries(lambda: calendars(db.session(), tree).of_unit(ward)) == 2


def test_what_a_body_added_for_itself_does_not_stand_in_for_a_shipped_row(make: Makers) -> None:
    new_year = date(2027, 1, 1)
    _, ward, _ = make.ward()
    db.session.execute(sa.delete(CalendarDay).where(CalendarDay.on == new_year))
    keep(a_day(new_year, body_id=make.body("DD", ward)))

    seed_deadlines(db.session())

    assert working_calendar(db.session()).day(new_year).name == "Tết Dương lịch"
