"""What the secretary brings back to the branch, and what the branch says of it."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.sheet_fields import concern, fields, verdict
from tracker.db.base import db
from tracker.db.tables.tickets import Ticket
from tracker.domain.people import Actor, Role
from tracker.services.reference import reference_on
from tracker.services.tickets import answer
from tracker.services.unit import unit_of_work

ANSWER = "Phòng đã cho nạo vét toàn tuyến rãnh dài 180 mét ngày 20/11."
DRAIN = "Rãnh thoát nước ngõ 12 bị tắc, mưa là ngập"


@pytest.fixture
def official(make: Makers) -> Actor:
    """The official of the section that answers; the branch is unit 3."""
    _province, ward, _branch = make.ward()
    return make.person(Role.OFFICIAL, make.body("UBND_KTHT", ward, "Phòng Kinh tế, Hạ tầng và Đô thị"))


@pytest.fixture
def inside(make: Makers, official: Actor) -> FlaskClient:
    return make.log_in(make.person(Role.BRANCH_SECRETARY, 3))


def give_answer(make: Makers, official: Actor, clock: SettableClock, text: str = ANSWER) -> int:
    """Answer the only ticket and return its id."""
    ticket = db.session.execute(select(Ticket.id, Ticket.version)).one()
    with unit_of_work(make.wiring, actor=official, now=clock()) as unit:
        answer(
            ticket.id, ticket.version, text, unit=unit, reference=reference_on(unit.session, clock().date())
        )
    return ticket.id


def test_a_branch_with_nothing_to_hear_gets_a_sheet_that_says_so(inside: FlaskClient) -> None:
    assert "Chi bộ không có kiến nghị nào đang chờ." in inside.get("/phieu-bao-lai").text


def test_what_is_open_says_where_it_lies_and_who_is_late(
    make: Makers, inside: FlaskClient, clock: SettableClock
) -> None:
    inside.post("/phieu-hop/moi", data=fields() | concern(0, DRAIN))
    in_time = inside.get("/phieu-bao-lai").text
    clock.now += timedelta(days=30)
    inside = make.log_in(make.person(Role.BRANCH_SECRETARY, 3))
    late = inside.get("/phieu-bao-lai").text
    desk = inside.get("/").text

    assert "Đang chờ trả lời, còn hạn (1)" in in_time
    assert "đơn vị chưa báo tiếp nhận" in in_time
    assert "Đã quá hạn mà chưa trả lời (1)" in late
    assert "Phòng Kinh tế, Hạ tầng và Đô thị" in late
    assert "đã quá hạn" in desk


def test_an_answer_is_read_aloud_and_accepted_in_the_next_meeting(
    make: Makers, inside: FlaskClient, official: Actor, clock: SettableClock
) -> None:
    inside.post("/phieu-hop/moi", data=fields() | concern(0, DRAIN))
    ticket_id = give_answer(make, official, clock)
    told = inside.get("/phieu-bao-lai").text
    clock.now += timedelta(days=9)
    page = inside.get("/phieu-hop/moi").text
    next_sheet = fields(request_key="phieu-0002-abcd", held_on="03/12/2026")
    undecided = inside.post("/phieu-hop/moi", data=next_sheet | verdict(0, ticket_id, ""))
    answered = inside.post("/phieu-hop/moi", data=next_sheet | verdict(0, ticket_id, "accepted"))

    assert ANSWER in told
    assert "Chi bộ có đồng ý với câu trả lời này không?" in told
    assert ANSWER in page
    assert "Chọn: chi bộ đồng ý" in undecided.text
    assert answered.status_code == 302
    assert db.session.execute(select(Ticket.status)).scalar_one() == "accepted"
    assert ANSWER not in inside.get("/phieu-bao-lai").text


def test_an_answer_that_the_branch_refuses_goes_back_with_why(
    make: Makers, inside: FlaskClient, official: Actor, clock: SettableClock
) -> None:
    inside.post("/phieu-hop/moi", data=fields() | concern(0, DRAIN))
    ticket_id = give_answer(make, official, clock)
    clock.now += timedelta(days=9)
    next_sheet = fields(request_key="phieu-0002-abcd", held_on="03/12/2026")
    silent = inside.post("/phieu-hop/moi", data=next_sheet | verdict(0, ticket_id, "refused"))
    told = inside.post("/phieu-hop/moi", data=next_sheet | verdict(0, ticket_id, "refused", "Mưa vẫn ngập"))

    assert "Ghi vì sao chi bộ chưa đồng ý." in silent.text
    assert told.status_code == 302
    assert db.session.execute(select(Ticket.status, Ticket.reopened_count)).one() == ("routed", 1)
    assert "chi bộ chưa đồng ý 1 lần" in inside.get("/phieu-bao-lai").text


def test_an_answer_that_a_colleague_recorded_meanwhile_is_told_and_nothing_is_half_written(
    make: Makers, inside: FlaskClient, official: Actor, clock: SettableClock
) -> None:
    inside.post("/phieu-hop/moi", data=fields() | concern(0, DRAIN))
    ticket_id = give_answer(make, official, clock)
    clock.now += timedelta(days=9)
    thematic = fields(request_key="phieu-0002-abcd", held_on="02/12/2026", kind="thematic")
    inside.post("/phieu-hop/moi", data=thematic | verdict(0, ticket_id, "accepted"))
    late = inside.post(
        "/phieu-hop/moi",
        data=fields(request_key="phieu-0003-abcd", held_on="03/12/2026", place="Đình làng")
        | verdict(0, ticket_id, "accepted"),
    )

    assert late.status_code == 409
    assert "không còn chờ chi bộ" in late.text
    assert 'value="Đình làng"' in late.text


def test_restricted_words_stay_off_the_paper_and_the_raiser_is_asked(
    make: Makers, inside: FlaskClient, official: Actor, clock: SettableClock
) -> None:
    inside.post("/phieu-hop/moi", data=fields() | concern(0, DRAIN, wants_restricted="y"))
    give_answer(make, official, clock)
    page = inside.get("/phieu-bao-lai").text

    assert "Người nêu có đồng ý với câu trả lời này không?" in page
    assert "Chi bộ có đồng ý" not in page
    for words in (DRAIN, ANSWER):
        before = page.partition(words)[0]
        assert "no-print" in before[-200:], words


def test_a_refusal_is_told_on_the_receipt_with_who_hears_of_it(
    make: Makers, inside: FlaskClient, official: Actor, clock: SettableClock
) -> None:
    inside.post("/phieu-hop/moi", data=fields() | concern(0, DRAIN))
    ticket_id = give_answer(make, official, clock)
    second = fields(request_key="phieu-0002-abcd", kind="thematic", held_on="24/11/2026")
    said = verdict(0, ticket_id, "refused", "Mưa là vẫn ngập")
    receipt = inside.get(inside.post("/phieu-hop/moi", data=second | said).location).text
    ticket = inside.get(f"/kien-nghi/{ticket_id}").text

    assert "chi bộ chưa đồng ý, kiến nghị mở lại và lên một cấp." in receipt
    assert "Đã báo: Người đứng đầu đơn vị xử lý." in receipt
    assert "Lên cấp: Người đứng đầu đơn vị xử lý" in ticket
    assert "Hết hạn: báo" not in ticket
