"""A branch that goes to another committee takes its sheets and tickets along: at once, or on its day, exactly once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW, SettableClock
from tests.makers import Makers
from tests.stories import LIGHTS, RESTRICTED, Ward
from tracker.db.base import db
from tracker.db.reading.org import org_tree
from tracker.db.reading.ticket_page import ticket_page
from tracker.db.reading.tickets import within
from tracker.db.tables.audit import AuditRow
from tracker.db.tables.meetings import Meeting
from tracker.db.tables.org import UnitVersion
from tracker.db.tables.tickets import Ticket, TicketEvent
from tracker.domain.access import Action, may, ticket_reach
from tracker.domain.dates import local_date
from tracker.domain.people import SYSTEM, Actor, Role
from tracker.domain.tickets import Status
from tracker.domain.validity import DatedChange
from tracker.services import following
from tracker.services.dated import DatedRows
from tracker.services.org import UNITS
from tracker.services.ticket_acts import ticket_resource
from tracker.services.unit import unit_of_work
from tracker.services.unit_rows import export_units, import_units, preview_units

TODAY = date(2026, 11, 25)
TOMORROW = TODAY + timedelta(days=1)
FORGETFUL = replace(UNITS, then=lambda _row, _unit: None)
"""Units whose records stay where they were: the negative control."""


class Moving(Ward):
    """A ward with an open, a restricted and an ended ticket, and another ward beside it."""

    def __init__(self, make: Makers, clock: SettableClock) -> None:
        super().__init__(make, clock)
        self.next_ward = make.unit("party_committee", "Đảng ủy phường Phù Khê", self.province, code="09379")
        self.admin = make.person(Role.ADMINISTRATOR, self.province)
        self.people = [
            *(self.secretary, self.official, self.office, self.inspector, self.leader),
            *(make.person(role, self.next_ward) for role in (Role.OFFICE, Role.INSPECTION)),
            make.person(Role.STANDING_COMMITTEE, self.province),
        ]
        self.open, self.hidden, self.ended = self.file(LIGHTS, RESTRICTED, "Đề nghị sửa mương nước đầu thôn")
        db.session.execute(
            sa.update(Ticket).where(Ticket.id == self.ended).values(status=Status.ACCEPTED, accepted_at=NOW)
        )
        db.session.commit()

    def move(self, to: int, on: date, units: DatedRows = UNITS) -> None:
        """Put the branch under the committee from the day on, as the administrator does."""
        row = db.session.scalars(
            sa.select(UnitVersion)
            .where(UnitVersion.unit_id == self.branch)
            .order_by(UnitVersion.valid_from.desc())
        ).first()
        names = ("code", "name", "kind", "branch_type", "symbol", "is_model", "is_difficult")
        values = {name: getattr(row, name) for name in names} | {"parent_id": to}
        change = DatedChange(values, on, version=row.version)
        with unit_of_work(self.make.wiring, actor=self.admin, now=self.clock()) as unit:
            units.put(change, row.id, unit=unit)

    def round(self) -> list[following.Followed]:
        """Run what the schedule runs."""
        with unit_of_work(self.make.wiring, actor=SYSTEM, now=self.clock()) as unit:
            return following.follow_branches_once_a_day(unit=unit)

    def committees(self) -> set[int]:
        """Return under which committees the branch's sheets and tickets stand."""
        db.session.rollback()
        return {
            one
            for table in (Ticket, Meeting)
            for one in db.session.scalars(sa.select(table.committee_id).where(table.branch_id == self.branch))
        }

    def differences(self) -> list[Actor]:
        """Return for whom the query and ``may``, asked with the branch's place in the tree, differ."""
        db.session.rollback()
        tree = org_tree(db.session(), local_date(self.clock()))
        tickets = db.session.scalars(sa.select(Ticket)).all()
        found = []
        for actor in self.people:
            one_by_one = {
                one.id
                for one in tickets
                if may(
                    actor,
                    Action.TICKET_READ,
                    replace(ticket_resource(one, tree), unit_path=tree.path(one.branch_id)),
                )
            }
            by_query = set(db.session.scalars(sa.select(Ticket.id).where(within(ticket_reach(actor, tree)))))
            if one_by_one != by_query:
                found.append(actor)
        return found

    def told(self, ticket_id: int) -> list[str]:
        page = ticket_page(db.session(), ticket_id, {})
        return [one.what for one in page.timeline if "chuyển về" in one.what]


@pytest.fixture
def moving(app: Flask, make: Makers, clock: SettableClock) -> Moving:
    return Moving(make, clock)


def audited(subject: str, ticket_id: int, action: str) -> int:
    rows = db.session.scalars(
        sa.select(AuditRow.body).where(AuditRow.subject == subject, AuditRow.subject_id == ticket_id)
    )
    return sum(f'"action":"{action}"' in body for body in rows)


def test_a_move_from_today_on_takes_the_records_along_in_the_same_transaction(moving: Moving) -> None:
    moving.move(moving.next_ward, TODAY)

    assert moving.committees() == {moving.next_ward}
    assert moving.differences() == []
    sentence = "Chi bộ chuyển về Đảng ủy phường Phù Khê; cấp ủy này theo dõi tiếp."
    assert [moving.told(one) for one in (moving.open, moving.hidden, moving.ended)] == [
        [sentence],
        [sentence],
        [],
    ]
    assert audited("ticket", moving.open, "moved") == 1
    assert audited("unit", moving.branch, "followed") == 1


def test_records_that_stay_behind_are_found(moving: Moving) -> None:
    """The negative control of the one above."""
    moving.move(moving.next_ward, TODAY, FORGETFUL)

    assert moving.committees() == {moving.ward}
    assert moving.differences()


def test_a_move_that_is_refused_takes_nothing_along(moving: Moving) -> None:
    with pytest.raises(RuntimeError):
        moving.move(moving.next_ward, TODAY, replace(UNITS, then=_follow_and_fail))

    assert moving.committees() == {moving.ward}
    assert moving.told(moving.open) == []


def _follow_and_fail(row: UnitVersion, unit) -> None:
    following.follow_branches(unit=unit, branch_ids=[row.unit_id])
    raise RuntimeError


def test_a_move_of_a_later_day_happens_on_that_day_exactly_once(moving: Moving, clock: SettableClock) -> None:
    moving.round()
    moving.move(moving.next_ward, TOMORROW)
    assert moving.committees() == {moving.ward}
    assert moving.round() == []
    assert moving.differences() == []

    clock.now = NOW + timedelta(hours=14, seconds=1)  # one second after midnight in Vietnam
    first, second = moving.round(), moving.round()

    assert [(one.branch_id, one.committee_id, one.tickets) for one in first] == [
        (moving.branch, moving.next_ward, 3)
    ]
    assert second == []
    assert moving.committees() == {moving.next_ward}
    assert moving.differences() == []
    assert len(moving.told(moving.open)) == 1
    assert audited("ticket", moving.open, "moved") == 1


def test_until_the_days_first_round_screens_and_lists_agree_all_the_same(
    moving: Moving, clock: SettableClock
) -> None:
    moving.move(moving.next_ward, TOMORROW)
    clock.now = NOW + timedelta(hours=14, seconds=1)
    db.session.rollback()
    tree = org_tree(db.session(), TOMORROW)

    for actor in moving.people:
        by_query = set(db.session.scalars(sa.select(Ticket.id).where(within(ticket_reach(actor, tree)))))
        asked = db.session.scalars(sa.select(Ticket))
        assert by_query == {
            one.id for one in asked if may(actor, Action.TICKET_READ, ticket_resource(one, tree))
        }


def test_days_on_which_nothing_ran_are_made_up_for(moving: Moving, clock: SettableClock) -> None:
    moving.move(moving.next_ward, TOMORROW)
    clock.now = NOW + timedelta(days=9)

    assert len(moving.round()) == 1
    assert moving.committees() == {moving.next_ward}


def test_a_branch_that_comes_back_is_told_of_a_second_time(moving: Moving, clock: SettableClock) -> None:
    moving.move(moving.next_ward, TODAY)
    moving.move(moving.ward, TODAY)

    assert moving.committees() == {moving.ward}
    assert len(moving.told(moving.open)) == 2
    assert db.session.scalar(sa.select(sa.func.max(Ticket.version))) == 1


def test_an_imported_move_takes_the_records_along_too(moving: Moving) -> None:
    rows = [dict(row) for row in export_units(db.session())]
    branch = next(row for row in rows if row["kind"] == "branch")
    later = branch | {"parent": "09379", "valid_from": TODAY.isoformat()}
    branch["valid_to"] = TODAY.isoformat()
    with unit_of_work(moving.make.wiring, actor=moving.admin, now=moving.clock()) as unit:
        import_units(preview_units([*rows, later], unit.session), unit=unit)

    assert moving.committees() == {moving.next_ward}


def test_a_quiet_round_asks_little(moving: Moving, count_queries: Callable[..., int]) -> None:
    """It runs every minute: on all but the day's first round it asks one row."""
    moving.round()

    assert count_queries(moving.round) <= 4
    assert db.session.scalar(sa.select(sa.func.count()).where(TicketEvent.act == "moved")) == 0
