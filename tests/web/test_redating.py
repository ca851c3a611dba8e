"""Changing what dates are reckoned by: the preview, the way back with all that was typed, and the confirmation."""

import re
from datetime import date
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.late import Late
from tests.makers import Makers
from tests.services.test_redating import DUE_LATER, HELD_ON, NEXT_DAY, clock, everything, open_tickets
from tracker.db.base import db
from tracker.db.tables.deadlines import CalendarDay, Rung, TimeLimit
from tracker.db.tables.tickets import TicketEvent
from tracker.domain.calendars import NATION
from tracker.domain.people import Role
from tracker.services.calendar import row_id_of
from tracker.services.hours import hours_of, seen_hours

DAY = {
    "on": "03/12/2026",
    "kind": "holiday",
    "name": "Kiểm kê cuối năm",
    "hours": "",
    "basis": "decided",
    "source": "TB 5",
    "tag": "S",
    "is_active": "y",
}
NEW_DAY = "/quan-tri/lich/ngay"


@pytest.fixture
def late(app: Flask, make: Makers) -> Late:
    return Late(make)


@pytest.fixture
def admin(late: Late, make: Makers) -> FlaskClient:
    return make.log_in(make.person(Role.ADMINISTRATOR, late.province, "quantri"))


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the page's own form: what its buttons send back."""
    main = page[page.index("<main") : page.index("</main>")]
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main)
    return {name: unescape(value) for name, value in pairs}


def redated() -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(sa.func.count()).where(TicketEvent.act == "redated")).one()


def test_a_day_that_moves_dates_is_shown_first_and_saved_when_confirmed(
    late: Late, admin: FlaskClient
) -> None:
    (one,) = open_tickets(late)
    before = everything()
    shown = admin.post(NEW_DAY, data=DAY)

    assert shown.status_code == 200
    assert "1 kiến nghị đổi hạn." in shown.text
    for words in ("TAS-2026-0001", "17:00, 08/12/2026", "17:00, 09/12/2026", "Kiểm kê cuối năm"):
        assert words in shown.text
    assert everything() == before, "what was shown is nowhere"

    done = admin.get(admin.post(NEW_DAY, data=hidden(shown.text)).location)
    assert "Đã lưu ngày này vào lịch. 1 kiến nghị đổi hạn." in done.text
    assert clock(one).due_at == NEXT_DAY
    assert row_id_of(db.session(), HELD_ON) is not None


def test_going_back_keeps_all_that_was_typed(late: Late, admin: FlaskClient) -> None:
    open_tickets(late)
    shown = admin.post(NEW_DAY, data=DAY)
    form = admin.post(NEW_DAY, data={**hidden(shown.text), "quay_lai": "1"})

    assert form.status_code == 200
    assert "Kiểm kê cuối năm" in form.text
    assert 'value="03/12/2026"' in form.text
    assert "error-summary" not in form.text
    assert row_id_of(db.session(), HELD_ON) is None


def test_a_second_click_does_nothing_twice(late: Late, admin: FlaskClient) -> None:
    (one,) = open_tickets(late)
    sent = hidden(admin.post(NEW_DAY, data=DAY).text)
    first, second = admin.post(NEW_DAY, data=sent), admin.post(NEW_DAY, data=sent)

    assert (first.status_code, second.status_code) == (302, 422)
    assert redated() == 1
    assert clock(one).due_at == NEXT_DAY


def test_what_changed_meanwhile_is_shown_again(late: Late, admin: FlaskClient) -> None:
    """Nobody confirms what they haven't seen: another ticket came in between."""
    open_tickets(late)
    sent = hidden(admin.post(NEW_DAY, data=DAY).text)
    open_tickets(late)
    again = admin.post(NEW_DAY, data=sent)

    assert again.status_code == 200
    assert "Từ lúc đồng chí xem trước đã có thay đổi" in again.text
    assert "2 kiến nghị đổi hạn." in again.text
    assert redated() == 0
    assert admin.post(NEW_DAY, data=hidden(again.text)).status_code == 302
    assert redated() == 2


def test_where_nothing_moves_no_page_comes_between(late: Late, admin: FlaskClient) -> None:
    open_tickets(late)
    assert admin.post(NEW_DAY, data={**DAY, "on": "01/06/2027"}).status_code == 302
    assert row_id_of(db.session(), date(2027, 6, 1)) is not None


def test_a_restricted_concern_is_counted_and_not_named(late: Late, admin: FlaskClient) -> None:
    open_tickets(late)
    open_tickets(late, is_restricted=True)
    shown = admin.post(NEW_DAY, data=DAY).text
    assert "2 kiến nghị đổi hạn." in shown
    assert "TAS-2026-0001" in shown
    assert "TAS-2026-0002" not in shown
    assert "Thêm 1 hạn của kiến nghị hạn chế người xem" in shown


def test_a_long_list_shows_fifty_and_the_total(late: Late, admin: FlaskClient) -> None:
    open_tickets(late, 53)
    shown = admin.post(NEW_DAY, data=DAY).text
    assert len(re.findall("TAS-2026-00", shown)) == 50
    assert "Hiện 50 trong 53 hạn thay đổi." in shown


def test_a_changed_day_and_a_dropped_one_are_shown_first_too(late: Late, admin: FlaskClient) -> None:
    (one,) = open_tickets(late)
    admin.post(NEW_DAY, data=hidden(admin.post(NEW_DAY, data=DAY).text))
    row = row_id_of(db.session(), HELD_ON)
    version = db.session.get_one(CalendarDay, row).version
    drop = f"/quan-tri/lich/ngay/{row}/bo"

    shown = admin.post(drop, data={"version": version})
    assert "1 kiến nghị đổi hạn." in shown.text
    back = admin.post(drop, data={**hidden(shown.text), "quay_lai": "1"})
    assert back.location.endswith(f"/quan-tri/lich/ngay/{row}")
    assert clock(one).due_at == NEXT_DAY
    assert admin.post(drop, data=hidden(shown.text)).status_code == 302
    assert clock(one).due_at == DUE_LATER

    stale = admin.get(admin.post(drop, data=hidden(shown.text)).location)
    assert "Người khác vừa sửa bản ghi này" in stale.text
    changed = admin.post(f"/quan-tri/lich/ngay/{row}", data={**DAY, "version": version + 1})
    assert "1 kiến nghị đổi hạn." in changed.text


def test_weekly_hours_are_shown_first(late: Late, admin: FlaskClient) -> None:
    (one,) = open_tickets(late)
    week = {f"day_{number}": "07:00-11:00 13:00-16:30" for number in range(1, 6)}
    week |= {"valid_from": "01/12/2026", "source": "Quy chế", "tag": "S"}
    week["version"] = str(seen_hours(hours_of(db.session(), NATION)))
    shown = admin.post("/quan-tri/lich/gio", data=week)
    assert "Giờ làm việc thay đổi từ ngày 01/12/2026." in shown.text

    form = admin.post("/quan-tri/lich/gio", data={**hidden(shown.text), "quay_lai": "1"})
    assert form.text.count('value="07:00-11:00 13:00-16:30"') == 5
    assert admin.post("/quan-tri/lich/gio", data=hidden(shown.text)).status_code == 302
    assert clock(one).due_at == DUE_LATER.replace(hour=16, minute=30)


def limit_page(days: str, since: str) -> tuple[str, dict[str, str]]:
    row = db.session.scalars(sa.select(TimeLimit).filter_by(code="answer_default")).one()
    values = {"name": row.name, "amount": days, "unit": row.unit, "start_event": row.start_event}
    more = {"roll_to_working": "y", "source": "QĐ 1", "tag": "S", "version": str(row.version)}
    return f"/quan-tri/thoi-han/{row.id}", {**values, **more, "valid_from": since}


def test_a_limit_is_shown_first_when_it_reaches_back(late: Late, admin: FlaskClient) -> None:
    (one,) = open_tickets(late)
    url, values = limit_page("15", "23/11/2026")
    shown = admin.post(url, data=values)
    assert "đổi từ 10 ngày làm việc thành 15 ngày làm việc" in shown.text

    form = admin.post(url, data={**hidden(shown.text), "quay_lai": "1"})
    assert 'value="15"' in form.text
    done = admin.get(admin.post(url, data=hidden(shown.text)).location)
    assert "1 kiến nghị đổi hạn." in done.text
    assert clock(one).due_at > NEXT_DAY
    assert admin.post(url, data=hidden(shown.text)).status_code == 409, (
        "the second click finds another version"
    )
    assert redated() == 1


def test_a_limit_for_what_is_to_come_is_saved_at_once(late: Late, admin: FlaskClient) -> None:
    open_tickets(late)
    url, values = limit_page("15", "25/11/2026")
    assert admin.post(url, data=values).status_code == 302
    assert redated() == 0


def test_a_rung_that_ends_is_shown_as_other_times(late: Late, admin: FlaskClient) -> None:
    (one,) = open_tickets(late)
    row = db.session.scalars(sa.select(Rung).filter_by(level=1, clock="answer", urgency=None)).one()
    url = f"/quan-tri/don-doc/{row.id}/thoi-ap-dung"
    shown = admin.post(url, data={"valid_to": "25/11/2026", "version": str(row.version)})
    assert "1 kiến nghị giữ nguyên hạn nhưng đôn đốc vào lúc khác." in shown.text
    assert admin.post(url, data=hidden(shown.text)).status_code == 302
    assert (clock(one).due_at, clock(one).next_at) == (DUE_LATER, DUE_LATER)


def test_days_from_a_file_are_shown_first(late: Late, admin: FlaskClient) -> None:
    (one,) = open_tickets(late)
    rows = {"rows": "on,kind,name,source\n2026-12-03,holiday,Ngày hội,TB 1\n"}
    shown = admin.post("/quan-tri/lich/tep/ghi", data=rows)
    assert "1 kiến nghị đổi hạn." in shown.text
    back = admin.post("/quan-tri/lich/tep/ghi", data={**hidden(shown.text), "quay_lai": "1"})
    assert "1 ngày mới" in back.text
    done = admin.get(admin.post("/quan-tri/lich/tep/ghi", data=hidden(shown.text)).location)
    assert "Đã ghi 1 ngày vào lịch. 1 kiến nghị đổi hạn." in done.text
    assert clock(one).due_at == NEXT_DAY


def test_the_days_by_law_are_shown_first(late: Late, admin: FlaskClient) -> None:
    db.session.execute(sa.delete(CalendarDay).where(CalendarDay.on == date(2026, 11, 24)))
    db.session.commit()
    open_tickets(late, due_at=DUE_LATER.replace(day=7))
    shown = admin.post("/quan-tri/lich/2026/theo-luat", data={})
    assert "1 kiến nghị đổi hạn." in shown.text
    back = admin.post("/quan-tri/lich/2026/theo-luat", data={**hidden(shown.text), "quay_lai": "1"})
    assert back.status_code == 302
    assert redated() == 0
    assert admin.post("/quan-tri/lich/2026/theo-luat", data=hidden(shown.text)).status_code == 302
    assert redated() == 1
