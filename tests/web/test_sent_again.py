"""A sheet or a correction that is sent again: once done, never twice, and never dropped in silence."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.makers import Makers
from tests.sheet_fields import concern, fields
from tracker.db.base import db
from tracker.db.tables.meetings import Meeting, MeetingRevision, SheetDraft
from tracker.db.tables.tickets import Ticket
from tracker.domain.people import Role

NEW, CORRECT, DRAFT = "/phieu-hop/moi", "/phieu-hop/1/sua", "/phieu-hop/nhap/sua-phieu-0001"
LAMP = "Đèn đường xóm Đông hỏng từ tháng 9, tối đi lại khó"
DRAIN = "Rãnh thoát nước ngõ 12 bị tắc, mưa là ngập"
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def inside(make: Makers) -> FlaskClient:
    return make.log_in(make.person(Role.BRANCH_SECRETARY, make.ward()[2]))


def rows(table: type) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def correction(**more: str) -> dict[str, str]:
    return fields(request_key="sua-phieu-0001", version="1", reason="Đếm nhầm", place="Đình làng") | more


def test_the_script_hears_where_to_go_on_each_time_and_one_sheet_results(inside: FlaskClient) -> None:
    answers = [inside.post(NEW, data=fields() | concern(0, LAMP), headers=SCRIPT) for _ in range(2)]

    assert [answer.json for answer in answers] == [{"next": "/phieu-hop/1/da-gui"}] * 2
    assert (rows(Meeting), rows(Ticket)) == (1, 1)


def test_another_sheet_under_the_same_key_is_refused_with_all_that_was_typed(inside: FlaskClient) -> None:
    inside.post(NEW, data=fields() | concern(0, LAMP))
    again = inside.post(NEW, data=fields(place="Đình làng") | concern(0, LAMP) | concern(1, DRAIN))

    assert again.status_code == 409
    assert "sau lần gửi ấy chưa được ghi" in again.text
    assert 'value="Đình làng"' in again.text
    assert DRAIN in again.text
    assert 'href="/phieu-hop/1"' in again.text
    assert (rows(Meeting), rows(Ticket)) == (1, 1)


def test_the_same_correction_again_changes_nothing_and_ends_its_draft(inside: FlaskClient) -> None:
    inside.post(NEW, data=fields())
    first = inside.post(CORRECT, data=correction() | concern(0, LAMP), headers=SCRIPT)
    inside.post(DRAFT, json={"values": {"place": ["Đình làng"]}, "version": 0, "corrects": 1})
    second = inside.post(CORRECT, data=correction() | concern(0, LAMP), headers=SCRIPT)

    assert first.json == second.json == {"next": "/phieu-hop/1"}
    assert (rows(MeetingRevision), rows(Ticket), rows(SheetDraft)) == (1, 1, 0)


def test_a_concern_added_to_a_repeated_correction_is_not_dropped(inside: FlaskClient) -> None:
    inside.post(NEW, data=fields())
    inside.post(CORRECT, data=correction())
    again = inside.post(CORRECT, data=correction() | concern(0, DRAIN))

    assert again.status_code == 409
    assert DRAIN in again.text


def test_the_address_of_a_sent_draft_leads_to_the_sheet_and_only_the_branch_there(
    make: Makers, inside: FlaskClient
) -> None:
    inside.post(NEW, data=fields())
    ward = make.unit("party_committee", "Đảng ủy phường Phù Khê")
    stranger = make.log_in(make.person(Role.BRANCH_SECRETARY, make.branch(ward)))

    assert inside.get("/phieu-hop/nhap/phieu-0001-abcd").location == "/phieu-hop/1"
    assert inside.get("/phieu-hop/nhap/khong-co-key").status_code == 404
    assert stranger.get("/phieu-hop/nhap/phieu-0001-abcd").status_code == 403


def test_log_out_tells_the_browser_to_empty_its_store(inside: FlaskClient) -> None:
    assert inside.post("/dang-xuat").headers["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in inside.get("/dang-nhap").headers
