"""The leaders' overview: the figures of the report, each leading to exactly the rows that it counts."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.sheets import concern, sheet
from tests.stories import Ward
from tracker.db.base import db
from tracker.db.tables.meetings import Assessment, Meeting
from tracker.db.tables.tickets import Ticket
from tracker.domain.dates import ZONE
from tracker.domain.people import Role
from tracker.services import meetings
from tracker.services.tickets import bounce


class Figures(HTMLParser):
    """Collects every figure that is a link: (number it tells, address)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._at: str | None = None
        self._words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "a" and "data-figure" in names:
            self._at, self._words = names["href"], ""

    def handle_data(self, data: str) -> None:
        if self._at is not None:
            self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._at is not None:
            number = re.match(r"\s*([\d.]+|–)", self._words)
            assert number, self._words
            self.found.append((int(number[1].replace(".", "").replace("–", "0")), self._at))
            self._at = None


def total(client: FlaskClient, address: str) -> int:
    answer = client.get(address)
    assert answer.status_code == 200, address
    found = re.search(r'data-total="(\d+)"', answer.text)
    assert found, address
    return int(found[1])


def due(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, tzinfo=ZONE)


class Quarter(Ward):
    """A ward of three branches of two types, with meetings, scores and concerns in every state."""

    def __init__(self, make: Makers, clock: SettableClock) -> None:
        super().__init__(make, clock)
        self.school = make.branch(self.ward, "Chi bộ Trường THCS Tam Sơn", branch_type="truong_hoc")
        self.silent = make.branch(self.ward, "Chi bộ thôn Dương Sơn", is_difficult=True)
        self.teacher = make.person(Role.BRANCH_SECRETARY, self.school, "hieutruong")
        for on in (date(2026, 10, 3), date(2026, 11, 3)):
            self.meet(self.branch, self.secretary, on, 4)
            self.meet(self.school, self.teacher, on, 3)
        self.meet(self.branch, self.secretary, date(2026, 11, 10), 1, kind="thematic")
        self.meet(self.branch, self.secretary, date(2026, 9, 3), 2)
        self.vary()

    def meet(self, branch: int, actor, on: date, concerns: int, kind: str = "regular") -> None:
        command = sheet(
            branch,
            request_key=f"{branch}-{on}",
            held_on=on,
            kind=kind,
            concerns=tuple(
                concern(f"Đường ngõ {n} ngập nước khi mưa", body_code="UBND_KTHT") for n in range(concerns)
            ),
        )
        self.do(actor, meetings.submit_sheet, command)

    def vary(self) -> None:
        """Give the concerns and the meetings states that no figure may overlook."""
        tickets = list(db.session.scalars(sa.select(Ticket).order_by(Ticket.id)))
        states = [
            {},
            {"due_at": due(date(2026, 11, 20))},
            {"status": "answered", "answered_at": due(date(2026, 11, 12)), "due_at": due(date(2026, 11, 17))},
            {"status": "answered", "answered_at": due(date(2026, 11, 19)), "due_at": due(date(2026, 11, 17))},
            {"status": "accepted", "answered_at": due(date(2026, 11, 12)), "due_at": due(date(2026, 11, 17)),
             "accepted_at": due(date(2026, 11, 15))},
            {"reopened_count": 1, "due_at": due(date(2026, 11, 5)), "level": 4},
            {"status": "triage", "body_id": None},
            {"is_restricted": True},
            {"level": 5, "due_at": due(date(2026, 10, 20))},
        ]  # fmt: skip
        for number, ticket in enumerate(tickets):
            for name, value in states[number % len(states)].items():
                setattr(ticket, name, value)
        rows = list(db.session.scalars(sa.select(Meeting).order_by(Meeting.id)))
        for number, (meeting, grade) in enumerate(
            zip(rows, ("tot", "kha", "kem", None, "trung_binh"), strict=False)
        ):
            meeting.superior_attended = number % 2 == 0
            for source in ("self", "official")[: 1 + (number == 1)] if grade else ():
                db.session.add(
                    Assessment(
                        meeting_id=meeting.id, source=source, rubric_code="hd42", total=80, reachable=100,
                        grade=grade, lines=[{"code": "x", "group": "chuan_bi", "title": "x", "max_points": 10,
                        "points": 8, "because": "", "is_measured": False}],
                        decided_by=self.secretary.account_id, decided_at=self.clock(),
                    )
                )  # fmt: skip
        db.session.commit()


@pytest.fixture
def quarter(make: Makers, clock: SettableClock) -> Quarter:
    return Quarter(make, clock)


@pytest.mark.parametrize("place", ["ward", "province", "branch"])
def test_the_number_of_rows_behind_each_link_is_the_figure(
    quarter: Quarter, make: Makers, place: str
) -> None:
    leader = make.log_in(make.person(Role.STANDING_COMMITTEE, quarter.province))
    page = leader.get(f"/toan-canh?don_vi={getattr(quarter, place)}&quy=2026Q4")
    assert page.status_code == 200
    figures = Figures(page.text).found
    assert len(figures) > 20
    assert sum(number > 0 for number, _address in figures) > 10
    told = {address: number for number, address in figures}
    assert {address: total(leader, address) for address in told} == told


def test_the_figures_say_what_happened(quarter: Quarter) -> None:
    client = quarter.make.log_in(quarter.leader)
    page = client.get("/toan-canh").text
    assert "<strong>4/6</strong>" in page, "three branches, October and November; one never met"
    assert "nội dung hạn chế" in page
    missed = client.get(f"/toan-canh/so-lieu?don_vi={quarter.ward}&quy=2026Q4&so=missed").text
    assert "Chi bộ thôn Dương Sơn" in missed
    assert "Chi bộ thôn Hồi Quan" not in missed


def test_a_restricted_concern_is_behind_no_figure(quarter: Quarter) -> None:
    hidden = set(db.session.scalars(sa.select(Ticket.number).where(Ticket.is_restricted)))
    client = quarter.make.log_in(quarter.leader)
    for what in ("raised", "open", "overdue", "carried", "in_time", "not_in_time"):
        page = client.get(f"/toan-canh/so-lieu?so={what}").text
        assert not [number for number in hidden if number in page], what
    assert hidden, "the control"


def test_the_figures_follow_what_happens(quarter: Quarter, clock: SettableClock) -> None:
    client = quarter.make.log_in(quarter.leader)
    before = total(client, "/toan-canh/so-lieu?so=raised")
    quarter.meet(
        quarter.silent, quarter.make.person(Role.BRANCH_SECRETARY, quarter.silent), date(2026, 11, 4), 2
    )
    assert total(client, "/toan-canh/so-lieu?so=raised") == before + 2
    late = total(client, "/toan-canh/so-lieu?so=overdue")
    clock.now += timedelta(hours=23)
    assert total(client, "/toan-canh/so-lieu?so=overdue") >= late


def test_only_leaders_and_the_office_of_the_place_look(quarter: Quarter, make: Makers) -> None:
    elsewhere = make.unit("party_committee", "Đảng ủy phường Phù Khê", quarter.province)
    stranger = make.log_in(make.person(Role.STANDING_MEMBERS, elsewhere))
    for path in ("/toan-canh", "/toan-canh/so-lieu"):
        for person in (quarter.secretary, quarter.official, quarter.inspector):
            assert make.log_in(person).get(path).status_code == 403
        assert stranger.get(f"{path}?don_vi={quarter.ward}&so=raised").status_code == 403
    assert stranger.get("/toan-canh").status_code == 200, "the control: their own place"
    office = make.log_in(quarter.office)
    assert office.get("/toan-canh").status_code == 200
    assert office.get("/toan-canh/so-lieu?so=khong-co").status_code == 404


def test_the_leader_sees_what_climbed_to_them(quarter: Quarter) -> None:
    page = quarter.make.log_in(quarter.leader).get("/toan-canh").text
    assert "Được chuyển tới đồng chí" in page
    assert "Được chuyển tới đồng chí" not in quarter.make.log_in(quarter.office).get("/toan-canh").text


@pytest.mark.parametrize(
    "path", ["/toan-canh", "/toan-canh/so-lieu?so=raised", "/toan-canh/so-lieu?so=meetings"]
)
def test_queries_do_not_grow_with_rows(
    quarter: Quarter, path: str, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    client = quarter.make.log_in(quarter.leader)
    client.get(path)
    quarter.meet(quarter.branch, quarter.secretary, date(2026, 11, 11), 1, kind="thematic")
    few = count_queries(lambda: client.get(path))
    for day in range(12, 20):
        quarter.meet(quarter.branch, quarter.secretary, date(2026, 11, day), 3, kind="thematic")
    assert count_queries(lambda: client.get(path)) == few
    assert count_queries(lambda: client.get(path)) < few, "nothing changed: the figures are at hand"


def test_an_empty_quarter_divides_by_nothing(make: Makers) -> None:
    province, _ward, _branch = make.ward()
    client = make.log_in(make.person(Role.STANDING_COMMITTEE, province))
    page = client.get("/toan-canh?quy=2026Q1").text
    assert "0/3" in page
    assert "không có" in page
    assert "Chưa có kiến nghị nào được nêu trong kỳ" in page


def test_the_overview_tells_which_body_sent_concerns_back(quarter: Quarter) -> None:
    client = quarter.make.log_in(quarter.leader)
    assert "Đơn vị chuyển trả" not in client.get("/toan-canh").text
    ticket = db.session.scalars(sa.select(Ticket).where(Ticket.status == "routed")).first()
    official = quarter.make.person(Role.OFFICIAL, ticket.body_id)
    other = next(
        one.id for one in quarter.reference.tree.bodies_for(ticket.branch_id) if one.id != ticket.body_id
    )
    quarter.do(official, bounce, ticket.id, ticket.version, "Không thuộc đơn vị tôi", other)

    assert "Đơn vị chuyển trả" in client.get("/toan-canh").text
