"""The office places what no rule could place and what a body sent back."""

import re

import pytest
from flask import Flask

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.stories import LIGHTS, UNPLACED, Ward
from tracker.services import tickets
from tracker.web.paging import PAGE


@pytest.fixture
def ward(app: Flask, make: Makers, clock: SettableClock) -> Ward:
    return Ward(make, clock)


def test_the_list_says_why_each_waits_and_offers_the_proposed_body(ward: Ward) -> None:
    lights, _unplaced = ward.file(LIGHTS, UNPLACED)
    ward.do(ward.official, tickets.bounce, lights, 1, "Đường dây do điện lực quản lý", ward.other)
    page = ward.make.log_in(ward.office).get("/phan-loai").text

    assert "Phòng Kinh tế, Hạ tầng và Đô thị chuyển trả" in page
    assert "Đường dây do điện lực quản lý" in page
    assert f'<option value="{ward.other}" selected>' in page
    assert page.count("chưa có quy tắc nào quyết định") == 1


def test_the_office_gives_it_to_a_body_from_the_list(ward: Ward) -> None:
    (ticket_id,) = ward.file(UNPLACED)
    client = ward.make.log_in(ward.office)
    data = {"version": 1, "body": ward.body, "back": "triage", "category": ""}

    assert client.post(f"/kien-nghi/{ticket_id}/giao", data=data).headers["Location"] == "/phan-loai"
    assert ward.ticket(ticket_id).body_id == ward.body
    assert "Không có kiến nghị nào chờ phân loại" in client.get("/phan-loai").text


def test_the_list_goes_on_at_the_next_that_waits(ward: Ward) -> None:
    first, second = ward.file(UNPLACED, UNPLACED)
    client = ward.make.log_in(ward.office)
    data = {"version": 1, "body": ward.body, "back": "triage"}

    assert client.post(f"/kien-nghi/{first}/giao", data=data).location == f"/phan-loai#kien-nghi-{second}"
    assert f'id="kien-nghi-{second}"' in client.get("/phan-loai").text
    assert client.post(f"/kien-nghi/{second}/giao", data=data).location == "/phan-loai"


def test_a_later_page_of_the_list_is_kept_while_it_has_rows(ward: Ward) -> None:
    ids = ward.file(*[UNPLACED] * (PAGE + 2))
    client = ward.make.log_in(ward.office)
    page = re.search(r'rel="next" href="([^"]+)"', client.get("/phan-loai").text)[1]
    after = re.search(r'name="after" value="([^"]+)"', client.get(page).text)[1]
    data = {"version": 1, "body": ward.body, "back": "triage", "after": after}
    kept = client.post(f"/kien-nghi/{ids[PAGE]}/giao", data=data).location
    first = client.post(f"/kien-nghi/{ids[PAGE + 1]}/giao", data=data).location

    assert kept == f"{page}#kien-nghi-{ids[PAGE + 1]}"
    assert first == f"/phan-loai#kien-nghi-{ids[0]}"


def test_from_a_tickets_page_the_office_works_through_the_queue(ward: Ward) -> None:
    first, second = ward.file(UNPLACED, UNPLACED)
    client = ward.make.log_in(ward.office)
    data = {"version": 1, "body": ward.body}
    to_second = f'href="/kien-nghi/{second}"'

    assert to_second in client.get(f"/kien-nghi/{first}").text
    done = client.get(client.post(f"/kien-nghi/{first}/giao", data=data).location).text
    assert f"{ward.ticket(first).number}: Đã chuyển đơn vị xử lý." in done
    assert re.search(rf"{to_second}[^>]*>Kiến nghị chờ phân loại tiếp theo", done)
    last = client.get(client.post(f"/kien-nghi/{second}/giao", data=data).location).text
    assert "Không còn kiến nghị nào chờ phân loại." in last


def test_only_who_places_is_led_on_and_only_after_placing(ward: Ward) -> None:
    placed, _waiting = ward.file(LIGHTS, UNPLACED)
    office, leader = ward.make.log_in(ward.office), ward.make.log_in(ward.leader)

    assert "tiếp theo" not in office.get(f"/kien-nghi/{placed}").text
    assert "tiếp theo" not in leader.get(f"/kien-nghi/{placed}?da_giao=1").text


def test_without_a_body_chosen_the_ticket_stays_and_the_page_says_so(ward: Ward) -> None:
    (ticket_id,) = ward.file(UNPLACED)
    answer = ward.make.log_in(ward.office).post(
        f"/kien-nghi/{ticket_id}/giao", data={"version": 1, "body": ""}
    )

    assert answer.status_code == 422
    assert "Chọn đơn vị xử lý trong danh sách" in answer.text
    assert ward.ticket(ticket_id).status == "triage"
