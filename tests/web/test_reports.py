"""The quarter's report on screen: asked for, watched, failed, typed into, opened only by those who may."""

import re
from datetime import date
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import SettableClock
from tests.makers import Makers
from tracker.adapters.files import FolderStore
from tracker.adapters.pdf import RecordingPdfWriter
from tracker.db.base import db
from tracker.db.tables.reports import QuarterReport
from tracker.domain.people import Role
from tracker.services.compiling import Press, compile_report


class Office:
    """A ward's office at its screens, and the worker that compiles what it asks for."""

    def __init__(self, app: Flask, make: Makers, clock: SettableClock) -> None:
        self.make = make
        self.province, self.ward, self.branch = make.ward()
        self.client = make.log_in(make.person(Role.OFFICE, self.ward))
        self.store = FolderStore(app.extensions["tracker"].settings.folder.files)
        self.press = Press(make.wiring, RecordingPdfWriter(), self.store, clock)

    def ask(self, **more: object) -> str:
        """Return the address of the report that was asked for."""
        values = {
            "unit": self.ward,
            "quarter": "2026Q4",
            "period_from": "01/10/2026",
            "period_to": "31/12/2026",
            "cutoff_on": "25/11/2026",
            "supplement": "0",
        }
        answer = self.client.post("/bao-cao-quy/moi", data=values | more)
        assert answer.status_code == 302, answer.text
        return answer.location

    def compiled(self) -> str:
        address = self.ask()
        assert compile_report(self.id_of(address), self.press)
        return address

    @staticmethod
    def id_of(address: str) -> int:
        return int(address.rpartition("/")[2])


@pytest.fixture
def office(app: Flask, make: Makers, clock: SettableClock) -> Office:
    return Office(app, make, clock)


def test_a_report_is_asked_for_watched_and_opened(office: Office) -> None:
    form = office.client.get("/bao-cao-quy/moi").text
    assert '<option selected value="2026Q4">' in form
    address = office.ask()
    page = office.client.get(address).text
    assert "<progress" in page
    assert "Xem lại tiến độ" in page
    told = office.client.get(f"{address}/tien-do").json
    assert told == {"state": "waiting", "progress": 0, "words": "Đang chờ", "is_under_way": True}
    assert office.client.get(f"{address}/pdf").status_code == 404

    compile_report(office.id_of(address), office.press)
    assert office.client.get(f"{address}/tien-do").json["is_under_way"] is False
    page = office.client.get(address).text
    assert "Xem PDF" in page
    assert "Lập bản bổ sung" in page
    assert "Đảng ủy phường Tam Sơn" in office.client.get("/bao-cao-quy").text


BLANK = {"period_from": "", "period_to": "", "cutoff_on": ""}


@pytest.mark.parametrize(
    ("quarter", "days"),
    [
        ("2026Q3", (date(2026, 7, 1), date(2026, 10, 1), date(2026, 9, 30))),
        ("2026Q4", (date(2026, 10, 1), date(2027, 1, 1), date(2026, 11, 25))),
    ],
    ids=["to its last day", "to today while it runs"],
)
def test_days_left_blank_follow_the_chosen_quarter(
    office: Office, quarter: str, days: tuple[date, date, date]
) -> None:
    form = office.client.get("/bao-cao-quy/moi").text
    typed = re.findall(r'<input[^>]*data-typed="date"[^>]*>', form)
    assert len(typed) == 3
    assert [box for box in typed if 'value=""' not in box] == [], "a day of another quarter would stay"
    report = db.session.get_one(QuarterReport, office.id_of(office.ask(quarter=quarter, **BLANK)))

    assert (report.period_from, report.period_to, report.cutoff_on) == days


def test_a_typed_day_is_kept_beside_blank_ones_and_one_of_another_quarter_is_refused(office: Office) -> None:
    values = {"unit": office.ward, "quarter": "2026Q3", "supplement": "0"}
    wrong = office.client.post("/bao-cao-quy/moi", data=values | BLANK | {"period_from": "01/10/2026"})
    address = office.ask(quarter="2026Q3", **BLANK | {"cutoff_on": "05/10/2026"})
    report = db.session.get_one(QuarterReport, office.id_of(address))

    assert wrong.status_code == 422
    assert 'value="01/10/2026"' in wrong.text
    assert (report.period_from, report.cutoff_on) == (date(2026, 7, 1), date(2026, 10, 5))


def test_the_pdf_has_a_vietnamese_name_and_loads_nothing(office: Office) -> None:
    address = office.compiled()
    seen = office.client.get(f"{address}/pdf", buffered=True)
    saved = office.client.get(f"{address}/pdf?tai=1", buffered=True)
    name = quote("Báo cáo quý IV năm 2026 – Đảng ủy phường Tam Sơn.pdf")
    assert seen.headers["Content-Disposition"].startswith("inline")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert f"filename*=UTF-8''{name}" in saved.headers["Content-Disposition"]
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in saved.headers["Content-Security-Policy"]
    assert saved.headers["Cache-Control"] == "private, no-store"
    assert saved.data.startswith(b"%PDF")


def test_who_may_not_read_sees_neither_page_nor_file(office: Office, make: Makers) -> None:
    address = office.compiled()
    elsewhere = make.unit("party_committee", "Đảng ủy phường Phù Khê", office.province)
    for person in (
        make.person(Role.OFFICE, elsewhere),
        make.person(Role.BRANCH_SECRETARY, office.branch),
        make.person(Role.ADMINISTRATOR, office.province),
    ):
        client = make.log_in(person)
        for path in ("", "/pdf", "/tien-do", "/phan-viet"):
            assert client.get(f"{address}{path}").status_code == 403, path
    leader = make.log_in(make.person(Role.STANDING_MEMBERS, office.ward))
    assert leader.get(f"{address}/pdf", buffered=True).status_code == 200, "the control"
    assert leader.get(f"{address}/phan-viet").status_code == 403
    assert leader.post(f"{address}/chay-lai").status_code == 403


def test_a_failed_one_says_why_and_is_started_again(office: Office) -> None:
    address = office.ask()
    report = db.session.get_one(QuarterReport, office.id_of(address))
    report.state, report.error = "failed", "Không ghi được tệp PDF."
    db.session.commit()
    page = office.client.get(address).text
    assert "Không ghi được tệp PDF." in page
    assert "Chạy lại" in page
    assert office.client.post(f"{address}/chay-lai").status_code == 302
    assert office.client.get(f"{address}/tien-do").json["state"] == "waiting"


def test_an_impossible_cutoff_keeps_what_was_typed(office: Office) -> None:
    answer = office.client.post(
        "/bao-cao-quy/moi",
        data={"unit": office.ward, "quarter": "2026Q4", "period_from": "01/10/2026", "period_to": "x",
              "cutoff_on": "26/11/2026"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "<title>Lỗi: " in answer.text
    assert 'value="26/11/2026"' in answer.text
    answer = office.client.post(
        "/bao-cao-quy/moi",
        data={"unit": office.ward, "quarter": "2026Q4", "period_from": "01/10/2026",
              "period_to": "31/12/2026", "cutoff_on": "26/11/2026"},
    )  # fmt: skip
    assert "Ngày chốt số liệu không thể sau hôm nay" in answer.text
    assert 'aria-invalid="true"' in answer.text


def write(client: FlaskClient, address: str, version: int, **parts: str):
    return client.post(f"{address}/phan-viet", data={"version": str(version), "place": "Tam Sơn"} | parts)


def test_the_parts_are_typed_beside_the_facts(office: Office) -> None:
    address = office.compiled()
    page = office.client.get(f"{address}/phan-viet").text
    assert "Số liệu cho thấy" in page
    assert "sinh hoạt" in page.split("Số liệu cho thấy")[1].lower()
    assert write(office.client, address, 1, shortcomings="Chậm.\r\nThiếu.").status_code == 302
    report = db.session.get_one(QuarterReport, office.id_of(address))
    assert (report.shortcomings, report.version, report.state) == ("Chậm.\nThiếu.", 2, "waiting")


def test_a_stale_edit_keeps_what_was_typed_beside_what_stands(office: Office) -> None:
    address = office.compiled()
    write(office.client, address, 1, shortcomings="Bản của người thứ nhất.")
    answer = write(office.client, address, 1, shortcomings="Bản của người thứ hai.")
    assert answer.status_code == 409
    assert "Bản của người thứ nhất." in answer.text
    assert "Bản của người thứ hai.</textarea>" in answer.text.replace("\r", "")
    assert 'name="version" type="hidden" value="2"' in answer.text, "sent again, it is taken"


def test_a_supplement_leaves_the_first_report_alone(office: Office) -> None:
    first = office.compiled()
    page = office.client.get(f"/bao-cao-quy/moi?don_vi={office.ward}&quy=2026Q4&bo_sung=1").text
    assert "Lập bản bổ sung số 1" in page
    second = office.ask(supplement="1")
    assert second != first
    assert "Lập bản bổ sung" not in office.client.get(first).text
    refused = office.client.post(
        "/bao-cao-quy/moi",
        data={"unit": office.ward, "quarter": "2026Q4", "period_from": "01/10/2026",
              "period_to": "31/12/2026", "cutoff_on": "25/11/2026", "supplement": "7"},
    )  # fmt: skip
    assert refused.status_code == 422


def test_an_empty_list_says_what_to_do_next(office: Office, make: Makers) -> None:
    assert "Chưa có báo cáo quý nào" in office.client.get("/bao-cao-quy").text
    secretary = make.log_in(make.person(Role.BRANCH_SECRETARY, office.branch))
    page = secretary.get("/bao-cao-quy").text
    assert "Lập báo cáo</a>" not in page
