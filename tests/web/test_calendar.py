"""The calendar's screens: a year of whoever is chosen, inherited days shown as such, weekly hours, the decision."""

import re
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.conftest import SettableClock
from tests.makers import Makers
from tracker.db.base import db
from tracker.db.tables.deadlines import CalendarDay
from tracker.domain.calendars import NATION
from tracker.domain.people import Role
from tracker.services.hours import hours_of
from tracker.services.reference import reference_on, touch_reference

TODAY = date(2026, 11, 25)
WARD, BODY = 2, 1
LEAVE = {
    "kind": "holiday",
    "name": "Kiểm kê cuối năm",
    "hours": "",
    "basis": "decided",
    "source": "TB 5",
    "tag": "S",
}
WEEK = {f"day_{number}": "07:00-11:00 13:00-16:30" for number in range(1, 6)}


@pytest.fixture
def admin(make: Makers) -> FlaskClient:
    """A client in which the administrator of a ward with one body is logged in."""
    province, ward, _ = make.ward()
    make.body("UBND_KTHT", ward, "Phòng Kinh tế, Hạ tầng và Đô thị")
    return make.log_in(make.person(Role.ADMINISTRATOR, province, "quantri"))


def cell(page: str, day: str) -> str:
    """Return the markup of the first day whose words hold ``day``."""
    return next(found for found in re.findall(r'<a class="day.*?</a>', page) if day in found)


def calendar(body: int | None = None):
    return reference_on(db.session(), TODAY).calendars.of_body(body)


def test_a_year_shows_twelve_months_and_names_each_day_that_differs(admin: FlaskClient) -> None:
    page = admin.get("/quan-tri/lich/?nam=2027").text

    assert page.count('<table class="month">') == 12
    new_year, tet = cell(page, "Tết Dương lịch"), cell(page, "Nghỉ Tết Đinh Mùi")
    assert "ngày nghỉ lễ, tết: Tết Dương lịch" in new_year
    assert "?" not in new_year
    assert "tạm ghi, chưa thấy quyết định" in tet
    assert "●?" in tet, "an assumed day has a mark beside its colour"
    assert "[G: đề xuất, không phải quy định]" in page


def test_a_body_sees_inherited_days_as_inherited_and_keeps_its_own(admin: FlaskClient) -> None:
    answer = admin.post(
        f"/quan-tri/lich/ngay?cua=b{BODY}", data={**LEAVE, "on": "31/12/2026", "is_active": "y"}
    )
    assert answer.headers["Location"] == f"/quan-tri/lich/?nam=2026&cua=b{BODY}"

    page = admin.get(answer.headers["Location"]).text
    assert "day-own" in cell(page, "Kiểm kê cuối năm")
    assert "day-own" not in cell(page, "Quốc khánh")
    assert "Riêng của nơi này" in page
    assert "Theo: Lịch chung" in page
    assert "Kiểm kê cuối năm" not in admin.get("/quan-tri/lich/?nam=2026").text
    assert not calendar(BODY).day(date(2026, 12, 31)).is_open
    assert calendar().day(date(2026, 12, 31)).is_open


def test_an_inherited_day_is_taken_over_with_its_name_to_be_changed(admin: FlaskClient) -> None:
    page = admin.get("/quan-tri/lich/?nam=2026&cua=u2").text
    address = re.search(r'href="([^"]+)"', cell(page, "tết: Quốc khánh"))[1].replace("&amp;", "&")
    form = admin.get(address).text

    assert 'value="02/09/2026"' in form
    assert 'value="Quốc khánh"' in form
    assert "Đảng ủy phường Tam Sơn" in form


def test_a_day_is_dropped_and_follows_the_week_again(admin: FlaskClient) -> None:
    on = date(2026, 11, 24)
    row_id = db.session.scalar(sa.select(CalendarDay.id).where(CalendarDay.on == on))

    answer = admin.post(f"/quan-tri/lich/ngay/{row_id}/bo", data={"version": "1"})

    assert answer.status_code == 302
    assert calendar().day(on).is_open
    assert "Không dùng" in admin.get("/quan-tri/lich/?nam=2026").text
    stale = admin.post(f"/quan-tri/lich/ngay/{row_id}/bo", data={"version": "1"})
    assert "Người khác vừa sửa" in admin.get(stale.headers["Location"]).text


def test_weekly_hours_are_changed_from_a_day_on(admin: FlaskClient) -> None:
    typed = {**WEEK, "valid_from": "01/12/2026", "source": "Quy chế", "tag": "S", "version": "0"}

    assert admin.post(f"/quan-tri/lich/gio?cua=b{BODY}", data=typed).status_code == 302
    assert [calendar(BODY).day(date(2026, *on)).hours for on in ((11, 30), (12, 1))] == [7.5, 7.5]
    assert calendar(BODY).day(date(2026, 12, 1)).spans[0][0].hour == 7
    assert calendar(BODY).day(date(2026, 11, 30)).spans[0][0].minute == 30
    assert "Sắp áp dụng" in admin.get(f"/quan-tri/lich/gio?cua=b{BODY}").text

    ended = admin.post(
        f"/quan-tri/lich/gio/2026-12-01/thoi-ap-dung?cua=b{BODY}",
        data={"valid_to": "01/03/2027", "version": "1"},
    )
    assert ended.status_code == 302
    assert calendar(BODY).day(date(2027, 3, 1)).spans[0][0].minute == 30


@pytest.mark.parametrize(
    ("line", "typed", "sentence"),
    [
        ("day_2", "07:30-11:30 11:00-17:00", "Thứ Ba: khung giờ 07:30–11:30 và 11:00–17:00 trùng nhau."),
        ("day_4", "sáng", "Khung giờ “sáng” không đọc được"),
    ],
)
def test_hours_that_cannot_be_are_refused_at_their_line(
    admin: FlaskClient, line: str, typed: str, sentence: str
) -> None:
    before = hours_of(db.session(), NATION)
    data = {**WEEK, "valid_from": "01/12/2026", "source": "Quy chế", "tag": "S", line: typed}

    answer = admin.post("/quan-tri/lich/gio", data=data)

    assert answer.status_code == 422
    shown = re.search(rf'<p class="error" id="{line}-error">(.*?)</p>', answer.text, re.DOTALL)
    assert sentence in shown[1]
    assert hours_of(db.session(), NATION) == before


def test_a_week_with_no_open_time_is_refused(admin: FlaskClient) -> None:
    data = {"valid_from": "01/12/2026", "source": "Quy chế", "tag": "S"}
    answer = admin.post("/quan-tri/lich/gio", data=data)
    assert answer.status_code == 422
    assert "Tuần này không có giờ làm việc nào" in answer.text


@pytest.mark.parametrize(
    "path", ["lich/?cua=u999", "lich/?cua=b999", "lich/?cua=x1", "lich/gio?cua=u", "lich/gio/x/thoi-ap-dung"]
)
def test_the_calendar_of_nobody_is_not_found(admin: FlaskClient, path: str) -> None:
    assert admin.get(f"/quan-tri/{path}").status_code == 404


@pytest.mark.parametrize("year", ["0000", "1944", "2200", "9999"])
def test_a_year_that_no_calendar_reaches_is_refused_in_words(admin: FlaskClient, year: str) -> None:
    answer = admin.get(f"/quan-tri/lich/?nam={year}")
    assert answer.status_code == 422
    assert "nằm ngoài khoảng 1945–2199" in answer.text
    typed = {**LEAVE, "on": f"01/01/{year}", "is_active": "y"}
    assert admin.post("/quan-tri/lich/ngay", data=typed).status_code == 422


def test_next_years_decision_is_asked_for_from_october_on_until_it_is_confirmed(
    admin: FlaskClient, clock: SettableClock
) -> None:
    pages = ("/quan-tri/lich/?nam=2027", "/quan-tri/")

    def asked() -> list[bool]:
        return ["Năm 2027 chưa có quyết định" in admin.get(path).text for path in pages]

    clock.now = datetime(2026, 9, 30, 16, 59, tzinfo=UTC)  # 23:59 in Vietnam
    assert asked() == [False, False]
    clock.now = datetime(2026, 9, 30, 17, 0, tzinfo=UTC)
    assert asked() == [True, True]

    wrong = admin.post("/quan-tri/lich/2027/xac-nhan", data={"source": "", "tag": "S"})
    assert wrong.status_code == 422
    assert asked() == [True, True]
    admin.post("/quan-tri/lich/2027/xac-nhan", data={"source": "Thông báo 9999/TB-BNV", "tag": "S"})
    assert asked() == [False, False]
    assert "Thông báo 9999/TB-BNV" in admin.get(pages[0]).text


def test_a_year_without_days_is_filled_by_law(admin: FlaskClient) -> None:
    assert "Điền các ngày nghỉ theo luật" in admin.get("/quan-tri/lich/?nam=2031").text

    admin.post("/quan-tri/lich/2031/theo-luat")

    page = admin.get("/quan-tri/lich/?nam=2031").text
    assert "Nghỉ Tết Tân Hợi" in page
    assert "Điền các ngày nghỉ theo luật" not in page
    assert admin.post("/quan-tri/lich/9999/theo-luat").status_code in (400, 422)


def test_the_year_page_asks_the_database_as_often_for_many_days_as_for_few(
    admin: FlaskClient, count_queries
) -> None:
    path = f"/quan-tri/lich/?nam=2026&cua=b{BODY}"
    admin.get(path)
    few = count_queries(lambda: admin.get(path))
    db.session.add_all(
        CalendarDay(**LEAVE, on=date(2026, 12, number), body_id=BODY) for number in range(1, 20)
    )
    touch_reference(db.session())
    db.session.commit()
    admin.get(path)

    assert count_queries(lambda: admin.get(path)) == few


def test_only_the_administrator_opens_the_calendars(make: Makers) -> None:
    _, ward, _ = make.ward()
    office = make.log_in(make.person(Role.OFFICE, ward))
    for path in ("lich/", "lich/cua", "lich/gio", "lich/ngay"):
        assert office.get(f"/quan-tri/{path}").status_code == 403
