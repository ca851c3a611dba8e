"""A branch secretary's evening in a real browser: seven concerns on a phone, sent once, and brought back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import select

from tests.browser.conftest import DESKTOP, PHONE, Site, faults, overflow
from tests.browser.sheet_typing import at, fill_meeting, on_device, raise_concern, rows, submit
from tests.conftest import NOW
from tests.sheets import concern, sheet
from tracker.db.base import db
from tracker.db.tables.meetings import Meeting, SheetDraft
from tracker.db.tables.tickets import Ticket
from tracker.domain.people import Actor, Role
from tracker.services.reference import reference_on
from tracker.services.tickets import answer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Enter = Callable[[Actor], Page]

ANSWER = "Phòng đã cho nạo vét toàn tuyến rãnh ngõ 12 dài 180 mét."
RAISED = (
    "Nước thải làng nghề chảy ra mương, mùi hôi nặng",
    "Con đường vào nghĩa trang sụt lún hố to",
    "Den duong xom Dong hong tu thang 9",
    "Đề nghị mở lớp tập huấn chuyển đổi số cho người cao tuổi",
    "Bãi rác tự phát cạnh trường mầm non",
    "Đề nghị công khai khoản thu quỹ thôn",
    "Thanh niên tụ tập đua xe buổi tối trên đường trục",
)


@pytest.fixture
def secretary(site: Site) -> Actor:
    """The secretary of a branch whose October concern has been answered, and whose last sheet fills the next."""
    _province, ward, branch = site.make.ward()
    body = site.make.body("UBND_KTHT", ward, "Phòng Kinh tế, Hạ tầng và Đô thị")
    site.make.body("CA_PHUONG", ward, "Công an phường Tam Sơn")
    person, official = site.make.person(Role.BRANCH_SECRETARY, branch), site.make.person(Role.OFFICIAL, body)
    october = NOW - timedelta(days=52)
    raised = (concern("Rãnh thoát nước ngõ 12 bị tắc"), concern("Đèn đường xóm Đông hỏng"))
    command = sheet(branch, request_key="thang-muoi", held_on=date(2026, 10, 3), concerns=raised)
    submit(site, person, october, command)
    later = october + timedelta(days=9)
    first = db.session.execute(select(Ticket.id).order_by(Ticket.id)).scalars().first()
    at(
        site,
        official,
        later,
        lambda u: answer(first, 1, ANSWER, unit=u, reference=reference_on(u.session, later.date())),
    )
    return person


def fill_points(page: Page) -> None:
    """Give full points everywhere, as the hint beside each box says."""
    for line in page.locator(".score-line").all():
        line.get_by_role("textbox").fill(line.locator(".hint").inner_text().split()[-1])
    page.get_by_label("Số đảng viên tán thành").fill("22")
    page.get_by_label("Số đảng viên biểu quyết").fill("23")


def check_page(page: Page) -> None:
    """No fault that axe knows, nothing wider than the screen."""
    assert faults(page) == []
    assert overflow(page) <= 0


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_seven_concerns_become_seven_tickets(
    site: Site, enter: Enter, secretary: Actor, screen: dict[str, int], page: Page
) -> None:
    page.set_viewport_size(screen)
    enter(secretary)
    check_page(page)
    page.get_by_role("link", name="Mở phiếu họp mới").click()
    check_page(page)
    fill_meeting(page)
    expect(page.get_by_text("25/27 (92,5\u00a0%)", exact=True)).to_be_visible()
    expect(page.get_by_text("105 phút (yêu cầu 90 phút, đủ)")).to_be_visible()
    page.get_by_role("radio", name="Đồng ý", exact=True).check()
    for text in RAISED:
        raise_concern(page, text)
    expect(page.locator("[data-suggestion]").last).to_contain_text("Công an phường Tam Sơn")
    fill_points(page)
    expect(page.locator("[data-live=total]")).to_contain_text("100/100")
    expect(page.locator("[data-bar-words]")).to_contain_text("Đã lưu nháp lúc")
    page.get_by_role("button", name="Gửi phiếu").dblclick()
    page.wait_for_url("**/da-gui")
    check_page(page)

    assert page.locator("h2.number-head", has_text="TAS-2026-00").count() == len(RAISED)
    expect(page.get_by_text("chi bộ đồng ý, kiến nghị kết thúc.")).to_be_visible()
    assert (rows(Meeting), rows(Ticket), rows(SheetDraft)) == (2, 9, 0)


def test_what_is_wrong_is_told_at_the_top_and_beside_each_field(
    enter: Enter, secretary: Actor, page: Page
) -> None:
    page.set_viewport_size(PHONE)
    enter(secretary).goto(page.url + "phieu-hop/moi")
    fill_meeting(page)
    page.get_by_label("Có mặt").fill("24")
    raise_concern(page, "")
    page.get_by_role("button", name="Gửi phiếu").click()
    summary = page.locator("[data-error-summary]")

    expect(summary).to_be_focused()
    expect(summary).to_contain_text("thiếu 1 người")
    expect(page).to_have_title("Lỗi: Phiếu họp – Bám cơ sở")
    check_page(page)
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("Có mặt")).to_be_focused()


def test_a_page_closed_in_the_middle_goes_on_where_it_was(
    enter: Enter, secretary: Actor, page: Page, site: Site
) -> None:
    page.set_viewport_size(PHONE)
    enter(secretary).goto(f"{site.url}/phieu-hop/moi")
    fill_meeting(page)
    raise_concern(page, RAISED[0])
    expect(page.locator("[data-bar-words]")).to_contain_text("Đã lưu nháp lúc")
    page.goto(f"{site.url}/")
    page.get_by_role("link", name="Nhập tiếp bản nháp").click()
    page.wait_for_load_state("load")

    expect(page.get_by_label("Nội dung", exact=True)).to_have_value(RAISED[0])
    expect(page.get_by_label("Có mặt")).to_have_value("25")


def test_without_network_the_sheet_stays_on_the_device_and_is_kept_once_the_network_is_back(
    enter: Enter, secretary: Actor, page: Page, site: Site, context: BrowserContext
) -> None:
    enter(secretary).goto(f"{site.url}/phieu-hop/moi")
    context.set_offline(True)
    fill_meeting(page)
    expect(page.locator("[data-bar-words]")).to_contain_text("Mất mạng")
    assert on_device(page) == 1
    context.set_offline(False)
    expect(page.locator("[data-bar-words]")).to_contain_text("Đã lưu nháp lúc")

    assert rows(SheetDraft) == 1
    assert on_device(page) == 0


def test_sending_without_network_keeps_the_page_and_what_was_typed(
    enter: Enter, secretary: Actor, page: Page, site: Site, context: BrowserContext
) -> None:
    enter(secretary).goto(f"{site.url}/phieu-hop/moi")
    context.set_offline(True)
    fill_meeting(page)
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.get_by_role("alert")).to_contain_text("Mất mạng, phiếu chưa gửi được")
    expect(page.get_by_label("Có mặt")).to_have_value("25")
    context.set_offline(False)
    expect(page.locator("[data-bar-words]")).to_contain_text("Đã lưu nháp lúc")

    expect(page.get_by_role("button", name="Gửi lại")).to_be_enabled()
    assert rows(SheetDraft) == 1


def test_what_only_the_device_kept_is_taken_up_on_the_next_visit(
    enter: Enter, secretary: Actor, page: Page, site: Site, context: BrowserContext
) -> None:
    enter(secretary).goto(f"{site.url}/phieu-hop/moi")
    context.set_offline(True)
    fill_meeting(page)
    expect(page.locator("[data-bar-words]")).to_contain_text("Mất mạng")
    assert on_device(page) == 1
    page.goto("about:blank")
    context.set_offline(False)
    page.goto(f"{site.url}/phieu-hop/moi")
    page.wait_for_url("**/phieu-hop/nhap/*")

    expect(page.get_by_label("Có mặt")).to_have_value("25")
    assert on_device(page) == 0


def test_the_person_may_choose_otherwise_and_come_back_to_the_suggestion(
    enter: Enter, secretary: Actor, page: Page, site: Site
) -> None:
    enter(secretary).goto(f"{site.url}/phieu-hop/moi")
    raise_concern(page, RAISED[0])
    card = page.locator("[data-concern]")
    expect(card.locator("[data-suggestion]")).to_contain_text("Phòng Kinh tế, Hạ tầng và Đô thị")
    card.get_by_text("Đổi lĩnh vực, đơn vị trả lời, mức gấp").click()
    card.get_by_label("Đơn vị trả lời").select_option("CA_PHUONG")
    card.get_by_role("button", name="Dùng đề xuất").click()

    expect(card.get_by_label("Đơn vị trả lời")).to_have_value("")
    expect(card.get_by_role("button", name="Dùng đề xuất")).to_have_count(0)


def test_rows_are_taken_away_and_numbered_again(
    enter: Enter, secretary: Actor, page: Page, site: Site
) -> None:
    enter(secretary).goto(f"{site.url}/phieu-hop/moi")
    for text in RAISED[:3]:
        raise_concern(page, text)
    page.locator("[data-concern]").nth(1).get_by_role("button", name="Bỏ ý kiến này").click()

    expect(page.locator("[data-concern] [data-number]")).to_have_text(["1", "2"])
    expect(page.get_by_role("button", name="Thêm ý kiến")).to_be_focused()
    expect(page.get_by_label("Nội dung", exact=True).last).to_have_value(RAISED[2])


def test_the_whole_sheet_works_without_the_script(
    enter: Enter, secretary: Actor, page: Page, site: Site
) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/*.js", refuse)
    enter(secretary).goto(f"{site.url}/phieu-hop/moi")
    fill_meeting(page)
    page.get_by_label("Bắt đầu").fill("19:00")
    page.get_by_label("Kết thúc").fill("20:45")
    page.get_by_role("radio", name="Chưa bàn trong buổi này").check()
    raise_concern(page, RAISED[0])
    page.get_by_label("Buổi này chi bộ chưa chấm điểm, sẽ chấm sau").check()
    page.get_by_role("button", name="Gửi phiếu").click()
    page.wait_for_url("**/da-gui")

    assert rows(Ticket) == 3


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_other_pages_have_no_fault(
    enter: Enter, secretary: Actor, page: Page, site: Site, screen: dict[str, int]
) -> None:
    page.set_viewport_size(screen)
    enter(secretary)
    for path in ("/phieu-hop", "/phieu-bao-lai", "/phieu-hop/1", "/phieu-hop/1/da-gui", "/phieu-hop/1/sua"):
        page.goto(site.url + path)
        check_page(page)
    page.goto(f"{site.url}/phieu-bao-lai")
    expect(page.get_by_text(ANSWER)).to_be_visible()
