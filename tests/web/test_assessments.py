"""The official class of a meeting on screen: what waits, the decision with its reason, its history."""

from datetime import date
from functools import cached_property

import pytest
from flask.testing import FlaskClient

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.sheets import sheet
from tests.stories import Ward
from tracker.db.base import db
from tracker.db.tables.meetings import Assessment, Meeting
from tracker.domain.people import Role
from tracker.services import meetings

WHY = "Biên bản chưa đầy đủ, kết luận chưa rõ việc."


class Scored(Ward):
    """A ward whose branch proposed Khá for one meeting."""

    def __init__(self, make: Makers, clock: SettableClock) -> None:
        super().__init__(make, clock)
        self.meeting = self.held(date(2026, 11, 3))
        self.address = f"/xep-loai/{self.meeting}"

    @cached_property
    def client(self) -> FlaskClient:
        return self.make.log_in(self.leader)

    def held(self, on: date, kind: str = "regular") -> int:
        command = sheet(self.branch, request_key=f"k{on}", held_on=on, kind=kind)
        meeting_id = self.do(self.secretary, meetings.submit_sheet, command)
        line = {"code": "x", "group": "chuan_bi", "title": "Công tác chuẩn bị", "max_points": 10, "points": 8,
                "because": "Chi bộ tự chấm: 8/10 điểm.", "is_measured": False}  # fmt: skip
        db.session.add(
            Assessment(
                meeting_id=meeting_id, source="self", rubric_code="hd42", total=80, reachable=100, grade="kha",
                lines=[line], votes_for=24, votes_total=25, decided_by=self.secretary.account_id,
                decided_at=self.clock(),
            )
        )  # fmt: skip
        db.session.commit()
        return meeting_id

    def decide(self, grade: str, reason: str = "", version: int = 0):
        return self.client.post(
            self.address, data={"grade": grade, "reason": reason, "version": str(version)}
        )

    def decisions(self) -> list[tuple[str, str]]:
        db.session.rollback()
        rows = db.session.query(Assessment).filter_by(source="official").order_by(Assessment.version)
        return [(row.grade, row.reason) for row in rows]


@pytest.fixture
def scored(make: Makers, clock: SettableClock) -> Scored:
    return Scored(make, clock)


def test_what_waits_is_listed_and_confirming_takes_it_off(scored: Scored) -> None:
    assert "Chi bộ thôn Hồi Quan" in scored.client.get("/xep-loai").text
    page = scored.client.get(scored.address).text
    assert "Công tác chuẩn bị" in page
    assert "24" in page
    assert scored.decide("kha").status_code == 302
    assert scored.decisions() == [("kha", "")]
    assert "Không có buổi nào chờ quyết định mức" in scored.client.get("/xep-loai").text


def test_another_class_needs_a_reason_and_keeps_what_was_chosen(scored: Scored) -> None:
    answer = scored.decide("trung_binh")
    assert answer.status_code == 422
    assert "Ghi rõ vì sao" in answer.text
    assert "<title>Lỗi: " in answer.text
    assert 'checked id="grade-2"' in answer.text or 'id="grade-2" checked' in answer.text
    assert scored.decisions() == []
    assert scored.decide("trung_binh", WHY).status_code == 302
    assert scored.decisions() == [("trung_binh", WHY)]


def test_a_decision_is_changed_openly_and_its_history_stays(scored: Scored) -> None:
    scored.decide("trung_binh", WHY)
    scored.decide("kha", version=1)
    assert scored.decisions() == [("trung_binh", WHY), ("kha", "")]
    page = scored.client.get(scored.address).text
    assert WHY in page
    assert page.count("Quyết định mức chính thức:") == 2


def test_a_decision_made_meanwhile_is_shown_beside_what_was_typed(scored: Scored) -> None:
    scored.decide("kha")
    answer = scored.decide("trung_binh", WHY, version=0)
    assert answer.status_code == 409
    assert WHY in answer.text
    assert 'value="1"' in answer.text, "sent again, it is taken"
    assert scored.decisions() == [("kha", "")]


def test_only_leaders_of_the_place_decide(scored: Scored, make: Makers) -> None:
    elsewhere = make.unit("party_committee", "Đảng ủy phường Phù Khê", scored.province)
    assert make.log_in(make.person(Role.STANDING_MEMBERS, elsewhere)).get(scored.address).status_code == 403
    for person in (scored.office, scored.secretary, scored.head):
        client = make.log_in(person)
        assert client.get(scored.address).status_code == 403
        assert client.post(scored.address, data={"grade": "tot", "version": "0"}).status_code == 403
    upper = make.log_in(make.person(Role.STANDING_COMMITTEE, scored.province))
    assert upper.get(scored.address).status_code == 200, "the control"
    assert upper.get("/xep-loai/999").status_code == 404


def test_an_unscored_meeting_says_so(scored: Scored) -> None:
    command = sheet(scored.branch, request_key="k2", held_on=date(2026, 10, 3))
    meeting = db.session.get_one(Meeting, scored.do(scored.secretary, meetings.submit_sheet, command))
    page = scored.client.get(f"/xep-loai/{meeting.id}").text
    assert "Chi bộ chưa tự chấm điểm buổi này" in page
    assert (
        scored.client.post(f"/xep-loai/{meeting.id}", data={"grade": "tot", "version": "0"}).status_code
        == 422
    )
