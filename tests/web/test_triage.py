"""The office places what no rule could place and what a body sent back."""

import pytest
from flask import Flask

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.stories import LIGHTS, UNPLACED, Ward
from tracker.services import tickets


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


def test_without_a_body_chosen_the_ticket_stays_and_the_page_says_so(ward: Ward) -> None:
    (ticket_id,) = ward.file(UNPLACED)
    answer = ward.make.log_in(ward.office).post(
        f"/kien-nghi/{ticket_id}/giao", data={"version": 1, "body": ""}
    )

    assert answer.status_code == 422
    assert "Chọn đơn vị xử lý trong danh sách" in answer.text
    assert ward.ticket(ticket_id).status == "triage"
