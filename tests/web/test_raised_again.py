"""How often a concern was raised: chosen on the sheet, kept in drafts and refusals, shown wherever it is read."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.sheet_fields import concern, fields, scored
from tests.stories import LIGHTS, Ward
from tracker.db.base import db
from tracker.db.tables.tickets import Ticket

NEW = "/phieu-hop/moi"
DRAFT = "/phieu-hop/nhap/phieu-0001-abcd"
AGAIN = "Rãnh thoát nước ngõ 12 bị tắc, mưa là ngập"


@pytest.fixture
def ward(app: Flask, make: Makers, clock: SettableClock) -> Ward:
    return Ward(make, clock)


@pytest.fixture
def inside(ward: Ward) -> FlaskClient:
    return ward.make.log_in(ward.secretary)


def chosen(page: str, position: int = 0) -> str:
    """Return which number of meetings is chosen for the concern."""
    box = page.partition(f'id="concerns-{position}-raised_count"')[2].partition("</select>")[0]
    found = re.search(r"<option selected value=\"(\d)\"", box)
    assert found, "one is always chosen"
    return found[1]


def counts() -> list[int]:
    db.session.rollback()
    return [ticket.raised_count for ticket in db.session.query(Ticket).order_by(Ticket.id)]


def test_a_new_row_says_the_first_time_and_the_choice_reaches_the_ticket(
    ward: Ward, inside: FlaskClient
) -> None:
    page = inside.post(NEW, data=fields(do="add-concerns")).text
    assert chosen(page) == "1"

    sent = fields() | concern(0, AGAIN, raised_count="2") | concern(1, LIGHTS)
    assert inside.post(NEW, data=sent).status_code == 302
    assert counts() == [2, 1], "a row without the choice, as an older page sends it, is a first time"


def test_drafts_refusals_and_corrections_keep_the_choice(ward: Ward, inside: FlaskClient) -> None:
    typed = fields() | concern(0, AGAIN, raised_count="3")
    inside.post(DRAFT, json={"values": {name: [value] for name, value in typed.items()}, "version": 0})
    assert chosen(inside.get(DRAFT).text) == "3"

    refused = inside.post(NEW, data=typed | {"present": "99"})
    assert (refused.status_code, chosen(refused.text)) == (422, "3")

    inside.post(NEW, data=scored(request_key="phieu-0002-abcd"))
    correction = scored(request_key="sua-phieu-0001", version="1", reason="Ghi thiếu một ý kiến")
    sent = correction | concern(0, AGAIN, raised_count="2")
    assert inside.post("/phieu-hop/1/sua", data=sent).status_code == 302
    assert counts() == [2]


@pytest.mark.parametrize("nonsense", ["0", "9", "hai", ""])
def test_a_number_that_is_no_choice_is_told_beside_its_field(
    ward: Ward, inside: FlaskClient, nonsense: str
) -> None:
    answer = inside.post(NEW, data=fields() | concern(0, AGAIN, raised_count=nonsense))

    assert answer.status_code == 422
    assert 'id="concerns-0-raised_count-error"' in answer.text
    assert counts() == []


@pytest.mark.parametrize(
    ("count", "words"), [(2, "nêu 2 kỳ họp"), (3, "nêu 3 kỳ họp"), (4, "nêu hơn 3 kỳ họp")]
)
def test_ticket_list_and_return_sheet_say_how_often(ward: Ward, count: int, words: str) -> None:
    (ticket_id,) = ward.file(LIGHTS, raised_count=count)
    official, secretary = ward.make.log_in(ward.official), ward.make.log_in(ward.secretary)

    for page in (
        official.get(f"/kien-nghi/{ticket_id}"),
        official.get("/kien-nghi"),
        official.get("/"),
        secretary.get("/phieu-bao-lai"),
    ):
        assert words in page.text


def test_what_was_raised_once_says_nothing_of_it(ward: Ward) -> None:
    (ticket_id,) = ward.file(LIGHTS)

    assert "kỳ họp" not in ward.make.log_in(ward.official).get(f"/kien-nghi/{ticket_id}").text
