"""What no page of ours sends: a sentence or "not found", never an error of the machine."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.makers import Makers
from tests.sheet_fields import concern, fields, verdict
from tests.stories import LIGHTS, RESTRICTED, Ward
from tracker.db.base import db
from tracker.db.reading.sheets import meeting_lines
from tracker.db.tables.meetings import Meeting, SheetDraft
from tracker.domain.access import MeetingReach
from tracker.domain.people import Role

HUGE = 10**30
NEW, KEY = "/phieu-hop/moi", "/phieu-hop/nhap/khoa-nhap-1"


@pytest.fixture
def ward(make: Makers, clock: Callable[[], Any]) -> Ward:
    return Ward(make, clock)


@pytest.fixture
def secretary(ward: Ward, make: Makers) -> FlaskClient:
    return make.log_in(ward.secretary)


def pages_with_an_id(app: Flask, number: int) -> list[str]:
    """Return the address of every page that names a row, with this number for the row."""
    adapter = app.url_map.bind("localhost")
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and "<int:" in rule.rule]
    return [adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, number)) for rule in rules]


@pytest.mark.parametrize("number", [2**31, 2**63, HUGE])
def test_an_id_that_no_row_can_have_is_not_found(app: Flask, make: Makers, ward: Ward, number: int) -> None:
    admin = make.log_in(make.person(Role.ADMINISTRATOR, ward.province))

    assert {url: admin.get(url).status_code for url in pages_with_an_id(app, number)} == dict.fromkeys(
        pages_with_an_id(app, number), 404
    )


@pytest.mark.parametrize(
    "address",
    [
        f"/phieu-hop?trang={HUGE}",
        f"/xep-loai?trang={HUGE}",
        f"/toan-canh?don_vi={HUGE}",
        "/toan-canh?quy=0000Q1",
        "/toan-canh?quy=9999Q4",
        "/kien-nghi?quarter=9999Q4",
        "/kien-nghi?after=0001-01-01T00:00:00%2B07:00~1",
        "/kien-nghi?after=9999-12-31T23:59:59-07:00~1",
        f"/kien-nghi?state=all&after=2026-01-01~{HUGE}",
        "/kien-nghi?number=" + "9" * 3000,
    ],
)
def test_an_address_that_means_nothing_narrows_nothing(make: Makers, ward: Ward, address: str) -> None:
    assert make.log_in(ward.leader).get(address).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        '{"values": {"place": ["\\ud800"]}}',
        "[" * 100_000,
        json.dumps({"values": {}, "corrects": HUGE, "version": HUGE}),
        json.dumps({"values": {}, "corrects": 987654}),
    ],
    ids=["half a letter", "deep", "huge", "no such sheet"],
)
def test_a_draft_that_cannot_be_kept_is_refused_or_read_as_far_as_it_goes(
    secretary: FlaskClient, body: str
) -> None:
    answer = secretary.post(KEY, data=body, content_type="application/json")

    assert answer.status_code in (200, 404, 422)
    assert answer.is_json


def test_a_draft_cannot_take_up_the_sheet_of_another_branch(
    make: Makers, ward: Ward, secretary: FlaskClient
) -> None:
    """Otherwise opening the draft would show the numbers and the states of their tickets."""
    ward.file(LIGHTS, RESTRICTED)
    meeting_id = db.session.scalar(sa.select(Meeting.id))
    branch = make.branch(ward.ward, "Chi bộ thôn Dương Sơn")
    stranger = make.log_in(make.person(Role.BRANCH_SECRETARY, branch))

    assert stranger.post(KEY, json={"values": {}, "corrects": meeting_id}).status_code == 404
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SheetDraft)) == 0
    assert secretary.post(KEY, json={"values": {}, "corrects": meeting_id}).status_code == 200


@pytest.mark.parametrize(
    "odd",
    [
        {"concerns-²-text": LIGHTS},
        {f"concerns-{10**7 + row}-text": LIGHTS for row in range(2000)},
        {"draft_version": "9" * 5000, "do": "save"},
        {"held_on": "01/01/0001", "starts": "00:00"},
        {"held_on": "31/12/9999"},
        verdict(0, HUGE, "accepted"),
        {"request_key": "phieu-0001-abcd\n"},
    ],
    ids=[
        "superscript row",
        "rows past counting",
        "version",
        "year 1",
        "year 9999",
        "verdict",
        "key with a line end",
    ],
)
def test_a_sheet_no_page_sends_is_taken_or_refused_in_words(
    secretary: FlaskClient, odd: dict[str, str]
) -> None:
    answer = secretary.post(NEW, data=fields() | odd)

    assert answer.status_code in (302, 422)


def test_a_missing_choice_is_told_in_vietnamese(secretary: FlaskClient) -> None:
    row = concern(0, LIGHTS)
    del row["concerns-0-urgency"]
    answer = secretary.post(NEW, data=fields() | row)

    assert answer.status_code == 422
    assert "Chọn một dòng trong danh sách." in answer.text
    assert "valid choice" not in answer.text


def test_nobody_is_sent_on_to_an_address_with_control_characters(make: Makers, client: FlaskClient) -> None:
    make.person(None, username="ai")
    answer = client.post(
        "/dang-nhap?next=/%0d%0aX:1", data={"username": "ai", "password": "mat-khau-thu-nghiem"}
    )

    assert (answer.status_code, answer.location) == (302, "/")


def test_who_may_not_read_a_restricted_concern_cannot_count_it_either(
    make: Makers, ward: Ward, secretary: FlaskClient
) -> None:
    """Neither on the sheet nor on the return sheet; the branch itself sees it."""
    _lights, hidden = ward.file(LIGHTS, RESTRICTED)
    number = ward.ticket(hidden).number
    pages = ("/phieu-hop/1", f"/phieu-bao-lai?chi_bo={ward.branch}")

    for actor in (ward.office, ward.leader):
        other = make.log_in(actor)
        assert all(number not in other.get(page).text for page in pages)
        assert "hạn chế" not in other.get(pages[0]).text.split("<main")[1]
    assert all(number in secretary.get(page).text for page in pages)


def test_the_list_of_sheets_counts_restricted_concerns_for_their_own_branch_alone(ward: Ward) -> None:
    ward.file(LIGHTS, RESTRICTED)
    above, own = MeetingReach((), (ward.ward,)), MeetingReach((ward.branch,), ())

    counts = [meeting_lines(db.session(), reach, 1)[0][0].concerns for reach in (above, own)]
    assert counts == [1, 2]
