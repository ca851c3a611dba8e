"""The list of tickets, one ticket's page, and what its body does to it."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.stories import ANSWER, LIGHTS, RESTRICTED, UNPLACED, Ward
from tracker.domain.people import Role
from tracker.services import tickets

CountQueries = Callable[[Callable[[], object]], int]


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


def test_what_was_typed_stays_when_it_is_refused(ward: Ward) -> None:
    (ticket_id,) = ward.file(LIGHTS)
    client = ward.make.log_in(ward.official)
    at = f"/kien-nghi/{ticket_id}"

    short = client.post(f"{at}/tra-loi", data={"version": 1, "text": "Đã rõ nhé", "step": "send"})
    assert short.status_code == 422
    assert "Đã rõ nhé" in short.text
    assert "Hãy trả lời thành câu" in short.text
    empty = client.post(f"{at}/tra-loi", data={"version": 1, "text": " ", "step": "send"})
    assert (empty.status_code, "Hãy ghi câu trả lời" in empty.text) == (422, True)
    bounced = client.post(f"{at}/chuyen-tra", data={"version": 1, "reason": "Việc của điện lực"})
    assert bounced.status_code == 422
    assert "Việc của điện lực" in bounced.text
    assert "Chọn đơn vị mà đồng chí cho là đúng" in bounced.text
    assert "<title>Lỗi:" in bounced.text


def test_an_edit_of_what_a_colleague_just_changed_keeps_the_words(ward: Ward) -> None:
    (ticket_id,) = ward.file(LIGHTS)
    client = ward.make.log_in(ward.official)
    ward.do(ward.head, tickets.acknowledge, ticket_id, 1)

    late = client.post(f"/kien-nghi/{ticket_id}/tra-loi", data={"version": 1, "text": ANSWER, "step": "send"})
    assert late.status_code == 409
    assert ANSWER in late.text
    assert "vừa được người khác cập nhật" in late.text
    assert "Người làm trước: đồng chí truongphong, lúc 10:00, 25/11/2026." in late.text
    assert ward.ticket(ticket_id).status == "acknowledged"
    ward.do(ward.head, tickets.answer, ticket_id, 2, ANSWER)
    again = client.post(
        f"/kien-nghi/{ticket_id}/tra-loi",
        data={"version": 2, "text": "Lời của tôi, dài hơn hai mươi chữ", "step": "send"},
    )
    assert again.status_code == 409
    assert "Lời của tôi" in again.text, "even when the act is no longer offered"


def test_a_double_click_answers_once(ward: Ward) -> None:
    (ticket_id,) = ward.file(LIGHTS)
    client = ward.make.log_in(ward.official)
    data = {"version": 1, "text": ANSWER, "step": "send"}

    answers = [client.post(f"/kien-nghi/{ticket_id}/tra-loi", data=data).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert ward.ticket(ticket_id).version == 2


def test_not_ours_leaves_the_body_and_stands_in_triage(ward: Ward) -> None:
    (ticket_id,) = ward.file(LIGHTS)
    client = ward.make.log_in(ward.official)
    data = {"version": 1, "reason": "Đường dây do điện lực quản lý", "proposed_body": ward.other}

    assert client.post(f"/kien-nghi/{ticket_id}/chuyen-tra", data=data).headers["Location"] == "/kien-nghi"
    assert client.get(f"/kien-nghi/{ticket_id}").status_code == 404


def test_a_list_is_narrowed_and_a_number_leads_to_its_page(ward: Ward) -> None:
    lights, restricted, _unplaced = ward.file(LIGHTS, RESTRICTED, UNPLACED)
    client = ward.make.log_in(ward.office)

    page = client.get("/kien-nghi").text
    assert LIGHTS in page
    assert UNPLACED in page
    assert "hách dịch" not in page, "the office doesn't know of restricted ones"
    assert UNPLACED not in client.get(f"/kien-nghi?body={ward.body}").text
    assert LIGHTS not in client.get("/kien-nghi?state=triage").text
    assert "Không có kiến nghị nào" in client.get("/kien-nghi?outcome=late&quarter=2026Q4").text
    assert LIGHTS in client.get("/kien-nghi?outcome=not_accepted&quarter=2026Q4").text
    assert client.get("/kien-nghi?number=1").headers["Location"] == f"/kien-nghi/{lights}"
    hidden = ward.ticket(restricted).number.lower()
    assert client.get(f"/kien-nghi?number={hidden}").status_code == 200, "unknown to the office"
    for nonsense in (
        "state=x",
        "body=x",
        "unit=99999999999",
        "quarter=9",
        "after=~",
        "level=-1",
        "from=x",
        "number=%20?",
    ):
        assert client.get(f"/kien-nghi?{nonsense}").status_code == 200, nonsense


@pytest.mark.parametrize("path", ["/", "/kien-nghi", "/phan-loai", "/thong-bao", "/kien-nghi?state=all"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    ward: Ward, path: str, count_queries: CountQueries
) -> None:
    client = ward.make.log_in(ward.office)
    ward.file(LIGHTS, UNPLACED)
    client.get(path)
    few = count_queries(lambda: client.get(path))
    ward.file(*[f"{UNPLACED} {n}" for n in range(9)], *[f"{LIGHTS} số {n}" for n in range(9)])
    assert count_queries(lambda: client.get(path)) == few


def test_the_number_of_queries_of_a_page_does_not_grow_with_what_happened(
    ward: Ward, count_queries: CountQueries
) -> None:
    (ticket_id,) = ward.file(LIGHTS)
    client = ward.make.log_in(ward.office)
    at = f"/kien-nghi/{ticket_id}"
    client.get(at)
    few = count_queries(lambda: client.get(at))
    for round_number in range(3):
        version = 1 + 2 * round_number
        ward.do(ward.official, tickets.bounce, ticket_id, version, "Không phải của chúng tôi", ward.other)
        ward.do(ward.office, tickets.assign, ticket_id, version + 1, ward.body, "đúng là của phòng")
    assert count_queries(lambda: client.get(at)) == few


ROUTES = (
    ("get", "", {}),
    ("post", "/tiep-nhan", {"version": 1}),
    ("post", "/tra-loi", {"version": 1, "text": ANSWER, "step": "send"}),
    ("post", "/chuyen-tra", {"version": 1, "reason": "Việc của điện lực"}),
    ("post", "/giao", {"version": 1}),
)

WALK: dict[str, dict[str, tuple[int, ...]]] = {
    # own, somebody else's body, restricted: get, acknowledge, answer, bounce, assign
    "official": {
        "own": (200, 302, 409, 409, 403),
        "far": (404, 404, 404, 404, 403),
        "hidden": (404, 404, 404, 404, 403),
    },
    "head": {
        "own": (200, 302, 409, 409, 403),
        "far": (404, 404, 404, 404, 403),
        "hidden": (404, 404, 404, 404, 403),
    },
    "secretary": {
        "own": (200, 403, 403, 403, 403),
        "far": (200, 403, 403, 403, 403),
        "hidden": (200, 403, 403, 403, 403),
    },
    "office": {
        "own": (200, 403, 403, 403, 422),
        "far": (200, 302, 409, 409, 409),
        "hidden": (404, 404, 404, 404, 404),
    },
    "inspector": {
        "own": (200, 403, 403, 403, 422),
        "far": (200, 403, 403, 403, 422),
        "hidden": (200, 403, 403, 403, 422),
    },
    "leader": {
        "own": (200, 403, 403, 403, 403),
        "far": (200, 403, 403, 403, 403),
        "hidden": (404, 403, 403, 403, 403),
    },
    "admin": {"own": (403,) * 5, "far": (403,) * 5, "hidden": (403,) * 5},
    "stranger": dict.fromkeys(("own", "far", "hidden"), (302, 401, 401, 401, 401)),
}


@pytest.mark.parametrize("who", list(WALK))
def test_each_role_reaches_what_it_may_and_no_more(ward: Ward, who: str) -> None:
    places = {"own": ward.body, "far": ward.other, "hidden": ward.commission}
    walked = {}
    if who == "admin":
        person = ward.make.person(Role.ADMINISTRATOR, ward.province)
    else:
        person = getattr(ward, who, None)
    client = ward.make.log_in(person) if person else ward.make.app.test_client()
    (own,), (far,) = ward.file(LIGHTS), ward.file("Mất điện liên tục không báo trước", body_code="DV_DIEN")
    (hidden,) = ward.file(RESTRICTED)
    for kind, ticket_id in (("own", own), ("far", far), ("hidden", hidden)):
        assert ward.ticket(ticket_id).body_id == places[kind]
        walked[kind] = tuple(
            getattr(client, method)(f"/kien-nghi/{ticket_id}{path}", data=data).status_code
            for method, path, data in ROUTES
        )
    assert walked == WALK[who]
