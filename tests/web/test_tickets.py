"""The list of tickets, one ticket's page, and what its body does to it."""

import pytest
from flask import Flask

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.stories import ANSWER, LIGHTS, Ward


@pytest.fixture
def ward(app: Flask, make: Makers, clock: SettableClock) -> Ward:
    return Ward(make, clock)


def test_the_page_says_what_where_why_this_body_and_why_this_date(ward: Ward) -> None:
    (ticket_id,) = ward.file(LIGHTS, raiser_name="Nguyễn Thị Kín")
    page = ward.make.log_in(ward.official).get(f"/kien-nghi/{ticket_id}").text

    for words in (
        LIGHTS,
        "Chi bộ thôn Hồi Quan",
        "Phòng Kinh tế",
        "đèn đường",
        "Tính từng ngày",
        "Ghi nhận từ phiếu họp",
    ):
        assert words in page
    assert "Kín" not in page


def test_an_official_acknowledges_previews_and_answers(ward: Ward) -> None:
    (ticket_id,) = ward.file(LIGHTS)
    client = ward.make.log_in(ward.official)
    at = f"/kien-nghi/{ticket_id}"

    assert client.post(f"{at}/tiep-nhan", data={"version": 1}).status_code == 302
    preview = client.post(f"{at}/tra-loi", data={"version": 2, "text": ANSWER, "step": "preview"})
    assert "Chi bộ sẽ nghe như sau" in preview.text
    assert ward.ticket(ticket_id).status == "acknowledged"
    edit = client.post(f"{at}/tra-loi", data={"version": 2, "text": ANSWER, "step": "edit"})
    assert ANSWER in edit.text
    assert "Chi bộ sẽ nghe như sau" not in edit.text
    client.post(f"{at}/tra-loi", data={"version": 2, "text": ANSWER, "step": "send"})

    assert ward.ticket(ticket_id).status == "answered"
    assert ANSWER in client.get(at).text
