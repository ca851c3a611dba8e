"""An answer's clock from end to end: paused, gone on with, more time asked for and granted, told to the branch."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Site, faults, leave, overflow
from tests.conftest import NOW
from tests.stories import LIGHTS, Ward
from tracker.domain.dates import date_words, local_date
from tracker.domain.people import Actor
from tracker.services import tickets

pytestmark = pytest.mark.browser

Enter = Callable[[Actor], Page]

WHY = "Chờ điện lực cắt điện để thay cột"


def look(page: Page) -> None:
    """No fault that axe knows, nothing wider than the screen, one main action at most."""
    assert faults(page) == []
    assert overflow(page) <= 0
    assert page.locator(".acts .button-main:visible").count() <= 1


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_clock_is_paused_gone_on_with_and_extended(
    site: Site, enter: Enter, screen: dict[str, int], page: Page
) -> None:
    clock = site.app.extensions["tracker"].clock
    ward = Ward(site.make, clock)
    (ticket_id,) = ward.file(LIGHTS)
    ward.do(ward.official, tickets.acknowledge, ticket_id, 1)
    old = ward.ticket(ticket_id).due_at
    clock.now = NOW + timedelta(days=1)
    page.set_viewport_size(screen)

    enter(ward.official).get_by_role("link", name=LIGHTS).click()
    look(page)
    page.get_by_text("Tạm dừng tính thời hạn").click()
    look(page)
    page.get_by_label("Vì sao phải tạm dừng").fill(WHY)
    page.get_by_role("button", name="Tạm dừng").click()
    look(page)
    expect(page.get_by_role("link", name="Ghi ngày sẽ làm tiếp.")).to_be_visible()
    expect(page.get_by_label("Vì sao phải tạm dừng")).to_have_value(WHY)
    page.get_by_label("Hẹn làm tiếp từ ngày").fill("30112026")
    page.get_by_role("button", name="Tạm dừng").dblclick()
    expect(page.get_by_text("Tạm dừng đến 30/11/2026").first).to_be_visible()
    look(page)

    page.goto(site.url)
    expect(page.get_by_text("Tạm dừng đến 30/11/2026").first).to_be_visible()
    look(page)
    page.get_by_role("link", name=LIGHTS).click()
    clock.now += timedelta(hours=26)
    page.get_by_role("button", name="Làm tiếp ngay").click()
    expect(page.get_by_text("Thời hạn chạy tiếp từ bây giờ.")).to_be_visible()
    moved = ward.ticket(ticket_id).due_at

    page.get_by_text("Đề nghị gia hạn", exact=True).click()
    page.get_by_label("Xin thêm bao nhiêu").fill("15")
    page.get_by_label("Vì sao cần thêm thời gian").fill("Phải đo đạc lại cả tuyến đường")
    page.get_by_role("button", name="Gửi đề nghị").click()
    look(page)
    page.get_by_label("Xin thêm bao nhiêu").fill("5")
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.get_by_text("Đã gửi đề nghị gia hạn.")).to_be_visible()
    look(page)
    leave(page)

    enter(ward.leader)
    expect(page.get_by_role("heading", name="Đơn vị xin gia hạn, chờ quyết định")).to_be_visible()
    look(page)
    page.get_by_role("link", name=LIGHTS).first.click()
    look(page)
    page.get_by_label("Đồng ý gia hạn").check()
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.get_by_text("Đã ghi quyết định về gia hạn.")).to_be_visible()
    look(page)
    new = ward.ticket(ticket_id).due_at
    leave(page)

    assert old < moved < new
    enter(ward.secretary).goto(f"{site.url}/phieu-bao-lai")
    expect(page.get_by_text(f"hạn trả lời {date_words(local_date(new))}")).to_be_visible()
    look(page)
