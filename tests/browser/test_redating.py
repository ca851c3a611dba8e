"""The preview of a changed calendar: readable on a phone, gone back from, confirmed once however often it is clicked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Site, faults, overflow
from tests.conftest import NOW
from tests.stories import LIGHTS, Ward
from tracker.db.base import db
from tracker.db.tables.deadlines import CalendarDay
from tracker.db.tables.tickets import TicketEvent
from tracker.domain.people import Actor, Role

pytestmark = pytest.mark.browser

Enter = Callable[[Actor], Page]
HELD_ON = "03/12/2026"
NAME = "Kiểm kê cuối năm"


def look(page: Page) -> None:
    """No fault that axe knows, nothing wider than the screen."""
    assert faults(page) == []
    assert overflow(page) <= 0


def rows() -> tuple[int, int]:
    """Return how many days of that name the calendar has, and how many dates were moved."""
    db.session.rollback()
    days = sa.select(sa.func.count()).select_from(CalendarDay).where(CalendarDay.name == NAME)
    moves = sa.select(sa.func.count()).select_from(TicketEvent).where(TicketEvent.act == "redated")
    return db.session.scalar(days) or 0, db.session.scalar(moves) or 0


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_what_a_new_day_off_moves_is_shown_gone_back_from_and_confirmed_once(
    site: Site, enter: Enter, screen: dict[str, int], page: Page
) -> None:
    ward = Ward(site.make, site.app.extensions["tracker"].clock)
    (ticket_id,) = ward.file(LIGHTS)
    old = ward.ticket(ticket_id).due_at
    admin = site.make.person(Role.ADMINISTRATOR, ward.province, "quantri")
    page.set_viewport_size(screen)

    enter(admin).goto(f"{site.url}/quan-tri/lich/ngay")
    page.get_by_label("Ngày", exact=True).fill(HELD_ON)
    page.get_by_label("Tên ngày, lý do").fill(NAME)
    page.get_by_label("Ngày nghỉ lễ, tết").check()
    page.get_by_label("Nguồn", exact=True).fill("Thông báo 5-TB/ĐU")
    page.get_by_role("button", name="Lưu").click()
    heading = page.get_by_role("heading", name="Xem trước: hạn nào thay đổi")
    expect(heading).to_be_visible()
    expect(page.get_by_text("kiến nghị đổi hạn").first).to_be_visible()
    expect(page.get_by_text(ward.ticket(ticket_id).number).first).to_be_visible()
    look(page)
    assert rows() == (0, 0)

    page.get_by_role("button", name="Quay lại sửa").click()
    expect(page.get_by_label("Tên ngày, lý do")).to_have_value(NAME)
    look(page)
    page.get_by_role("button", name="Lưu").click()
    expect(heading).to_be_visible()
    page.wait_for_load_state("load")
    page.get_by_role("button", name="Xác nhận").dblclick()
    expect(page.get_by_text("Đã lưu ngày này vào lịch.")).to_be_visible()
    look(page)

    days, moves = rows()
    assert days == 1
    assert moves == len(moves_of(ticket_id))
    assert ward.ticket(ticket_id).due_at == old + timedelta(days=1)
    assert old > NOW


def moves_of(ticket_id: int) -> list[TicketEvent]:
    """Return the ticket's moves, one a clock: none was moved twice."""
    found = db.session.scalars(sa.select(TicketEvent).filter_by(ticket_id=ticket_id, act="redated")).all()
    kinds = [event.details["clock"] for event in found]
    assert len(kinds) == len(set(kinds))
    assert "answer" in kinds
    return list(found)
