"""A line that holds several matters, divided on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Site, faults, overflow
from tests.browser.sheet_typing import raise_concern, rows
from tests.stories import Ward
from tracker.db.base import db
from tracker.db.tables.meetings import SheetDraft
from tracker.domain.people import Actor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TWO = "Mất điện cả xóm từ sáng. Rãnh thoát nước ngõ 12 bị tắc, mưa là ngập."


@pytest.fixture
def sheet_page(site: Site, enter: Callable[[Actor], Page]) -> Page:
    """The sheet's page with one line of two matters, kept as a draft already."""
    ward = Ward(site.make, site.app.extensions["tracker"].clock)
    db.session.rollback()
    page = enter(ward.secretary)
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="Mở phiếu họp mới").click()
    page.get_by_label("Nơi họp").fill("Nhà văn hóa")
    raise_concern(page, TWO)
    expect(page.get_by_text("Đã lưu nháp")).to_be_visible()
    return page


def test_the_button_divides_the_line_and_keeps_the_rest(sheet_page: Page) -> None:
    page = sheet_page
    page.get_by_role("button", name="Tách thành từng việc").click()

    expect(page.locator("[data-concern]")).to_have_count(2)
    expect(page.get_by_text("Đã tách thành 2 ý kiến")).to_be_visible()
    expect(page.get_by_label("Nơi họp")).to_have_value("Nhà văn hóa")
    assert faults(page) == []
    assert overflow(page) <= 0
    page.get_by_label("Nơi họp").fill("Đình làng")
    expect(page.get_by_text("Đã lưu nháp")).to_be_visible()
    assert rows(SheetDraft) == 1


def test_with_a_dead_line_the_page_stays_as_it_is(sheet_page: Page) -> None:
    page = sheet_page
    page.route("**/phieu-hop/**", lambda route: route.abort())
    page.get_by_role("button", name="Tách thành từng việc").click()

    expect(page.locator("[data-bar-words]")).to_contain_text("mất mạng", ignore_case=True)
    expect(page.locator("[data-concern]")).to_have_count(1)
    expect(page.get_by_label("Nội dung", exact=True)).to_have_value(TWO)
