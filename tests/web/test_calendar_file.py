"""Days from a file on the screen: previewed row by row, written only when every row can be."""

import io
import re
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests.makers import Makers
from tracker.db.base import db
from tracker.domain.people import Role
from tracker.services.reference import reference_on

TODAY = date(2026, 11, 25)
ON = date(2027, 6, 1)
GOOD = "on,kind,name\n01/06/2027,holiday,Ngày hội\n2027-06-05,makeup,Làm bù cho 01/06\n"
ICS = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\n"
    "DTSTART;VALUE=DATE:20270601\nSUMMARY:Ngày hội\nEND:VEVENT\nEND:VCALENDAR\n"
)


@pytest.fixture
def admin(make: Makers) -> FlaskClient:
    """A client in which the administrator of a ward with one body is logged in."""
    province, ward, _ = make.ward()
    make.body("DD", ward)
    return make.log_in(make.person(Role.ADMINISTRATOR, province, "quantri"))


def upload(admin: FlaskClient, text: str, name: str = "lich.csv", query: str = ""):
    data = {
        "file": (io.BytesIO(text.encode()), name),
        "source": "Thông báo 1",
        "basis": "decided",
        "tag": "S",
    }
    return admin.post(f"/quan-tri/lich/tep{query}", data=data, content_type="multipart/form-data")


def rows_of(page: str) -> str:
    """Return the rows that the preview's page sends back."""
    return unescape(re.search(r'name="rows"[^>]*value="([^"]*)"', page)[1])


def is_open(body: int | None = None) -> bool:
    return reference_on(db.session(), TODAY).calendars.of_body(body).day(ON).is_open


@pytest.mark.parametrize(("text", "name"), [(GOOD, "lich.csv"), (ICS, "nghi-le.ICS")])
def test_a_file_is_previewed_and_then_written(admin: FlaskClient, text: str, name: str) -> None:
    preview = upload(admin, text, name)
    assert preview.status_code == 200
    assert "0 dòng lỗi" in preview.text
    assert is_open(), "a preview writes nothing"

    written = admin.post("/quan-tri/lich/tep/ghi", data={"rows": rows_of(preview.text)})
    assert written.headers["Location"] == "/quan-tri/lich/?nam=2027"
    assert not is_open()
    assert "Ngày hội" in admin.get("/quan-tri/lich/?nam=2027").text


def test_a_bodys_file_closes_that_body_alone(admin: FlaskClient) -> None:
    preview = upload(admin, GOOD, query="?cua=b1")
    admin.post("/quan-tri/lich/tep/ghi", data={"rows": rows_of(preview.text)})
    assert [is_open(1), is_open()] == [False, True]


def test_one_wrong_row_is_shown_with_its_reason_and_nothing_can_be_written(admin: FlaskClient) -> None:
    preview = upload(admin, GOOD + "2027-06-31,holiday,Không có ngày này\n")

    assert "2 ngày mới, 0 ngày đổi, 0 ngày như cũ, 1 dòng lỗi." in preview.text
    assert "Ngày “2027-06-31” phải viết như" in preview.text
    assert "Ghi vào lịch" not in preview.text
    forced = admin.post("/quan-tri/lich/tep/ghi", data={"rows": rows_of(preview.text)})
    assert forced.status_code == 422
    assert "Chưa ghi gì cả" in forced.text
    assert is_open()


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        (ICS.replace("END:VEVENT\n", ""), "x.ics", "Dòng 7: END:VCALENDAR không khớp BEGIN:VEVENT ở dòng 4."),
        ("on,name\n", "x.csv", "Tệp phải có đúng các cột: on, kind, name"),
        ("no workbook", "x.xlsx", "Tệp Excel không đọc được"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(
    admin: FlaskClient, text: str, name: str, sentence: str
) -> None:
    answer = upload(admin, text, name)
    assert answer.status_code == 422
    assert sentence in re.search(r'id="file-error">(.*?)</p>', answer.text, re.DOTALL)[1]


def test_without_a_file_the_form_says_so(admin: FlaskClient) -> None:
    answer = admin.post("/quan-tri/lich/tep", data={"source": "TB 1", "basis": "decided", "tag": "S"})
    assert answer.status_code == 422
    assert "Chọn tệp." in answer.text


def test_the_same_file_again_has_nothing_to_write(admin: FlaskClient) -> None:
    admin.post("/quan-tri/lich/tep/ghi", data={"rows": rows_of(upload(admin, GOOD).text)})
    again = upload(admin, GOOD).text
    assert "0 ngày mới, 0 ngày đổi, 2 ngày như cũ, 0 dòng lỗi." in again
    assert "Không có gì để ghi" in again
    assert "Ghi vào lịch" not in again


def test_nothing_sent_back_leads_to_the_choice_of_a_file(admin: FlaskClient) -> None:
    assert admin.post("/quan-tri/lich/tep/ghi").headers["Location"] == "/quan-tri/lich/tep"


def test_the_calendar_is_downloaded_as_a_file_to_begin_with(admin: FlaskClient) -> None:
    text = admin.get("/quan-tri/lich/tep/lich.csv")
    book = load_workbook(io.BytesIO(admin.get("/quan-tri/lich/tep/lich.xlsx").data))

    assert text.headers["Content-Disposition"] == 'attachment; filename="lich.csv"'
    assert text.text.startswith(
        "on,kind,name,hours,basis,source,tag,unit,body\n2025-01-01,holiday,Tết Dương lịch"
    )
    assert book.worksheets[0]["C2"].value == "Tết Dương lịch"


def test_only_the_administrator_imports(make: Makers) -> None:
    _, ward, _ = make.ward()
    office = make.log_in(make.person(Role.OFFICE, ward))
    assert [office.get(f"/quan-tri/lich/tep{path}").status_code for path in ("", "/lich.csv")] == [403, 403]
    assert office.post("/quan-tri/lich/tep/ghi", data={"rows": GOOD}).status_code == 403
