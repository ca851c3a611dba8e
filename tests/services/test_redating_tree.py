"""A changed tree and what is open: other calendars and superiors are shown first, at once or for the day that comes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.late import NOW, Late
from tests.makers import Makers
from tests.services.test_redating import (
    DUE_LATER,
    NEXT_DAY,
    clock,
    closed,
    do,
    everything,
    open_tickets,
)
from tracker.db.base import db
from tracker.db.reading.org import org_tree
from tracker.db.tables.notices import Notice
from tracker.db.tables.org import BodyVersion
from tracker.db.tables.tickets import TicketEvent
from tracker.domain.calendars import Owner
from tracker.domain.dates import date_words
from tracker.domain.people import SYSTEM, Role
from tracker.domain.validity import DatedChange
from tracker.services.dated import DatedRows
from tracker.services.following import follow_branches_once_a_day
from tracker.services.org import BODIES, UNITS
from tracker.services.redating import Outcome, apply, settle, turn_day
from tracker.services.unit import Unit, unit_of_work

TODAY = date(2026, 11, 25)
SOON = TODAY + timedelta(days=2)
_NOT_VALUES = {"id", "version", "valid_from", "valid_to", "unit_id", "body_id"}

Act = Callable[[Unit], Any]


class Wards(Late):
    """Two wards; the second closes on a day on which the nation works."""

    def __init__(self, make: Makers) -> None:
        super().__init__(make)
        self.other = make.unit("party_committee", "Đảng ủy phường Phù Khê", self.province, code="09379")
        do(self, apply, closed(owner=Owner(unit_id=self.other)))

    def changed(self, rows: DatedRows, on: date, **values: Any) -> Act:
        """Return the change of the body, or of the branch, from the day on."""
        key = {"body_id": self.body} if rows is BODIES else {"unit_id": self.branch}
        table = rows.table
        row = db.session.scalars(sa.select(table).filter_by(**key)).one()
        names = {column.key for column in sa.inspect(table).column_attrs} - _NOT_VALUES
        known = {name: getattr(row, name) for name in names}
        change, row_id = DatedChange(known | values, on, version=row.version), row.id
        return lambda unit: rows.put(change, row_id, unit=unit)

    def body_to(self, committee: int | None, on: date = TODAY) -> Act:
        return self.changed(BODIES, on, committee_id=committee)

    def branch_to(self, committee: int, on: date = TODAY) -> Act:
        return self.changed(UNITS, on, parent_id=committee)


@pytest.fixture
def wards(app: Flask, make: Makers) -> Wards:
    return Wards(make)


def seen(wards: Wards, act: Act, digest: str | None = None, on: date | None = None) -> Outcome:
    with unit_of_work(wards.make.wiring, actor=SYSTEM, now=NOW) as unit:
        return settle(lambda: act(unit), digest, unit=unit, on=on)


def day_comes(wards: Wards, days: int) -> None:
    """Run the day's first round, and once more."""
    for minutes in (0, 1):
        now = NOW + timedelta(days=days, minutes=minutes)
        with unit_of_work(wards.make.wiring, actor=SYSTEM, now=now) as unit:
            follow_branches_once_a_day(unit=unit)


def events() -> list[dict[str, Any]]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(TicketEvent.details).filter_by(act="redated")))


def test_a_body_that_goes_to_a_ward_with_another_calendar_moves_dates_when_it_is_confirmed(
    wards: Wards,
) -> None:
    (one,) = open_tickets(wards)
    before = everything()
    shown = seen(wards, wards.body_to(wards.other))
    assert (shown.is_done, everything()) == (False, before)
    assert shown.redating.words == "1 kiến nghị đổi hạn; 1 kiến nghị sang cấp trên khác theo dõi, đôn đốc"

    done = seen(wards, wards.body_to(wards.other), shown.redating.digest)
    assert done.is_done
    assert clock(one).due_at == NEXT_DAY
    assert [event["because"] for event in events()] == [
        "Đơn vị chuyển cấp trên, nay theo lịch khác. "
        "Lịch làm việc thay đổi: 03/12/2026 nay là ngày nghỉ lễ, tết (Nghỉ bù)."
    ]


def test_a_branch_that_goes_elsewhere_is_shown_though_no_date_moves(wards: Wards) -> None:
    """The answer runs by the body's calendar; whom the ladder reaches is another one all the same."""
    (one,) = open_tickets(wards)
    shown = seen(wards, wards.branch_to(wards.other))
    assert shown.redating.words == "1 kiến nghị sang cấp trên khác theo dõi, đôn đốc"
    assert not shown.is_done
    assert seen(wards, wards.branch_to(wards.other), shown.redating.digest).is_done
    assert clock(one).due_at == DUE_LATER


def test_what_waits_for_the_branchs_own_committee_moves_with_the_branch(wards: Wards) -> None:
    (one,) = open_tickets(wards, body_id=None, status="triage")
    found = seen(wards, wards.branch_to(wards.other)).redating
    assert [(move.clock.ticket_id, move.to) for move in found.moves] == [(one, NEXT_DAY)]


@pytest.mark.parametrize("values", [{"name": "Phòng Kinh tế mới"}, {}])
def test_a_new_name_moves_nothing_and_is_saved_at_once(wards: Wards, values: dict[str, str]) -> None:
    """The negative control: only where somebody stands matters."""
    open_tickets(wards)
    assert seen(wards, wards.changed(BODIES, TODAY, **values)).is_done
    assert (events(), clock(1).due_at) == ([], DUE_LATER)


def test_a_committee_without_a_calendar_of_its_own_moves_no_date(wards: Wards) -> None:
    open_tickets(wards)
    found = seen(wards, wards.body_to(wards.province)).redating
    assert (found.moves, found.reassigned) == ((), 1)


class TestLaterDay:
    def confirmed(self, wards: Wards) -> None:
        shown = seen(wards, wards.body_to(wards.other, SOON), on=SOON)
        assert shown.redating.words.startswith("Từ ngày 27/11/2026: 1 kiến nghị đổi hạn")
        assert seen(wards, wards.body_to(wards.other, SOON), shown.redating.digest, SOON).is_done

    def test_it_is_shown_first_and_moves_on_its_day(self, wards: Wards) -> None:
        (one,) = open_tickets(wards)
        day_comes(wards, 0)
        self.confirmed(wards)
        assert clock(one).due_at == DUE_LATER
        day_comes(wards, 1)
        assert clock(one).due_at == DUE_LATER
        day_comes(wards, 2)
        assert clock(one).due_at == NEXT_DAY
        assert len(events()) == 1
        told = db.session.scalars(
            sa.select(Notice.account_id).where(Notice.event_key.like("redated:%"))
        ).all()
        assert told == [wards.official.account_id]
        day_comes(wards, 3)
        assert len(events()) == 1

    def test_what_begins_before_the_day_moves_too(self, wards: Wards) -> None:
        day_comes(wards, 0)
        assert seen(wards, wards.body_to(wards.other, SOON), on=SOON).is_done, "nothing is open yet"
        (one,) = open_tickets(wards)
        day_comes(wards, 2)
        assert clock(one).due_at == NEXT_DAY

    def test_after_a_stop_over_the_day_it_moves_with_the_next_round(self, wards: Wards) -> None:
        (one,) = open_tickets(wards)
        day_comes(wards, 0)
        self.confirmed(wards)
        day_comes(wards, 5)
        assert clock(one).due_at == NEXT_DAY

    def test_without_the_days_round_the_old_calendar_stays(self, wards: Wards) -> None:
        """The negative control: the tree of the day alone moves no date."""
        (one,) = open_tickets(wards)
        self.confirmed(wards)
        assert org_tree(db.session(), SOON).bodies[wards.body].committee_id == wards.other
        assert clock(one).due_at == DUE_LATER

    def test_the_rules_are_locked_before_any_ticket(self, wards: Wards) -> None:
        """As every act does: the other way about, an act and the day's round would wait for each other for good."""
        open_tickets(wards)
        day_comes(wards, 0)
        self.confirmed(wards)
        shown = seen(wards, wards.branch_to(wards.other, SOON), on=SOON)
        assert seen(wards, wards.branch_to(wards.other, SOON), shown.redating.digest, SOON).is_done
        said: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            said.append(statement.lstrip().lower())

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            day_comes(wards, 2)
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        rules = next(n for n, one in enumerate(said) if one.startswith("update reference_stamp"))
        tickets = next(n for n, one in enumerate(said) if one.startswith("update ticket"))
        assert rules < tickets

    def test_on_a_day_like_the_one_before_nothing_is_read_again(
        self, wards: Wards, count_queries: Callable[[Callable[[], object]], int]
    ) -> None:
        def quiet(unit: Unit) -> None:
            assert count_queries(lambda: turn_day(TODAY, unit=unit)) == 4, "two trees"

        with unit_of_work(wards.make.wiring, actor=SYSTEM, now=NOW + timedelta(days=1)) as unit:
            quiet(unit)


def test_a_body_is_moved_on_its_screen_after_a_preview(wards: Wards, make: Makers) -> None:
    (one,) = open_tickets(wards)
    admin = make.log_in(make.person(Role.ADMINISTRATOR, wards.province, "quantri"))
    row = db.session.scalars(sa.select(BodyVersion).filter_by(body_id=wards.body)).one()
    typed = {
        "code": row.code,
        "name": row.name,
        "short_name": row.short_name,
        "kind": row.kind,
        "in_chain": "y",
        "committee_id": str(wards.other),
        "valid_from": date_words(TODAY),
        "version": str(row.version),
    }
    address = f"/quan-tri/don-vi-xu-ly/{row.id}"
    shown = admin.post(address, data=typed)
    assert shown.status_code == 200
    assert "1 kiến nghị đổi hạn" in shown.text
    assert clock(one).due_at == DUE_LATER
    assert _confirm(admin, address, shown.text).status_code == 302
    assert clock(one).due_at == NEXT_DAY


def _confirm(admin: FlaskClient, address: str, page: str) -> Any:
    from tests.web.test_redating import hidden

    return admin.post(address, data=hidden(page))
