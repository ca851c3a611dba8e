"""What is done to an answer's clock on the ticket's page: refusals keep what was typed, each clock tells itself."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import NOW, SettableClock
from tests.makers import Makers
from tests.stories import ANSWER, LIGHTS, RESTRICTED, Ward
from tracker.db.base import db
from tracker.db.tables.clocks import Extension, Pause
from tracker.domain.dates import ZONE, date_words, local_date
from tracker.domain.extension_rules import AskExtension
from tracker.services import extensions, pausing, tickets
from tracker.services.extensions import DecideExtension

CountQueries = Callable[[Callable[[], object]], int]

WHY = "Chờ điện lực cắt điện để thay cột"
MONDAY = date(2026, 11, 30)
PROMISED = datetime(2026, 11, 30, 7, 30, tzinfo=ZONE)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def ward(app: Flask, make: Makers, clock: SettableClock) -> Ward:
    return Ward(make, clock)


@pytest.fixture
def ticket_id(ward: Ward, clock: SettableClock) -> int:
    """An acknowledged ticket, version 2, filed the day before."""
    (filed,) = ward.file(LIGHTS)
    ward.do(ward.official, tickets.acknowledge, filed, 1)
    clock.now = LATER
    return filed


def do(ward: Ward, actor: Any, act: Any, ticket_id: int, *args: Any) -> None:
    ward.do(actor, act, ticket_id, ward.ticket(ticket_id).version, *args)


def pauses() -> list[Pause]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Pause)))


def requests() -> list[Extension]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Extension)))


def beside(page: str, name: str) -> str:
    """Return the error that stands at the field of that name."""
    found = re.search(rf'id="{name}-error"[^>]*>(.*?)</p>', page, re.S)
    return re.sub(r"<[^>]+>|\s+", " ", found[1]).strip() if found else ""


class TestRefusals:
    @pytest.mark.parametrize(
        ("typed", "field", "sentence"),
        [
            ({"pause_reason": WHY}, "until", "Ghi ngày sẽ làm tiếp."),
            ({"pause_reason": WHY, "until": "30 tháng tới"}, "until", "Ghi ngày có thật"),
            ({"pause_reason": WHY, "until": "26/11/2026"}, "until", "Ngày làm tiếp phải sau hôm nay."),
            ({"pause_reason": WHY, "until": "01/03/2027"}, "until", "Mỗi lần tạm dừng không quá"),
            ({"until": "30/11/2026"}, "pause_reason", "Ghi rõ đang chờ gì, chờ ai"),
            ({"pause_reason": "chờ", "until": "30/11/2026"}, "pause_reason", "Ghi rõ đang chờ gì, chờ ai"),
            ({"pause_reason": "x" * 1001, "until": "30/11/2026"}, "pause_reason", "1.000"),
        ],
    )
    def test_a_pause_is_refused_beside_its_field_and_keeps_what_was_typed(
        self, ward: Ward, ticket_id: int, typed: dict[str, str], field: str, sentence: str
    ) -> None:
        client = ward.make.log_in(ward.official)
        answer = client.post(f"/kien-nghi/{ticket_id}/tam-dung", data={"version": 2} | typed)

        assert answer.status_code == 422
        assert sentence in beside(answer.text, field)
        assert all(value in answer.text for value in typed.values())
        assert "<title>Lỗi:" in answer.text
        assert re.search(r"<details[^>]* open[^>]*>\s*<summary>[^<]*Tạm dừng", answer.text), (
            "its form is open"
        )
        assert pauses() == []

    @pytest.mark.parametrize(
        ("typed", "field", "sentence"),
        [
            ({"extension_reason": WHY}, "amount", "Ghi số ngày hoặc số giờ."),
            ({"extension_reason": WHY, "amount": "năm"}, "amount", "số"),
            ({"extension_reason": WHY, "amount": "0"}, "amount", "Ghi số từ 1 đến 10 (ngày làm việc)."),
            ({"extension_reason": WHY, "amount": "11"}, "amount", "Ghi số từ 1 đến 10 (ngày làm việc)."),
            ({"amount": "3"}, "extension_reason", "Ghi rõ vì sao cần thêm thời gian"),
            ({"amount": "3", "extension_reason": "bận"}, "extension_reason", "Ghi rõ vì sao"),
        ],
    )
    def test_a_request_is_refused_beside_its_field_and_keeps_what_was_typed(
        self, ward: Ward, ticket_id: int, typed: dict[str, str], field: str, sentence: str
    ) -> None:
        client = ward.make.log_in(ward.official)
        answer = client.post(f"/kien-nghi/{ticket_id}/gia-han", data={"version": 2} | typed)

        assert answer.status_code == 422
        assert sentence in beside(answer.text, field)
        assert all(value in answer.text for value in typed.values())
        assert re.search(r"<details[^>]* open[^>]*>\s*<summary>[^<]*Đề nghị gia hạn", answer.text)
        assert requests() == []

    def test_a_refusal_without_its_reason_is_asked_for_it_and_keeps_the_choice(
        self, ward: Ward, ticket_id: int
    ) -> None:
        do(ward, ward.official, extensions.ask, ticket_id, AskExtension(5, WHY))
        client, at = ward.make.log_in(ward.leader), f"/kien-nghi/{ticket_id}/xet-gia-han"

        without = client.post(at, data={"version": 3, "decision": "refuse", "decision_reason": "không"})
        assert without.status_code == 422
        assert "Ghi rõ vì sao không gia hạn" in beside(without.text, "decision_reason")
        assert re.search(r"<input[^>]* checked[^>]*refuse|<input[^>]*refuse[^>]* checked", without.text)
        nothing = client.post(at, data={"version": 3, "decision_reason": "Đã xem hồ sơ"})
        assert nothing.status_code == 422
        assert "Chọn đồng ý hoặc không đồng ý." in nothing.text
        assert "Đã xem hồ sơ" in nothing.text
        assert [one.state for one in requests()] == ["asked"]

    def test_after_the_due_time_nothing_can_be_paused_or_asked_for_and_the_page_offers_it_no_more(
        self, ward: Ward, ticket_id: int, clock: SettableClock
    ) -> None:
        clock.now = NOW + timedelta(days=60)
        client, at = ward.make.log_in(ward.official), f"/kien-nghi/{ticket_id}"

        page = client.get(at).text
        assert "/tam-dung" not in page
        assert "/gia-han" not in page
        paused = client.post(
            f"{at}/tam-dung", data={"version": 2, "pause_reason": WHY, "until": "01/02/2027"}
        )
        asked = client.post(f"{at}/gia-han", data={"version": 2, "amount": 3, "extension_reason": WHY})
        for answer in (paused, asked):
            assert answer.status_code == 422
            assert "Hạn trả lời đã hết lúc" in answer.text
            assert WHY in answer.text, "what was typed is still there, though its form is not"
        assert (pauses(), requests()) == ([], [])


class TestWhoAndWhen:
    @pytest.mark.parametrize(
        ("who", "of_lights", "of_restricted"),
        [
            # pause, go on, ask, decide: 302 done, 409 nothing there to go on with or to decide
            ("official", (302, 302, 302, 403), (404, 404, 404, 403)),
            ("head", (302, 302, 302, 403), (404,) * 4),
            ("secretary", (403, 403, 403, 403), (403, 403, 403, 403)),
            ("office", (403, 403, 403, 403), (404,) * 4),
            ("leader", (403, 403, 403, 409), (403, 403, 403, 404)),
            ("inspector", (403, 403, 403, 403), (403, 403, 403, 409)),
            (None, (401,) * 4, (401,) * 4),
        ],
    )
    def test_each_role_does_what_it_may_and_no_more(
        self,
        ward: Ward,
        ticket_id: int,
        who: str | None,
        of_lights: tuple[int, ...],
        of_restricted: tuple[int, ...],
    ) -> None:
        (hidden,) = ward.file(RESTRICTED)
        client = ward.make.log_in(getattr(ward, who)) if who else ward.make.app.test_client()

        assert self.walk(ward, client, ticket_id) == of_lights
        assert self.walk(ward, client, hidden) == of_restricted

    def walk(self, ward: Ward, client: FlaskClient, ticket_id: int) -> tuple[int, ...]:
        sent: tuple[tuple[str, dict[str, Any]], ...] = (
            ("tam-dung", {"pause_reason": WHY, "until": "30/11/2026"}),
            ("lam-tiep", {}),
            ("gia-han", {"amount": 3, "extension_reason": WHY}),
            ("xet-gia-han", {"decision": "grant"}),
        )
        return tuple(
            client.post(
                f"/kien-nghi/{ticket_id}/{act}", data=data | {"version": ward.ticket(ticket_id).version}
            ).status_code
            for act, data in sent
        )

    @pytest.mark.parametrize(
        ("act", "data"),
        [
            ("tam-dung", {"pause_reason": WHY, "until": "30/11/2026"}),
            ("gia-han", {"amount": 3, "extension_reason": WHY}),
        ],
    )
    def test_a_double_click_acts_once(
        self, ward: Ward, ticket_id: int, act: str, data: dict[str, Any]
    ) -> None:
        client = ward.make.log_in(ward.official)
        data = data | {"version": 2}

        codes = [client.post(f"/kien-nghi/{ticket_id}/{act}", data=data).status_code for _ in range(2)]
        assert codes == [302, 302]
        assert len(pauses()) + len(requests()) == 1
        assert ward.ticket(ticket_id).version == 3

    def test_a_double_click_on_going_on_and_on_the_decision_acts_once(
        self, ward: Ward, ticket_id: int
    ) -> None:
        do(ward, ward.official, pausing.pause, ticket_id, WHY, MONDAY)
        client, at = ward.make.log_in(ward.official), f"/kien-nghi/{ticket_id}"
        codes = [client.post(f"{at}/lam-tiep", data={"version": 3}).status_code for _ in range(2)]
        do(ward, ward.official, extensions.ask, ticket_id, AskExtension(5, WHY))
        leader = ward.make.log_in(ward.leader)
        grant = {"version": 5, "decision": "grant"}
        codes += [leader.post(f"{at}/xet-gia-han", data=grant).status_code for _ in range(2)]

        assert codes == [302] * 4
        assert ward.ticket(ticket_id).version == 6

    @pytest.mark.parametrize(
        ("act", "data"),
        [
            ("tam-dung", {"pause_reason": WHY, "until": "30/11/2026"}),
            ("gia-han", {"amount": 3, "extension_reason": WHY}),
            ("lam-tiep", {}),
        ],
    )
    def test_an_old_page_says_who_was_quicker_and_keeps_what_was_typed(
        self, ward: Ward, ticket_id: int, act: str, data: dict[str, Any]
    ) -> None:
        do(ward, ward.head, pausing.pause, ticket_id, "Chờ kết luận của thanh tra tỉnh", date(2026, 12, 1))
        client = ward.make.log_in(ward.official)

        answer = client.post(f"/kien-nghi/{ticket_id}/{act}", data=data | {"version": 2})
        assert answer.status_code == 409
        assert "vừa được người khác cập nhật" in answer.text
        assert "đồng chí truongphong" in answer.text
        for typed in data.values():
            assert f'<p class="said">{typed}</p>' in answer.text or f">{typed}</textarea>" in answer.text
        assert (len(pauses()), pauses()[0].ended_at, requests()) == (1, None, [])

    def test_who_asked_does_not_decide_though_the_rule_names_him(self, ward: Ward, ticket_id: int) -> None:
        do(ward, ward.official, extensions.ask, ticket_id, AskExtension(5, WHY))
        db.session.execute(sa.update(Extension).values(asked_by=ward.leader.account_id))
        db.session.commit()
        client = ward.make.log_in(ward.leader)

        answer = client.post(f"/kien-nghi/{ticket_id}/xet-gia-han", data={"version": 3, "decision": "grant"})
        assert answer.status_code == 403
        assert "không tự quyết định" in answer.text


class TestPage:
    def test_each_clock_shows_its_own_state(self, ward: Ward, ticket_id: int) -> None:
        client, at = ward.make.log_in(ward.official), f"/kien-nghi/{ticket_id}"
        assert states(client.get(at).text) == {"acknowledge": "xong", "answer": "đang chạy"}

        do(ward, ward.official, pausing.pause, ticket_id, WHY, MONDAY)
        assert states(client.get(at).text) == {"acknowledge": "xong", "answer": "tạm dừng"}
        do(ward, ward.official, extensions.ask, ticket_id, AskExtension(5, WHY))
        assert states(client.get(at).text) == {
            "acknowledge": "xong",
            "answer": "tạm dừng",
            "extension": "đang chạy",
        }
        do(ward, ward.official, tickets.answer, ticket_id, ANSWER)
        assert states(client.get(at).text) == {
            "acknowledge": "xong",
            "answer": "xong",
            "extension": "không tính nữa",
            "bring_back": "đang chạy",
        }

    def test_it_tells_each_pause_and_each_request_with_the_old_and_the_new_date(
        self, ward: Ward, ticket_id: int, clock: SettableClock
    ) -> None:
        old = ward.ticket(ticket_id).due_at
        do(ward, ward.official, pausing.pause, ticket_id, WHY, MONDAY)
        clock.now = LATER + timedelta(hours=26)
        do(ward, ward.official, pausing.resume, ticket_id)
        moved = ward.ticket(ticket_id).due_at
        do(ward, ward.official, extensions.ask, ticket_id, AskExtension(5, "Phải đo đạc lại cả tuyến đường"))
        do(ward, ward.leader, extensions.decide, ticket_id, DecideExtension(True, "Đã xem hồ sơ"))
        do(ward, ward.official, extensions.ask, ticket_id, AskExtension(2, "Nhà thầu xin lùi ngày thi công"))
        do(ward, ward.leader, extensions.decide, ticket_id, DecideExtension(False, "Đã gia hạn đủ dài rồi"))
        new = ward.ticket(ticket_id).due_at
        page = words(ward.make.log_in(ward.official).get(f"/kien-nghi/{ticket_id}").text)

        assert old < moved < new
        for told in (
            WHY,
            "kết thúc lúc 12:00, 27/11/2026",
            "Phải đo đạc lại cả tuyến đường",
            f"hạn cũ {moment(moved)}, hạn mới {moment(new)}",
            "Không được đồng ý: Đã gia hạn đủ dài rồi",
        ):
            assert told in page, told
        assert date_words(local_date(old)) in page, "the first date of all is told as well"

    @pytest.mark.parametrize("acts", ["", "p", "e", "pe", "ep", "pr", "pre", "epr"])
    def test_the_days_are_explained_and_add_up_whatever_moved_the_date(
        self, ward: Ward, ticket_id: int, clock: SettableClock, acts: str
    ) -> None:
        for act in acts:
            if act == "p":
                do(ward, ward.official, pausing.pause, ticket_id, WHY, MONDAY)
            elif act == "r":
                clock.now = LATER + timedelta(hours=26)
                do(ward, ward.official, pausing.resume, ticket_id)
            else:
                do(ward, ward.official, extensions.ask, ticket_id, AskExtension(5, WHY))
                do(ward, ward.leader, extensions.decide, ticket_id, DecideExtension(True, ""))
        page = words(ward.make.log_in(ward.official).get(f"/kien-nghi/{ticket_id}").text)

        assert "Tính từng ngày" in page
        assert "đã được sửa sau khi ấn định" not in page
        assert ("gia hạn thêm 5 ngày làm việc" in page) == ("e" in acts)
        assert ("tạm dừng" in page.partition("Tính từng ngày")[2].partition("Diễn biến")[0]) == ("p" in acts)

    def test_a_promise_that_has_passed_is_no_longer_called_a_pause(
        self, ward: Ward, ticket_id: int, clock: SettableClock
    ) -> None:
        """glpi#15035: the sweep may come late; the page goes by the promise."""
        do(ward, ward.official, pausing.pause, ticket_id, WHY, MONDAY)
        clock.now = PROMISED + timedelta(minutes=1)
        page = ward.make.log_in(ward.official).get(f"/kien-nghi/{ticket_id}").text

        assert states(page)["answer"] == "đang chạy"
        assert "/lam-tiep" not in page

    def test_the_number_of_queries_does_not_grow_with_pauses_and_requests(
        self, ward: Ward, ticket_id: int, clock: SettableClock, count_queries: CountQueries
    ) -> None:
        client, at = ward.make.log_in(ward.official), f"/kien-nghi/{ticket_id}"
        client.get(at)
        few = count_queries(lambda: client.get(at))
        for turn in range(2):
            do(ward, ward.official, pausing.pause, ticket_id, WHY, MONDAY)
            clock.now = LATER + timedelta(hours=1 + turn)
            do(ward, ward.official, pausing.resume, ticket_id)
            do(ward, ward.official, extensions.ask, ticket_id, AskExtension(3, WHY))
            do(ward, ward.leader, extensions.decide, ticket_id, DecideExtension(True, ""))
        client.get(at)
        assert count_queries(lambda: client.get(at)) == few


CLOCKS = {
    "acknowledge": "Tiếp nhận",
    "answer": "Trả lời",
    "extension": "Xét đề nghị gia hạn",
    "bring_back": "Mang trả lời về chi bộ",
}


def words(page: str) -> str:
    """Return the page's text without marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def moment(at: datetime | None) -> str:
    assert at is not None
    local = at.astimezone(ZONE)
    return f"{local:%H:%M}, {local:%d/%m/%Y}"


def states(page: str) -> dict[str, str]:
    """Return how each clock on the page stands, by its kind."""
    table = page.partition("Các thời hạn của lần xử lý này")[2].partition("</table>")[0]
    rows = [words(row) for row in re.findall(r"<tr.*?</tr>", table, re.S)[1:]]
    kinds = ("không tính nữa", "tạm dừng", "đang chạy", "xong")
    return {
        kind: next(state for state in kinds if state in row)
        for kind, name in CLOCKS.items()
        for row in rows
        if row.strip().startswith(name)
    }


class TestLists:
    def test_what_is_paused_is_marked_until_the_promise_wherever_it_stands(
        self, ward: Ward, ticket_id: int, clock: SettableClock
    ) -> None:
        do(ward, ward.official, pausing.pause, ticket_id, WHY, MONDAY)
        clients = {who: ward.make.log_in(getattr(ward, who)) for who in ("official", "office", "secretary")}
        seen = [("official", "/"), ("official", "/kien-nghi"), ("office", "/kien-nghi?state=paused")]

        for who, path in seen:
            assert "Tạm dừng đến 30/11/2026" in words(clients[who].get(path).text), path
        told = words(clients["secretary"].get("/phieu-bao-lai").text)
        assert "tạm dừng, hẹn làm tiếp ngày 30/11/2026" in told
        clock.now = PROMISED
        clients = {who: ward.make.log_in(getattr(ward, who)) for who in clients}
        for who, path in (*seen, ("secretary", "/phieu-bao-lai")):
            assert "dừng đến 30/11" not in words(clients[who].get(path).text), path

    def test_the_leader_finds_the_requests_that_wait_for_him_on_his_desk(
        self, ward: Ward, ticket_id: int
    ) -> None:
        heading = "Đơn vị xin gia hạn, chờ quyết định"
        assert heading not in ward.make.log_in(ward.leader).get("/").text
        do(ward, ward.official, extensions.ask, ticket_id, AskExtension(5, WHY))

        desk = ward.make.log_in(ward.leader).get("/").text
        assert heading in desk
        assert LIGHTS in desk.partition(heading)[2]
        do(ward, ward.leader, extensions.decide, ticket_id, DecideExtension(True, ""))
        assert heading not in ward.make.log_in(ward.leader).get("/").text

    def test_who_decides_sees_from_when_to_when_the_due_date_would_move(
        self, ward: Ward, ticket_id: int
    ) -> None:
        do(ward, ward.official, pausing.pause, ticket_id, WHY, MONDAY)
        old = ward.ticket(ticket_id).due_at
        do(ward, ward.official, extensions.ask, ticket_id, AskExtension(5, WHY))
        desks = {
            who: words(ward.make.log_in(getattr(ward, who)).get("/").text) for who in ("leader", "official")
        }
        page = words(ward.make.log_in(ward.leader).get(f"/kien-nghi/{ticket_id}").text)
        do(ward, ward.leader, extensions.decide, ticket_id, DecideExtension(True, ""))
        new = ward.ticket(ticket_id).due_at

        was, will = (date_words(local_date(one)) for one in (old, new))
        assert new > old
        assert f"Xin gia hạn: {was} → {will}" in desks["leader"]
        assert "Xin gia hạn:" not in desks["official"]
        assert "Hạn mới nếu đồng ý" in page
        assert will in page.partition("Hạn mới nếu đồng ý")[2]

    def test_the_number_of_queries_does_not_grow_with_what_is_paused(
        self, ward: Ward, ticket_id: int, count_queries: CountQueries
    ) -> None:
        client = ward.make.log_in(ward.official)
        client.get("/")
        few = count_queries(lambda: client.get("/"))
        for filed in ward.file(*(f"{LIGHTS} số {n}" for n in range(8))):
            do(ward, ward.official, pausing.pause, filed, WHY, MONDAY)
        client.get("/")
        assert count_queries(lambda: client.get("/")) == few
