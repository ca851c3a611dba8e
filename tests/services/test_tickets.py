"""A concern's life through the services, from the sheet to the branch's acceptance."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW, SettableClock
from tests.makers import Makers
from tests.sheets import concern, sheet
from tracker.db.base import db
from tracker.db.tables.clocks import Clock, Escalation
from tracker.db.tables.meetings import Meeting, MeetingRevision
from tracker.db.tables.notices import Notice
from tracker.db.tables.tickets import Raiser, Response, Ticket, TicketEvent
from tracker.domain.dates import ZONE
from tracker.domain.errors import Conflict, Invalid, NotFound, Refused, StaleEdit
from tracker.domain.people import Actor, Role
from tracker.domain.sheets import CorrectSheet, Verdict
from tracker.services import meetings, tickets
from tracker.services.reference import Reference, reference_on
from tracker.services.unit import unit_of_work


class Story:
    """One ward with a branch, a body and the people of the story; each act is a unit of work of its own."""

    def __init__(self, make: Makers, clock: SettableClock) -> None:
        self.make, self.clock = make, clock
        self.province, self.ward, self.branch = make.ward()
        self.body = make.body("UBND_KTHT", self.ward, "Phòng Kinh tế, Hạ tầng và Đô thị")
        self.other = make.body("DV_DIEN", None, "Điện lực", kind="outside", in_chain=False)
        self.secretary = make.person(Role.BRANCH_SECRETARY, self.branch, "bithu")
        self.official = make.person(Role.OFFICIAL, self.body, "canbo")
        self.head = make.person(Role.BODY_HEAD, self.body, "truongphong")
        self.office = make.person(Role.OFFICE, self.ward, "vanphong")

    @property
    def reference(self) -> Reference:
        return reference_on(db.session(), date(2026, 11, 25))

    def do(self, actor: Actor, act, *args, **more):
        """Run one service call in a unit of work and return what it returns."""
        reference = self.reference
        with unit_of_work(self.make.wiring, actor=actor, now=self.clock.now) as unit:
            return act(*args, unit=unit, reference=reference, **more)

    def submit(self, **more) -> int:
        return self.do(self.secretary, meetings.submit_sheet, sheet(self.branch, **more))

    def ticket(self) -> Ticket:
        db.session.rollback()
        return db.session.scalars(sa.select(Ticket).order_by(Ticket.id.desc())).first()


@pytest.fixture
def story(app: Flask, make: Makers, clock: SettableClock) -> Story:
    return Story(make, clock)


def running(ticket: Ticket) -> dict[str, Clock]:
    """Return the ticket's running clocks by their kind."""
    found = sa.select(Clock).where(
        Clock.ticket_id == ticket.id, Clock.met_at.is_(None), Clock.stopped_at.is_(None)
    )
    return {
        clock.kind: clock for clock in db.session.scalars(found.execution_options(populate_existing=True))
    }


def test_each_concern_becomes_a_ticket_with_number_body_reason_and_deadline(story: Story) -> None:
    story.submit(
        concerns=(concern("Rãnh thoát nước trước nhà văn hóa bị tắc"), concern("Đèn đường tắt năm bóng"))
    )

    found = db.session.scalars(sa.select(Ticket).order_by(Ticket.id)).all()
    assert [ticket.number for ticket in found] == ["TAS-2026-0001", "TAS-2026-0002"]
    assert {ticket.body_id for ticket in found} == {story.body}
    assert {ticket.status for ticket in found} == {"routed"}
    assert all(ticket.because and ticket.due_at for ticket in found)
    assert all(NOW < running(ticket)["answer"].next_at < ticket.due_at for ticket in found)
    assert set(running(found[0])) == {"answer", "acknowledge"}
    told = set(db.session.scalars(sa.select(Notice.account_id)))
    assert told == {story.official.account_id}
    assert not any("Rãnh" in sentence for sentence in db.session.scalars(sa.select(Notice.sentence)))


def test_what_no_rule_decides_goes_to_triage_and_its_clock_runs(story: Story) -> None:
    story.submit(concerns=(concern("Chuyện hôm nọ thế nào rồi thì chúng tôi cũng chưa rõ"),))

    ticket = story.ticket()
    assert (ticket.status, ticket.body_id) == ("triage", None)
    assert ticket.due_at is not None
    assert running(ticket)["answer"].next_at is not None
    assert set(running(ticket)) == {"answer", "route"}
    assert set(db.session.scalars(sa.select(Notice.account_id))) == {story.office.account_id}


def test_the_same_request_twice_gives_one_sheet(story: Story) -> None:
    first = story.submit(concerns=(concern("Đèn đường tắt năm bóng"),))
    second = story.submit(concerns=(concern("Đèn đường tắt năm bóng"),))

    assert first == second
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Ticket)) == 1


def test_a_sheet_with_a_wrong_concern_leaves_nothing_behind(story: Story) -> None:
    with pytest.raises(Invalid) as refused:
        story.submit(concerns=(concern("Đèn đường tắt năm bóng"), concern("x" * 20_000)))

    assert list(refused.value.fields) == ["concerns-1-text"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) == 0


def test_a_sheet_for_somebody_elses_branch_is_refused(story: Story) -> None:
    other = story.make.branch(story.ward, "Chi bộ khác")
    with pytest.raises(Refused):
        story.do(story.secretary, meetings.submit_sheet, sheet(other))


def test_a_second_regular_meeting_in_the_month_is_refused(story: Story) -> None:
    story.submit()
    with pytest.raises(Invalid) as refused:
        story.submit(request_key="another")
    assert "kind" in refused.value.fields


def test_the_raisers_name_is_sealed_and_kept_apart(story: Story) -> None:
    story.submit(concerns=(concern("Đèn đường tắt năm bóng", raiser_name="Nguyễn Văn Giả"),))

    sealed = db.session.scalars(sa.select(Raiser.sealed_name)).one()
    assert "Giả".encode() not in sealed
    assert story.make.wiring.seal.open(sealed) == "Nguyễn Văn Giả"


def test_the_answer_goes_back_to_the_branch_whose_acceptance_ends_the_ticket(story: Story) -> None:
    story.submit(concerns=(concern("Đèn đường tắt năm bóng"),))
    ticket = story.ticket()
    story.do(story.official, tickets.acknowledge, ticket.id, 1)
    story.do(
        story.official, tickets.answer, ticket.id, 2, "Đã thay năm bóng đèn ngày 24/11, mời bà con kiểm tra."
    )

    assert story.ticket().status == "answered"
    assert set(running(story.ticket())) == {"bring_back"}
    story.submit(
        request_key="next", held_on=date(2026, 11, 24), kind="thematic", verdicts=(Verdict(ticket.id, True),)
    )
    assert story.ticket().status == "accepted"
    clocks = {clock.kind: clock.met_at for clock in db.session.scalars(sa.select(Clock))}
    assert clocks == {"acknowledge": NOW, "answer": NOW, "bring_back": NOW}
    assert running(story.ticket()) == {}
    acts = list(db.session.scalars(sa.select(TicketEvent.act).order_by(TicketEvent.id)))
    assert acts == ["filed", "acknowledge", "answer", "accept"]


def test_a_refused_answer_reopens_one_level_up_and_twice_refused_goes_to_the_top(story: Story) -> None:
    story.submit(concerns=(concern("Đèn đường tắt năm bóng"),))
    levels = []
    for number in (1, 2):
        ticket = story.ticket()
        story.do(
            story.official,
            tickets.answer,
            ticket.id,
            ticket.version,
            f"Đã xem xét lần thứ {number}, sẽ thay sau.",
        )
        story.clock.now += timedelta(days=1)
        story.submit(
            request_key=f"n{number}",
            kind="thematic",
            held_on=date(2026, 11, 24),
            verdicts=(Verdict(ticket.id, False, "Bóng vẫn tắt"),),
        )
        levels.append(story.ticket().level)

    ticket = story.ticket()
    assert ticket.status == "routed"
    assert levels == [2, 5]
    assert ticket.reopened_count == 2
    following = running(ticket)["answer"].next_at
    assert following is None or following > story.clock.now
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Escalation)) == 2
    verdicts = list(db.session.scalars(sa.select(Response.is_accepted)))
    assert verdicts == [False, False]


def test_not_ours_goes_to_triage_and_the_office_gives_it_to_the_right_body(story: Story) -> None:
    story.submit(concerns=(concern("Đèn đường tắt năm bóng"),))
    ticket = story.ticket()
    due = ticket.due_at
    story.do(story.official, tickets.bounce, ticket.id, 1, "Đường dây do điện lực quản lý", story.other)
    assert (story.ticket().status, story.ticket().proposed_body_id) == ("triage", story.other)

    story.do(story.office, tickets.assign, ticket.id, 2, story.other, "đúng là của điện lực")
    assert (story.ticket().status, story.ticket().body_id) == ("routed", story.other)
    assert story.ticket().due_at == due, "passing it on never moves the branch's date"


def test_not_ours_needs_a_reason_and_another_body(story: Story) -> None:
    story.submit(concerns=(concern("Đèn đường tắt năm bóng"),))
    with pytest.raises(Invalid) as refused:
        story.do(story.official, tickets.bounce, story.ticket().id, 1, "", story.body)
    assert set(refused.value.fields) == {"reason", "proposed_body"}


def test_a_body_outside_the_chain_is_answered_for_by_the_office(story: Story) -> None:
    story.submit(concerns=(concern("Mất điện liên tục không báo trước", body_code="DV_DIEN"),))
    ticket = story.ticket()
    assert ticket.body_id == story.other
    story.do(
        story.office, tickets.answer, ticket.id, 1, "Điện lực trả lời bằng công văn: sẽ báo trước ba ngày."
    )
    assert story.ticket().status == "answered"


def test_the_second_click_is_answered_like_the_first_and_a_colleagues_act_is_told(story: Story) -> None:
    story.submit(concerns=(concern("Đèn đường tắt năm bóng"),))
    ticket = story.ticket()
    story.do(story.official, tickets.acknowledge, ticket.id, 1)
    story.do(story.official, tickets.acknowledge, ticket.id, 1)
    assert story.ticket().version == 2
    with pytest.raises(StaleEdit):
        story.do(story.head, tickets.acknowledge, ticket.id, 1)


def test_an_answer_that_says_nothing_or_repeats_the_refused_one_is_no_answer(story: Story) -> None:
    story.submit(concerns=(concern("Đèn đường tắt năm bóng"),))
    ticket = story.ticket()
    with pytest.raises(Invalid):
        story.do(story.official, tickets.answer, ticket.id, 1, "Đã rõ.")
    words = "Phòng đã ghi nhận, sẽ xem xét trong thời gian tới."
    story.do(story.official, tickets.answer, ticket.id, 1, words)
    story.submit(
        request_key="n",
        kind="thematic",
        held_on=date(2026, 11, 24),
        verdicts=(Verdict(ticket.id, False, "Chưa rõ bao giờ"),),
    )
    with pytest.raises(Invalid):
        story.do(story.official, tickets.answer, ticket.id, story.ticket().version, words.upper())


def test_one_settled_on_the_spot_still_waits_for_the_branch(story: Story) -> None:
    spot = concern(
        "Loa truyền thanh hỏng", resolved_on_spot=True, settled_by="Phó chủ tịch", settled_how="Cho sửa ngay"
    )
    story.submit(concerns=(spot,))

    ticket = story.ticket()
    assert (ticket.status, ticket.due_at) == ("answered", None)
    assert set(running(ticket)) == {"bring_back"}
    assert db.session.scalars(sa.select(Response.settled_by)).one() == "Phó chủ tịch"


def test_a_restricted_concern_is_unknown_to_office_and_leaders(story: Story) -> None:
    commission = story.make.body("DU_UBKT", story.ward, "Ủy ban kiểm tra", kind="party")
    inspector = story.make.person(Role.OFFICIAL, commission, "kiemtra")
    story.submit(concerns=(concern("Đồng chí cán bộ phường thái độ hách dịch với dân"),))

    ticket = story.ticket()
    assert ticket.is_restricted
    assert ticket.body_id == commission
    with pytest.raises(NotFound):
        story.do(story.office, tickets.assign, ticket.id, 1, story.body, "lý do")
    story.do(inspector, tickets.acknowledge, ticket.id, 1)


def test_a_verdict_on_a_ticket_that_does_not_wait_is_refused_and_nothing_is_kept(story: Story) -> None:
    story.submit(concerns=(concern("Đèn đường tắt năm bóng"),))
    ticket = story.ticket()
    with pytest.raises(Conflict):
        story.submit(request_key="n", kind="thematic", verdicts=(Verdict(ticket.id, True),))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) == 1


def test_correcting_a_sheet_keeps_what_stood_before(story: Story) -> None:
    meeting_id = story.submit(chair="Nguyễn Văn A")
    corrected = sheet(story.branch, request_key="edit", chair="Nguyễn Văn B")
    story.do(
        story.secretary,
        meetings.correct_sheet,
        CorrectSheet(meeting_id, 1, "ghi nhầm người chủ trì", corrected),
    )

    db.session.rollback()
    revision = db.session.scalars(sa.select(MeetingRevision)).one()
    assert revision.values["chair"] == "Nguyễn Văn A"
    assert db.session.get_one(Meeting, meeting_id).chair == "Nguyễn Văn B"
    with pytest.raises(StaleEdit):
        story.do(story.secretary, meetings.correct_sheet, CorrectSheet(meeting_id, 1, "sửa nữa", corrected))


def test_a_meeting_in_the_future_is_refused(story: Story) -> None:
    facts = sheet(story.branch).header.facts
    late = replace(
        facts,
        held_on=date(2026, 12, 3),
        starts_at=datetime(2026, 12, 3, 19, 0, tzinfo=ZONE),
        ends_at=datetime(2026, 12, 3, 21, 0, tzinfo=ZONE),
    )
    command = sheet(story.branch)
    with pytest.raises(Invalid) as refused:
        story.do(
            story.secretary,
            meetings.submit_sheet,
            replace(command, header=replace(command.header, facts=late)),
        )
    assert "held_on" in refused.value.fields


def test_a_sheet_of_december_filed_in_january_takes_the_numbers_of_its_own_year(story: Story) -> None:
    story.clock.now = datetime(2026, 12, 5, 3, 0, tzinfo=UTC)
    story.submit(held_on=date(2026, 12, 3), concerns=(concern("Đèn đường tắt năm bóng"),))
    story.clock.now = datetime(2027, 1, 4, 3, 0, tzinfo=UTC)
    late = {"request_key": "late", "kind": "thematic", "held_on": date(2026, 12, 28)}
    story.submit(**late, concerns=(concern("Rãnh thoát nước bị tắc"),))
    story.submit(request_key="new", held_on=date(2027, 1, 3), concerns=(concern("Ổ gà trên đường trục"),))

    numbers = list(db.session.scalars(sa.select(Ticket.number).order_by(Ticket.id)))
    assert numbers == ["TAS-2026-0001", "TAS-2026-0002", "TAS-2027-0001"]
