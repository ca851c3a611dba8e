"""A sheet is kept while it is typed, and handed back as it was typed."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.makers import Makers
from tests.sheet_fields import concern, fields
from tracker.db.base import db
from tracker.db.tables.meetings import Meeting, SheetDraft
from tracker.domain.people import Role

KEY = "phieu-0001-abcd"
URL = f"/phieu-hop/nhap/{KEY}"


@pytest.fixture
def branch(make: Makers) -> int:
    return make.ward()[2]


@pytest.fixture
def inside(make: Makers, branch: int) -> FlaskClient:
    return make.log_in(make.person(Role.BRANCH_SECRETARY, branch))


def as_typed(**more: str) -> dict[str, list[str]]:
    return {name: [value] for name, value in (fields() | more).items()}


def test_a_draft_comes_back_as_typed_even_half_typed(inside: FlaskClient) -> None:
    values = as_typed(held_on="3/1", present="hai") | as_typed(
        **concern(0, "Đèn đường hỏng", raiser_name="Lê Thị Kín")
    )
    values["held_on"], values["present"] = ["3/1"], ["hai"]
    first = inside.post(URL, json={"values": values, "version": 0})
    second = inside.post(URL, json={"values": values, "version": 1})
    page = inside.get(URL).text

    assert (first.json["version"], second.json["version"]) == (1, 2)
    assert 'value="3/1"' in page
    assert 'value="hai"' in page
    assert "Đèn đường hỏng" in page
    assert 'value="Lê Thị Kín"' in page
    assert f'value="{KEY}"' in page
    assert "Lỗi: " not in page


def test_the_draft_is_sealed_in_the_database(inside: FlaskClient) -> None:
    inside.post(
        URL, json={"values": as_typed(**concern(0, "Đèn đường hỏng", raiser_name="Lê Thị Kín")), "version": 0}
    )

    assert "Lê Thị Kín".encode() not in db.session.execute(select(SheetDraft.values)).scalar_one()


def test_two_devices_typing_the_same_sheet_are_told(inside: FlaskClient) -> None:
    inside.post(URL, json={"values": as_typed(), "version": 0})
    stale = inside.post(URL, json={"values": as_typed(), "version": 0})

    assert stale.status_code == 409
    assert "thiết bị khác" in stale.json["problem"]


def test_a_page_that_missed_an_answer_on_a_poor_line_goes_on_saving(inside: FlaskClient) -> None:
    values = as_typed() | {"page_token": ["1.2.3"]}
    answers = [inside.post(URL, json={"values": values, "version": 0}) for _ in range(2)]
    other = inside.post(URL, json={"values": values | {"page_token": ["4.5.6"]}, "version": 0})

    assert [answer.json.get("version") for answer in answers] == [1, 2]
    assert other.status_code == 409


def test_sending_the_sheet_ends_the_draft_and_a_late_save_does_not_bring_it_back(inside: FlaskClient) -> None:
    inside.post(URL, json={"values": as_typed(), "version": 0})
    inside.post("/phieu-hop/moi", data=fields())
    late = inside.post(URL, json={"values": as_typed(), "version": 1})

    assert late.status_code == 409
    assert "đã được gửi" in late.json["problem"]
    assert inside.get(URL).location == "/phieu-hop/1"
    assert db.session.execute(select(func.count()).select_from(Meeting)).scalar_one() == 1


def test_nobody_elses_draft_can_be_read_or_thrown_away(make: Makers, inside: FlaskClient) -> None:
    inside.post(URL, json={"values": as_typed(), "version": 0})
    ward = make.unit("party_committee", "Đảng ủy phường Phù Khê")
    stranger = make.log_in(make.person(Role.BRANCH_SECRETARY, make.branch(ward)))

    assert stranger.get(URL).status_code == 403
    assert stranger.post(f"{URL}/bo").status_code == 403
    assert inside.get(URL).status_code == 200


def test_a_draft_is_on_the_desk_and_can_be_thrown_away(inside: FlaskClient) -> None:
    inside.post(URL, json={"values": as_typed(), "version": 0})

    assert URL in inside.get("/").text
    assert inside.post(f"{URL}/bo").status_code == 302
    assert URL not in inside.get("/").text


def test_without_a_script_a_button_keeps_the_draft(inside: FlaskClient) -> None:
    answer = inside.post("/phieu-hop/moi", data=fields(do="save", chair="Phạm Thị Dở"))

    assert answer.location == URL
    assert 'value="Phạm Thị Dở"' in inside.get(URL).text


@pytest.mark.parametrize("body", [None, [], {"values": "x"}, {"values": {"a": "b"}}, {"values": {"a": [1]}}])
def test_what_is_no_draft_is_refused_in_words(inside: FlaskClient, body: object) -> None:
    answer = inside.post(URL, json=body)

    assert answer.status_code == 422
    assert answer.json["problem"] == "Bản nháp không đọc được."


def test_the_buttons_of_a_drafts_page_ask_the_sheets_own_address(inside: FlaskClient, branch: int) -> None:
    """A draft's own address takes what the script saves, and gave its JSON to who has no script."""
    inside.post(URL, json={"values": as_typed(**concern(0, "Đèn đường hỏng")), "version": 0})
    asked = re.findall(r'formaction="([^"]*)"', inside.get(URL).text)

    assert asked
    assert {one.split("#")[0] for one in asked} == {f"/phieu-hop/moi?chi_bo={branch}"}
    more = inside.post(f"/phieu-hop/moi?chi_bo={branch}", data=fields(do="add-concerns"))
    assert more.status_code == 200
