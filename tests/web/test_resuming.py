"""A log-in that ends while somebody types loses nothing; and two who type at once are told of each other."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import SettableClock
from tests.makers import PASSWORD, Makers
from tests.sheet_fields import concern, fields
from tests.stories import ANSWER, LIGHTS, Ward
from tracker.db.base import db
from tracker.db.tables.meetings import Meeting
from tracker.domain.people import Role
from tracker.services import tickets

MINE = "Lời của tôi: đã xem cột điện, mai thay bóng.\nXin bà con chờ."


@pytest.fixture
def ward(app: Flask, make: Makers, clock: Callable[[], Any]) -> Ward:
    app.config["WTF_CSRF_ENABLED"] = True
    return Ward(make, clock)


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found[1]


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the page's form in <main>, as a browser would send them."""
    main = page.split("<main")[1]
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', main)
    }


def log_in_again(client: FlaskClient, page: str, name: str, password: str = PASSWORD) -> Any:
    return client.post("/dang-nhap", data=hidden(page) | {"username": name, "password": password})


def answer_form(client: FlaskClient, ticket_id: int) -> dict[str, Any]:
    page = client.get(f"/kien-nghi/{ticket_id}").text
    return {"csrf_token": token(page), "version": 1, "text": MINE, "step": "send"}


def test_an_answer_typed_past_the_log_ins_end_is_sent_after_the_next(
    ward: Ward, clock: SettableClock
) -> None:
    (ticket_id,) = ward.file(LIGHTS)
    client = ward.make.log_in(ward.official)
    typed = answer_form(client, ticket_id)
    clock.now += timedelta(days=15)

    ended = client.post(f"/kien-nghi/{ticket_id}/tra-loi", data=typed)
    assert ended.status_code == 401
    assert "Phiên đăng nhập đã hết" in ended.text
    wrong = log_in_again(client, ended.text, "canbo", "sai-mat-khau")
    assert wrong.status_code == 422
    inside = log_in_again(client, wrong.text, "canbo")
    assert inside.status_code == 200
    assert "Lời của tôi: đã xem cột điện" in inside.text
    assert ward.ticket(ticket_id).status == "routed", "nothing is done before the button is pressed"

    assert f'action="/kien-nghi/{ticket_id}/tra-loi"' in inside.text
    sent = client.post(f"/kien-nghi/{ticket_id}/tra-loi", data=hidden(inside.text))
    assert sent.status_code == 302
    assert MINE.splitlines()[0] in client.get(f"/kien-nghi/{ticket_id}").text
    assert ward.ticket(ticket_id).status == "answered"


def test_a_whole_sheet_comes_through_too(ward: Ward, clock: SettableClock) -> None:
    client = ward.make.log_in(ward.secretary)
    typed = fields() | concern(0, LIGHTS) | {"csrf_token": token(client.get("/phieu-hop/moi").text)}
    clock.now += timedelta(days=15)

    ended = client.post("/phieu-hop/moi", data=typed)
    inside = log_in_again(client, ended.text, "bithu")
    sent = client.post("/phieu-hop/moi", data=hidden(inside.text))

    assert sent.status_code == 302
    assert db.session.query(Meeting).count() == 1


def test_a_cookie_that_is_gone_loses_nothing_when_a_page_of_ours_sent_it(ward: Ward) -> None:
    (ticket_id,) = ward.file(LIGHTS)
    client = ward.make.log_in(ward.official)
    typed = answer_form(client, ticket_id)
    client.delete_cookie("bam_co_so")

    address = f"/kien-nghi/{ticket_id}/tra-loi"
    ended = client.post(address, data=typed, headers={"Origin": "http://localhost"})
    assert (ended.status_code, "Lời của tôi" in ended.text) == (401, True)
    elsewhere = client.post(address, data=typed, headers={"Origin": "https://xau.example"})
    assert (elsewhere.status_code, "Lời của tôi" in elsewhere.text) == (400, False)
    unsaid = client.post(address, data=typed)
    assert (unsaid.status_code, "Lời của tôi" in unsaid.text) == (400, False)


@pytest.mark.parametrize(
    "target", ["https://xau.example/", "//xau.example", "/khong-co", "/dang-nhap", "/toan-canh"]
)
def test_what_is_kept_goes_to_no_other_place(ward: Ward, target: str) -> None:
    client = ward.make.app.test_client()
    carried = {"kept": '[["text", "dài hơn hai mươi chữ cái nhé"]]', "kept_for": target}
    data = carried | {"csrf_token": token(client.get("/dang-nhap").text)}

    answer = client.post("/dang-nhap", data=data | {"username": "canbo", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (302, "/")


@pytest.mark.parametrize("kept", ["", "[", "7", "[7]", '[["a"]]', "[" * 100_000], ids=lambda one: one[:6])
def test_what_cannot_be_read_keeps_nobody_from_logging_in(ward: Ward, kept: str) -> None:
    client = ward.make.app.test_client()
    data = {"kept": kept, "kept_for": "/phieu-hop/moi", "csrf_token": token(client.get("/dang-nhap").text)}

    answer = client.post("/dang-nhap", data=data | {"username": "canbo", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (302, "/")


def test_another_person_who_logs_in_is_asked_what_they_may_do(ward: Ward, clock: SettableClock) -> None:
    (ticket_id,) = ward.file(LIGHTS)
    client = ward.make.log_in(ward.official)
    typed = answer_form(client, ticket_id)
    clock.now += timedelta(days=15)
    ended = client.post(f"/kien-nghi/{ticket_id}/tra-loi", data=typed)

    inside = log_in_again(client, ended.text, "thuongtruc")
    assert client.post(f"/kien-nghi/{ticket_id}/tra-loi", data=hidden(inside.text)).status_code == 403


@pytest.mark.parametrize(("name", "sees"), [("canbo", True), ("thuongtruc", False)])
def test_another_person_on_the_same_phone_does_not_see_what_the_first_one_typed(
    ward: Ward, clock: SettableClock, name: str, sees: bool
) -> None:
    (ticket_id,) = ward.file(LIGHTS)
    client = ward.make.app.test_client()
    log_in_again(client, client.get("/dang-nhap").text, "canbo")
    typed = answer_form(client, ticket_id)
    clock.now += timedelta(days=15)
    ended = client.post(f"/kien-nghi/{ticket_id}/tra-loi", data=typed)
    inside = log_in_again(client, ended.text, name)

    assert (inside.status_code, inside.location) == ((200, None) if sees else (302, "/"))
    assert ("Lời của tôi" in inside.text) is sees


def test_two_officials_who_answer_at_once_are_told_of_each_other(ward: Ward) -> None:
    (ticket_id,) = ward.file(LIGHTS)
    clients = [ward.make.log_in(one) for one in (ward.official, ward.head)]
    forms = [answer_form(client, ticket_id) for client in clients]
    address = f"/kien-nghi/{ticket_id}/tra-loi"

    assert clients[1].post(address, data=forms[1] | {"text": ANSWER}).status_code == 302
    late = clients[0].post(address, data=forms[0])

    assert late.status_code == 409
    assert "Người làm trước: đồng chí truongphong, lúc 10:00, 25/11/2026." in late.text
    assert "Lời của tôi: đã xem cột điện" in late.text


def test_what_the_system_did_in_between_is_no_colleague(ward: Ward) -> None:
    (ticket_id,) = ward.file(LIGHTS)
    client = ward.make.log_in(ward.official)
    typed = answer_form(client, ticket_id)
    ward.do(ward.official, tickets.acknowledge, ticket_id, 1)

    late = client.post(f"/kien-nghi/{ticket_id}/tra-loi", data=typed)
    assert "Chính đồng chí đã làm ở một cửa sổ khác, lúc 10:00, 25/11/2026." in late.text


def test_two_of_the_office_who_write_one_report_are_told_of_each_other(ward: Ward) -> None:
    ward.make.app.config["WTF_CSRF_ENABLED"] = False
    first, second = ward.office, ward.make.person(Role.OFFICE, ward.ward, "vanphong2")
    clients = [ward.make.log_in(one) for one in (first, second)]
    asked = {
        "unit": ward.ward, "quarter": "2026Q4", "period_from": "01/10/2026", "period_to": "31/12/2026",
        "cutoff_on": "25/11/2026", "supplement": "0",
    }  # fmt: skip
    address = clients[0].post("/bao-cao-quy/moi", data=asked).location + "/phan-viet"
    said = [{"version": "1", "place": "Tam Sơn", "shortcomings": f"Bản của người {n}."} for n in (1, 2)]

    assert clients[0].post(address, data=said[0]).status_code == 302
    late = clients[1].post(address, data=said[1])

    assert late.status_code == 409
    assert "Người làm trước: đồng chí vanphong, lúc 10:00, 25/11/2026." in late.text
    assert all(one["shortcomings"] in late.text for one in said), "both stand beside each other"
