"""A sheet whose request dies on the way: nothing typed is lost, one sheet results, nobody else finds it on the device."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect
from sqlalchemy import select

from tests.browser.conftest import PHONE, Site, faults, leave, overflow
from tests.browser.sheet_typing import fill_meeting, on_device, raise_concern, rows, submit
from tests.conftest import NOW
from tests.sheets import sheet
from tracker.db.base import db
from tracker.db.tables.meetings import Meeting, SheetDraft
from tracker.db.tables.tickets import Ticket
from tracker.domain.people import Actor, Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Enter = Callable[[Actor], Page]

LAMP = "Đèn đường xóm Đông hỏng từ tháng 9, tối đi lại khó"
SHEET = "**/phieu-hop/**"
SAVED = "Đã lưu nháp lúc"


def gone(route: Route) -> None:
    """The network dies before anything leaves the phone."""
    route.abort("internetdisconnected")


def answer_lost(route: Route) -> None:
    """The server does the work; its answer never comes back."""
    route.fetch()
    route.abort("connectionreset")


def bad_gateway(route: Route) -> None:
    """The proxy answers in the application's place."""
    route.fulfill(status=502, content_type="text/html", body="<h1>502 Bad Gateway</h1>")


@pytest.fixture
def branch(site: Site) -> int:
    """A branch that met in October, so that the next sheet is filled in from the last."""
    branch = site.make.ward()[2]
    october = sheet(branch, request_key="thang-muoi", held_on=date(2026, 10, 3))
    submit(site, site.make.person(Role.BRANCH_SECRETARY, branch), NOW - timedelta(days=52), october)
    return branch


@pytest.fixture
def secretary(site: Site, branch: int) -> Actor:
    return site.make.person(Role.BRANCH_SECRETARY, branch, "bithu.tamson")


@pytest.fixture
def typed(site: Site, enter: Enter, secretary: Actor, page: Page) -> Page:
    """A sheet typed on a phone and kept by the server as a draft, not yet sent."""
    page.set_viewport_size(PHONE)
    enter(secretary).goto(f"{site.url}/phieu-hop/moi")
    page.get_by_label("Buổi này chi bộ chưa chấm điểm, sẽ chấm sau").check()
    fill_meeting(page)
    raise_concern(page, LAMP)
    expect(page.locator("[data-bar-words]")).to_contain_text(SAVED)
    return page


def refuse_posts(page: Page, refuse: Callable[[Route], None]) -> None:
    """Let all that the sheet sends, drafts too, meet that fate; pages still come."""
    page.route(SHEET, lambda route: refuse(route) if route.request.method == "POST" else route.continue_())


def send(page: Page, button: str = "Gửi phiếu") -> None:
    page.get_by_role("button", name=button).click()


def told(page: Page) -> None:
    """Wait until the page says that it isn't sure, and holds all that was typed."""
    expect(page.get_by_role("alert")).to_contain_text("Mọi điều đã gõ vẫn còn trên trang này")
    expect(page.get_by_label("Nội dung", exact=True)).to_have_value(LAMP)
    expect(page.get_by_label("Có mặt")).to_have_value("25")


@pytest.mark.parametrize(("fate", "already"), [(gone, 1), (answer_lost, 2), (bad_gateway, 1)])
def test_a_sheet_whose_request_dies_stays_and_is_sent_again_as_one(
    typed: Page, fate: Callable[[Route], None], already: int
) -> None:
    refuse_posts(typed, fate)
    send(typed)
    told(typed)
    assert (faults(typed), overflow(typed) <= 0, on_device(typed)) == ([], True, 1)
    assert rows(Meeting) == already

    send(typed, "Gửi lại")
    told(typed)
    typed.unroute(SHEET)
    send(typed, "Gửi lại")
    typed.wait_for_url("**/da-gui")
    assert (rows(Meeting), rows(Ticket), rows(SheetDraft), on_device(typed)) == (2, 1, 0, 0)


def test_a_double_click_sends_one_request(typed: Page) -> None:
    sent: list[str] = []
    typed.on("request", lambda request: sent.append(request.method) if "/moi?" in request.url else None)
    typed.get_by_role("button", name="Gửi phiếu").dblclick()
    typed.wait_for_url("**/da-gui")

    assert sent == ["POST"]
    assert (rows(Meeting), rows(Ticket)) == (2, 1)


def test_what_is_changed_after_a_lost_answer_is_neither_dropped_nor_filed_twice(typed: Page) -> None:
    refuse_posts(typed, answer_lost)
    send(typed)
    told(typed)
    typed.unroute(SHEET)
    typed.get_by_label("Nơi họp").fill("Đình làng Tam Sơn")
    send(typed, "Gửi lại")

    expect(typed.get_by_text("Phiếu này đã được gửi trước đó").first).to_be_visible()
    expect(typed.get_by_label("Nơi họp")).to_have_value("Đình làng Tam Sơn")
    expect(typed.get_by_role("link", name="Xem phiếu đã gửi")).to_be_visible()
    assert faults(typed) == []
    assert (rows(Meeting), rows(Ticket), on_device(typed)) == (2, 1, 1)
    assert db.session.scalars(select(Meeting.place)).all() == ["Nhà văn hóa thôn"] * 2


def test_a_tab_that_was_closed_without_network_is_taken_up_again(
    typed: Page, site: Site, context: BrowserContext
) -> None:
    context.set_offline(True)
    typed.get_by_label("Nơi họp").fill("Đình làng Tam Sơn")
    expect(typed.locator("[data-bar-words]")).to_contain_text("Mất mạng")
    address = typed.url
    typed.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)

    expect(page.get_by_label("Nơi họp")).to_have_value("Đình làng Tam Sơn")
    expect(page.get_by_label("Nội dung", exact=True)).to_have_value(LAMP)
    send(page)
    page.wait_for_url("**/da-gui")
    assert (rows(Meeting), rows(Ticket), on_device(page)) == (2, 1, 0)


def test_a_tab_closed_before_the_answer_came_finds_its_sheet_sent(
    typed: Page, context: BrowserContext
) -> None:
    refuse_posts(typed, answer_lost)
    send(typed)
    told(typed)
    address = typed.url
    assert on_device(typed) == 1
    typed.close()
    page = context.new_page()
    page.goto(address)

    expect(page.get_by_text("Phiếu này đã được gửi.")).to_be_visible()
    expect(page.get_by_text(LAMP)).to_be_visible()
    assert on_device(page) == 0


def test_a_sheet_the_server_cannot_take_up_is_offered_and_can_be_dropped(typed: Page, site: Site) -> None:
    refuse_posts(typed, answer_lost)
    send(typed)
    told(typed)
    typed.unroute(SHEET)
    typed.get_by_label("Nơi họp").fill("Đình làng Tam Sơn")
    expect(typed.locator("[data-bar-words]")).to_contain_text("Phiếu này đã được gửi.")
    typed.goto(f"{site.url}/")
    typed.get_by_role("link", name="Mở phiếu gõ dở").click()
    expect(typed.get_by_role("button", name="Bỏ phiếu gõ dở")).to_be_visible()
    assert (faults(typed), overflow(typed) <= 0) == ([], True)
    typed.get_by_role("button", name="Mở phiếu gõ dở").click()
    expect(typed.get_by_label("Nơi họp")).to_have_value("Đình làng Tam Sơn")

    typed.goto(f"{site.url}/phieu-hop/moi")
    typed.get_by_role("button", name="Bỏ phiếu gõ dở").click()
    expect(typed.get_by_role("button", name="Bỏ phiếu gõ dở")).to_be_hidden()
    assert on_device(typed) == 0


def left_on_device(page: Page, site: Site) -> None:
    """Type without network and go to the desk: one sheet waits on the device."""
    refuse_posts(page, gone)
    send(page)
    told(page)
    page.goto(f"{site.url}/")
    page.unroute(SHEET)
    expect(page.get_by_role("link", name="Mở phiếu gõ dở")).to_be_visible()
    assert on_device(page) == 1


@pytest.mark.parametrize(("agrees", "left"), [(False, 1), (True, 0)])
def test_log_out_asks_and_then_empties_the_device(typed: Page, site: Site, agrees: bool, left: int) -> None:
    asked: list[str] = []

    def reply(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept() if agrees else dialog.dismiss()

    left_on_device(typed, site)
    typed.on("dialog", reply)
    typed.get_by_role("button", name="Đăng xuất").click()
    if agrees:
        typed.wait_for_url("**/dang-nhap")

    assert len(asked) == 1
    assert on_device(typed) == left


def test_another_person_on_the_same_phone_finds_nothing(
    typed: Page, site: Site, enter: Enter, branch: int
) -> None:
    left_on_device(typed, site)
    leave(typed)
    enter(site.make.person(Role.BRANCH_SECRETARY, branch, "phobithu"))

    expect(typed.get_by_role("link", name="Mở phiếu họp mới")).to_be_visible()
    expect(typed.get_by_role("link", name="Mở phiếu gõ dở")).to_be_hidden()
    assert "Đèn đường" not in typed.evaluate("JSON.stringify(localStorage)")


def test_the_same_person_finds_it_after_the_session_has_ended(
    typed: Page, site: Site, enter: Enter, secretary: Actor
) -> None:
    left_on_device(typed, site)
    leave(typed)
    enter(secretary)

    expect(typed.get_by_role("link", name="Mở phiếu gõ dở")).to_be_visible()


@pytest.mark.parametrize(("days", "left"), [(6, 1), (8, 0)])
def test_nothing_stays_on_the_device_longer_than_a_week(
    typed: Page, site: Site, days: int, left: int
) -> None:
    left_on_device(typed, site)
    typed.evaluate(
        """days => { for (const name of Object.keys(localStorage).filter(one => one.startsWith("sheet:"))) {
            const sheet = JSON.parse(localStorage.getItem(name));
            localStorage.setItem(name, JSON.stringify({...sheet, at: sheet.at - days * 86400000}));
        } }""",
        days,
    )
    typed.goto(f"{site.url}/phieu-hop")

    assert on_device(typed) == left
