"""Pauses and extensions: only with a reason, a person and a promise; the old date is kept; nobody grants himself."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW, SettableClock
from tests.makers import Makers
from tests.stories import ANSWER, LIGHTS, RESTRICTED, Ward
from tracker.db.base import db
from tracker.db.tables.clocks import Clock, Escalation, Extension, Pause
from tracker.db.tables.notices import Notice
from tracker.db.tables.tickets import TicketEvent
from tracker.domain.dates import ZONE
from tracker.domain.errors import Conflict, Invalid, Refused
from tracker.domain.extension_rules import AskExtension
from tracker.domain.people import Role
from tracker.services import extensions, pausing, tickets
from tracker.services.escalation import sweep
from tracker.services.extensions import DecideExtension

WHY = "Chờ điện lực cắt điện để thay cột"
MONDAY = date(2026, 11, 30)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def ward(app: Flask, make: Makers, clock: SettableClock) -> Ward:
    return Ward(make, clock)


@pytest.fixture
def ticket_id(ward: Ward) -> int:
    """A ticket filed on the day before: the first day isn't counted, so a pause in it would give nothing back."""
    (filed,) = ward.file(LIGHTS)
    ward.do(ward.official, tickets.acknowledge, filed, 1)
    ward.clock.now = LATER  # type: ignore[attr-defined]
    return filed


def answer_clock(ticket_id: int) -> Clock:
    db.session.rollback()
    found = sa.select(Clock).where(Clock.ticket_id == ticket_id, Clock.kind == "answer")
    return db.session.scalars(found.order_by(Clock.id.desc())).first()  # type: ignore[return-value]


def pause(ward: Ward, ticket_id: int, until: date | None = MONDAY, reason: str = WHY) -> None:
    version = ward.ticket(ticket_id).version
    ward.do(ward.official, pausing.pause, ticket_id, version, reason, until)


def ask(ward: Ward, ticket_id: int, amount: int = 5) -> None:
    version = ward.ticket(ticket_id).version
    ward.do(ward.official, extensions.ask, ticket_id, version, AskExtension(amount, WHY))


def decide(
    ward: Ward, ticket_id: int, *, grant: bool, reason: str = "Đã xem hồ sơ, đúng là phải chờ"
) -> None:
    version = ward.ticket(ticket_id).version
    ward.do(ward.leader, extensions.decide, ticket_id, version, DecideExtension(grant, reason))


class TestPause:
    def test_it_gives_back_working_time_only(self, ward: Ward, ticket_id: int) -> None:
        """glpi#10594, #14937: waiting counted in wall time gave whole weekends back."""
        before = answer_clock(ticket_id).due_at
        pause(ward, ticket_id)
        after = answer_clock(ticket_id)
        calendar = ward.reference.calendar
        promised = datetime(2026, 11, 30, 7, 30, tzinfo=ZONE)
        assert calendar.open_between(before, after.due_at) == calendar.open_between(LATER, promised)
        assert after.next_at == promised, "the sweep wakes it on the promised day"
        assert ward.ticket(ticket_id).due_at == after.due_at
        paused = db.session.scalars(sa.select(Pause)).one()
        assert (paused.reason, paused.account_id) == (WHY, ward.official.account_id)

    def test_it_ends_by_itself_on_the_promised_day_and_the_body_is_told(
        self, ward: Ward, ticket_id: int
    ) -> None:
        """glpi#15035: pause until a date, then back to work with a notice."""
        pause(ward, ticket_id)
        due = answer_clock(ticket_id).due_at
        promised = datetime(2026, 11, 30, 7, 30, tzinfo=ZONE)
        assert sweep(ward.make.wiring, promised - timedelta(minutes=1)).due == 0
        assert db.session.scalars(sa.select(Pause.ended_at)).one() is None
        sweep(ward.make.wiring, promised + timedelta(days=2))
        ended = db.session.scalars(sa.select(Pause)).one()
        assert (ended.ended_at, ended.ended_by) == (promised, None), "however late the sweep comes"
        assert answer_clock(ticket_id).due_at == due
        keys = set(db.session.scalars(sa.select(Notice.event_key)))
        assert f"pause_over:{ended.id}" in keys
        acts = list(db.session.scalars(sa.select(TicketEvent.act).order_by(TicketEvent.id)))
        assert acts.count("pause_over") == 1
        sweep(ward.make.wiring, promised + timedelta(days=2))
        assert list(db.session.scalars(sa.select(TicketEvent.act))).count("pause_over") == 1

    def test_what_is_paused_never_breaches(self, ward: Ward, ticket_id: int) -> None:
        """glpi#24481: breach while pending."""
        pause(ward, ticket_id, date(2026, 12, 18))
        old_due = NOW + timedelta(days=20)
        sweep(ward.make.wiring, old_due)
        assert list(db.session.scalars(sa.select(Escalation.clock))).count("answer") == 0

    def test_going_on_early_credits_only_what_has_passed(self, ward: Ward, ticket_id: int) -> None:
        before = answer_clock(ticket_id).due_at
        pause(ward, ticket_id)
        ward.clock.now = LATER + timedelta(hours=3)  # type: ignore[attr-defined]
        ward.do(ward.official, pausing.resume, ticket_id, ward.ticket(ticket_id).version)
        after = answer_clock(ticket_id)
        calendar = ward.reference.calendar
        assert calendar.open_between(before, after.due_at) == calendar.open_between(LATER, ward.clock())
        assert db.session.scalars(sa.select(Pause.ended_by)).one() == ward.official.account_id
        assert after.next_at is not None
        assert after.next_at < after.due_at

    @pytest.mark.parametrize(
        ("until", "reason", "field"),
        [
            (None, WHY, "until"),
            (date(2026, 11, 26), WHY, "until"),
            (date(2027, 3, 1), WHY, "until"),
            (MONDAY, "chờ", "reason"),
        ],
    )
    def test_it_needs_a_reason_and_a_promised_day_that_lies_ahead_and_not_too_far(
        self, ward: Ward, ticket_id: int, until: date | None, reason: str, field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            pause(ward, ticket_id, until, reason)
        assert set(refused.value.fields) == {field}
        assert db.session.scalars(sa.select(Pause)).all() == []

    def test_one_lasts_at_a_time_and_only_the_body_may(self, ward: Ward, ticket_id: int) -> None:
        pause(ward, ticket_id)
        with pytest.raises(Conflict):
            pause(ward, ticket_id)
        with pytest.raises(Refused):
            version = ward.ticket(ticket_id).version
            ward.do(ward.secretary, pausing.pause, ticket_id, version, WHY, MONDAY)

    def test_a_double_click_pauses_once(self, ward: Ward, ticket_id: int) -> None:
        for _ in range(2):
            ward.do(ward.official, pausing.pause, ticket_id, 2, WHY, MONDAY)
        assert len(db.session.scalars(sa.select(Pause)).all()) == 1

    def test_the_answer_ends_it(self, ward: Ward, ticket_id: int) -> None:
        pause(ward, ticket_id)
        ward.clock.now = LATER + timedelta(hours=1)  # type: ignore[attr-defined]
        ward.do(ward.official, tickets.answer, ticket_id, ward.ticket(ticket_id).version, ANSWER)
        assert db.session.scalars(sa.select(Pause.ended_at)).one() == ward.clock()
        assert answer_clock(ticket_id).met_at == ward.clock()

    def test_a_date_set_by_hand_is_not_moved(self, ward: Ward, ticket_id: int) -> None:
        """glpi#17186: a pause moved a deadline that somebody had set."""
        fixed = answer_clock(ticket_id).due_at + timedelta(days=3)
        db.session.execute(sa.update(Clock).where(Clock.kind == "answer").values(is_fixed=True, due_at=fixed))
        db.session.commit()
        pause(ward, ticket_id)
        assert answer_clock(ticket_id).due_at == fixed


class TestExtension:
    def test_granted_it_moves_the_date_and_keeps_the_old_one(self, ward: Ward, ticket_id: int) -> None:
        """okfde/froide#469, #312: asked in working days, and the unit is in the record."""
        old = answer_clock(ticket_id).due_at
        ask(ward, ticket_id)
        assert answer_clock(ticket_id).due_at == old, "asking moves nothing"
        decide(ward, ticket_id, grant=True)
        found = db.session.scalars(sa.select(Extension)).one()
        assert (found.state, found.old_due_at, found.amount, found.unit) == (
            "granted",
            old,
            5,
            "working_days",
        )
        calendar = ward.reference.calendar
        opened = [calendar.day((old + timedelta(days=n)).date()).is_open for n in range(1, 8)]
        assert sum(opened) >= 5
        assert found.new_due_at == answer_clock(ticket_id).due_at == ward.ticket(ticket_id).due_at
        assert found.new_due_at > old + timedelta(days=5)
        told = set(
            db.session.scalars(sa.select(Notice.account_id).where(Notice.event_key.like("extension:%")))
        )
        assert told == {ward.official.account_id, ward.secretary.account_id}

    def test_refused_it_moves_nothing_and_says_why(self, ward: Ward, ticket_id: int) -> None:
        old = answer_clock(ticket_id).due_at
        ask(ward, ticket_id)
        with pytest.raises(Invalid) as refused:
            decide(ward, ticket_id, grant=False, reason="")
        assert set(refused.value.fields) == {"reason"}
        decide(ward, ticket_id, grant=False)
        assert answer_clock(ticket_id).due_at == old
        assert db.session.scalars(sa.select(Extension.state)).one() == "refused"

    def test_only_whom_the_rule_names_decides_and_never_on_his_own_request(
        self, ward: Ward, ticket_id: int
    ) -> None:
        ask(ward, ticket_id)
        version = ward.ticket(ticket_id).version
        for other in (ward.official, ward.head, ward.office, ward.secretary):
            with pytest.raises(Refused):
                ward.do(other, extensions.decide, ticket_id, version, DecideExtension(True, ""))
        db.session.execute(sa.update(Extension).values(asked_by=ward.leader.account_id))
        db.session.commit()
        with pytest.raises(Refused):
            decide(ward, ticket_id, grant=True)
        assert db.session.scalars(sa.select(Extension.state)).one() == "asked"

    def test_it_is_granted_as_often_as_the_rule_allows(self, ward: Ward, ticket_id: int) -> None:
        for _ in range(2):
            ask(ward, ticket_id)
            decide(ward, ticket_id, grant=True)
        with pytest.raises(Invalid) as refused:
            ask(ward, ticket_id)
        assert "2 lần" in refused.value.sentence

    def test_not_more_than_the_rule_allows_nor_after_the_due_time(self, ward: Ward, ticket_id: int) -> None:
        with pytest.raises(Invalid) as refused:
            ask(ward, ticket_id, 11)
        assert set(refused.value.fields) == {"amount"}
        ward.clock.now = NOW + timedelta(days=30)  # type: ignore[attr-defined]
        with pytest.raises(Invalid) as late:
            ask(ward, ticket_id)
        assert "hết" in late.value.sentence

    def test_one_without_a_decision_escalates_itself(self, ward: Ward, ticket_id: int) -> None:
        board = ward.make.person(Role.STANDING_COMMITTEE, ward.ward, "banthuongvu")
        ask(ward, ticket_id)
        sweep(ward.make.wiring, NOW + timedelta(days=7))
        climbed = list(
            db.session.execute(
                sa.select(Escalation.level, Escalation.rung_code).where(Escalation.clock == "extension")
            )
        )
        assert [level for level, _ in climbed] == [1, 2]
        told = set(
            db.session.scalars(sa.select(Notice.account_id).where(Notice.event_key.contains(":extension:2:")))
        )
        assert told == {board.account_id}

    def test_the_answer_withdraws_it(self, ward: Ward, ticket_id: int) -> None:
        ask(ward, ticket_id)
        ward.do(ward.official, tickets.answer, ticket_id, ward.ticket(ticket_id).version, ANSWER)
        assert db.session.scalars(sa.select(Extension.state)).one() == "withdrawn"
        running = sa.select(Clock.kind).where(Clock.met_at.is_(None), Clock.stopped_at.is_(None))
        assert list(db.session.scalars(running)) == ["bring_back"]

    def test_of_a_restricted_ticket_the_inspection_commission_decides(self, ward: Ward) -> None:
        (hidden,) = ward.file(RESTRICTED)
        clerk = ward.make.person(Role.OFFICIAL, ward.commission, "canbokt")
        version = ward.ticket(hidden).version
        ward.do(clerk, extensions.ask, hidden, version, AskExtension(3, WHY))
        told = db.session.scalars(
            sa.select(Notice.account_id).where(Notice.event_key.like("extension_asked:%"))
        ).all()
        assert told == [ward.inspector.account_id]
        ward.do(ward.inspector, extensions.decide, hidden, version + 1, DecideExtension(True, ""))
        assert db.session.scalars(sa.select(Extension.state)).one() == "granted"
