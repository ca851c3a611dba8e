"""The leader's and the office's screens in a real browser: figures and their rows, classes, the quarter's report."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Site, faults, overflow
from tests.conftest import NOW
from tests.stories import Ward
from tests.web.test_assessments import WHY, Scored
from tracker.adapters.files import FolderStore
from tracker.adapters.pdf import WeasyPrintWriter
from tracker.db.base import db
from tracker.db.tables.reports import QuarterReport
from tracker.domain.people import Actor
from tracker.paths import template_root
from tracker.services.compiling import Press, compile_report

pytestmark = pytest.mark.browser

Enter = Callable[[Actor], Page]


def check_page(page: Page) -> None:
    """No fault that axe knows, nothing wider than the screen."""
    page.wait_for_load_state()
    assert faults(page) == []
    assert overflow(page) <= 0


@pytest.fixture
def ward(site: Site) -> Ward:
    """A ward with a scored meeting of November and two concerns."""
    scored = Scored(site.make, lambda: NOW)
    scored.sheets = 1
    scored.file(
        "Đèn đường tắt năm bóng ở ngõ 12, tối không ai dám đi", "Rãnh thoát nước đầu thôn tắc từ tháng 9"
    )
    db.session.rollback()
    return scored


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_figure_leads_to_its_rows_and_a_meeting_to_its_class(
    site: Site, enter: Enter, ward: Ward, page: Page, screen: dict[str, int]
) -> None:
    page.set_viewport_size(screen)
    enter(ward.leader)
    page.get_by_role("link", name="Toàn cảnh").click()
    expect(page.get_by_role("heading", name="Đảng ủy phường Tam Sơn")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="kiến nghị nêu trong kỳ").click()
    expect(page.get_by_text("2 dòng")).to_be_visible()
    check_page(page)

    page.get_by_role("link", name="Xếp loại", exact=True).click()
    check_page(page)
    page.locator("table.rows a").first.click()
    check_page(page)
    page.get_by_label("Trung bình").check()
    page.get_by_role("button", name="Quyết định").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_label("Trung bình")).to_be_checked()
    check_page(page)
    page.get_by_label("Lý do").fill(WHY)
    page.get_by_role("button", name="Quyết định").dblclick()
    expect(page.get_by_text("Đã quyết định mức Trung bình.")).to_be_visible()


def compiled(site: Site, page: Page) -> None:
    """Do what the worker does with the report that the page shows."""
    parts = site.app.extensions["tracker"]
    press = Press(
        parts.wiring,
        WeasyPrintWriter(template_root() / "pdf"),
        FolderStore(parts.settings.folder.files),
        parts.clock,
    )
    assert compile_report(int(page.url.rpartition("/")[2]), press)
    db.session.rollback()


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_report_shows_how_far_it_is_and_then_itself(
    site: Site, enter: Enter, ward: Ward, page: Page, screen: dict[str, int]
) -> None:
    page.set_viewport_size(screen)
    enter(ward.office)
    page.get_by_role("link", name="Báo cáo quý").click()
    check_page(page)
    page.get_by_role("link", name="Lập báo cáo").first.click()
    check_page(page)
    page.get_by_label("Ngày chốt số liệu").fill("26/11/2026")
    page.get_by_role("button", name="Lập báo cáo").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    check_page(page)
    page.get_by_label("Ngày chốt số liệu").fill("25/11/2026")
    page.get_by_role("button", name="Lập báo cáo").dblclick()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("link", name="Xem lại tiến độ")).to_be_visible()
    check_page(page)

    compiled(site, page)
    expect(page.get_by_role("link", name="Xem PDF")).to_be_visible(timeout=15_000)
    check_page(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải về").click()
    assert download.value.suggested_filename == "Báo cáo quý IV năm 2026 – Đảng ủy phường Tam Sơn.pdf"
    page.get_by_role("link", name="Viết, ghi số và ngày ký").click()
    expect(page.get_by_role("heading", name="Số liệu cho thấy")).to_be_visible()
    check_page(page)
    page.get_by_label("V- Hạn chế, nguyên nhân").fill("Một số chi bộ trả lời chậm.")
    page.get_by_label("Ngày ký").fill("01/10/2026")
    page.get_by_role("button", name="Lưu và dựng lại PDF").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("Ngày ký không thể trước")
    expect(page.get_by_label("V- Hạn chế, nguyên nhân")).to_have_value("Một số chi bộ trả lời chậm.")
    check_page(page)


def test_a_failed_report_says_why_and_is_started_again(
    site: Site, enter: Enter, ward: Ward, page: Page
) -> None:
    report = QuarterReport(
        unit_id=ward.ward, quarter="2026Q4", period_from=date(2026, 10, 1), period_to=date(2027, 1, 1),
        cutoff_on=date(2026, 11, 25), state="failed", error="Không ghi được tệp PDF (hết chỗ).",
        requested_by=ward.office.account_id, requested_at=NOW,
    )  # fmt: skip
    db.session.add(report)
    db.session.commit()
    page.set_viewport_size(PHONE)
    enter(ward.office).goto(f"{site.url}/bao-cao-quy/{report.id}")
    expect(page.get_by_text("hết chỗ")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Chạy lại").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
