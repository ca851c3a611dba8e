"""An official and the office at their work, on a phone and on a desktop."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Site, faults, overflow
from tests.stories import ANSWER, LIGHTS, UNPLACED, Ward
from tracker.domain.people import Actor, Role

pytestmark = pytest.mark.browser

Enter = Callable[[Actor], Page]


def check_page(page: Page) -> None:
    """No fault that axe knows, nothing wider than the screen."""
    assert faults(page) == []
    assert overflow(page) <= 0


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_official_finds_what_is_due_and_answers_it(
    site: Site, enter: Enter, screen: dict[str, int], page: Page
) -> None:
    ward = Ward(site.make, site.app.extensions["tracker"].clock)
    ward.file(LIGHTS)
    page.set_viewport_size(screen)
    enter(ward.official)
    check_page(page)
    page.get_by_role("link", name=LIGHTS).click()
    check_page(page)
    page.get_by_text("Vì sao hạn là").click()
    expect(page.get_by_text("ngày đầu, không tính")).to_be_visible()
    page.get_by_role("button", name="Tiếp nhận").click()
    expect(page.get_by_text("Đơn vị báo đã tiếp nhận.")).to_be_visible()

    page.get_by_role("button", name="Xem trước câu trả lời").click()
    expect(page).to_have_title("Lỗi: Kiến nghị TAS-2026-0001 – Bám cơ sở")
    check_page(page)
    page.get_by_role("link", name="Hãy ghi câu trả lời cho chi bộ.").click()
    expect(page.locator("#text")).to_be_focused()
    page.locator("#text").fill(ANSWER)
    page.get_by_role("button", name="Xem trước câu trả lời").click()
    expect(page.get_by_role("heading", name="Chi bộ sẽ nghe như sau:")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Gửi trả lời").dblclick()
    expect(page.get_by_text("Đã gửi trả lời.")).to_be_visible()
    expect(page.get_by_text("Chờ bí thư báo lại chi bộ")).to_be_visible()


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_office_places_what_waits(site: Site, enter: Enter, screen: dict[str, int], page: Page) -> None:
    ward = Ward(site.make, site.app.extensions["tracker"].clock)
    ward.file(LIGHTS, UNPLACED)
    page.set_viewport_size(screen)
    enter(ward.office)
    check_page(page)
    for path in ("/kien-nghi", "/kien-nghi?state=accepted", "/thong-bao", "/phan-loai"):
        page.goto(site.url + path)
        check_page(page)
    page.get_by_role("button", name="Giao").click()
    check_page(page)
    page.get_by_label("Chuyển đơn vị").select_option(label="Phòng Kinh tế, Hạ tầng và Đô thị")
    page.get_by_role("button", name="Giao đơn vị").click()
    expect(page.get_by_text("Đã chuyển đơn vị xử lý.")).to_be_visible()
    enter_again = page.goto(site.url + "/phan-loai")
    assert enter_again is not None
    expect(page.get_by_text("Không có kiến nghị nào chờ phân loại.")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_head_takes_one_line_and_a_state_in_a_list_too(
    site: Site, enter: Enter, width: int, page: Page
) -> None:
    ward = Ward(site.make, site.app.extensions["tracker"].clock)
    ward.file(LIGHTS, UNPLACED, "Rãnh thoát nước cuối ngõ 9 tắc, cứ mưa to là nước tràn vào sân nhà dân")
    long = "Ngô Huy Bằng, Văn phòng Đảng ủy phường Tam Sơn"
    office = site.make.person(Role.OFFICE, ward.ward, display_name=long)
    page.set_viewport_size({"width": width, "height": 800})
    enter(office).goto(f"{site.url}/kien-nghi")

    assert height(page, ".masthead") < 64
    assert {tag.evaluate(LINES) for tag in page.locator(".rows .tag").all()} == {1}
    assert overflow(page) <= 0
    page.get_by_role("link", name=long).click()
    expect(page.get_by_text(long, exact=True)).to_be_visible()


def test_a_tag_on_two_lines_is_seen(site: Site, enter: Enter, page: Page) -> None:
    """The negative control: as narrow as a fixed first column left it."""
    ward = Ward(site.make, site.app.extensions["tracker"].clock)
    ward.file(UNPLACED)
    enter(ward.office)
    tag = page.locator(".rows .tag").first
    tag.evaluate("tag => { tag.style.whiteSpace = 'normal'; tag.style.width = '90px'; }")

    assert tag.evaluate(LINES) > 1


LINES = "tag => Math.round(tag.clientHeight / parseFloat(getComputedStyle(tag).lineHeight))"
"""How many lines a tag's words take."""


def height(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["height"]
