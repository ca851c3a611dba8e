"""One concern from the meeting to its end, each person at the own screen: raised, answered, refused, answered, accepted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Site, faults, leave, overflow
from tests.stories import Ward
from tracker.db.base import db
from tracker.domain.people import Actor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Enter = Callable[[Actor], Page]

DRAIN = "Rãnh thoát nước ngõ 5 tắc, mưa là ngập vào nhà dân"
FIRST, SECOND = "Phòng đã giao tổ thoát nước xem xét.", "Đã nạo vét xong toàn tuyến rãnh ngõ 5."
WHY = "Mới hứa xem xét, mưa hôm qua vẫn ngập"


def check_page(page: Page) -> None:
    """No fault that axe knows, nothing wider than the screen."""
    assert faults(page) == []
    assert overflow(page) <= 0


@pytest.fixture
def ward(site: Site) -> Ward:
    ward = Ward(site.make, site.app.extensions["tracker"].clock)
    db.session.rollback()
    return ward


@pytest.fixture
def as_person(enter: Enter, page: Page) -> Callable[[Actor, dict[str, int]], Page]:
    """Return a function that ends the one's session and seats the next before a screen of that size."""

    def sit_down(actor: Actor, screen: dict[str, int]) -> Page:
        leave(page)
        page.set_viewport_size(screen)
        return enter(actor)

    return sit_down


def open_sheet(page: Page, day: str, kind: str) -> None:
    page.get_by_role("link", name="Mở phiếu họp mới").click()
    page.wait_for_load_state("load")
    page.get_by_role("radio", name=kind, exact=True).check()
    page.get_by_label("Ngày họp").fill(day)
    page.get_by_label("Bắt đầu").fill("19:00")
    page.get_by_label("Kết thúc").fill("20:45")
    page.get_by_label("Nơi họp").fill("Nhà văn hóa")
    page.get_by_label("Người chủ trì", exact=True).fill("Nguyễn Văn Chủ")
    page.get_by_label("Thư ký ghi biên bản").fill("Trần Thị Ghi")
    page.get_by_label("Đảng viên chính thức").fill("27")
    page.get_by_label("Có mặt").fill("27")
    page.get_by_label("Vắng có lý do").fill("0")
    page.get_by_label("Buổi này chi bộ chưa chấm điểm, sẽ chấm sau").check()


def send(page: Page) -> None:
    page.get_by_role("button", name="Gửi phiếu").dblclick()
    page.wait_for_url("**/da-gui")
    check_page(page)


def answer_it(page: Page, text: str) -> None:
    page.get_by_role("link", name=DRAIN).first.click()
    page.wait_for_load_state("load")
    page.locator("#text").fill(text)
    page.get_by_role("button", name="Xem trước câu trả lời").click()
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_text("Chờ bí thư báo lại chi bộ")).to_be_visible()


def test_a_concern_ends_only_when_the_branch_accepts_the_answer(
    site: Site, ward: Ward, as_person: Callable[[Actor, dict[str, int]], Page]
) -> None:
    clock = site.app.extensions["tracker"].clock
    page = as_person(ward.secretary, PHONE)
    open_sheet(page, "03/11/2026", "Sinh hoạt thường kỳ")
    page.get_by_role("button", name="Thêm ý kiến").click()
    page.get_by_label("Nội dung", exact=True).fill(DRAIN)
    send(page)

    answer_it(as_person(ward.official, DESKTOP), FIRST)
    check_page(page)
    page = as_person(ward.secretary, PHONE)
    page.get_by_role("link", name="Phiếu báo lại chi bộ").click()
    expect(page.get_by_text(FIRST)).to_be_visible()
    check_page(page)
    page.goto(site.url)
    open_sheet(page, "24/11/2026", "Sinh hoạt chuyên đề")
    page.get_by_role("radio", name="Chưa đồng ý", exact=True).check()
    page.get_by_label("Vì sao chưa đồng ý").fill(WHY)
    send(page)
    expect(page.get_by_text("Đã báo: Người đứng đầu đơn vị xử lý")).to_be_visible()

    page = as_person(ward.head, DESKTOP)
    expect(page.get_by_text("Lên cấp: Người đứng đầu đơn vị xử lý").first).to_be_visible()
    expect(page.get_by_text("Hết hạn: báo")).to_have_count(0)
    check_page(page)
    answer_it(page, SECOND)
    assert ward.ticket(1).status == "answered"

    clock.now += timedelta(days=9)
    page = as_person(ward.secretary, PHONE)
    open_sheet(page, "03/12/2026", "Sinh hoạt thường kỳ")
    expect(page.get_by_text(SECOND)).to_be_visible()
    page.get_by_role("radio", name="Đồng ý", exact=True).check()
    send(page)
    expect(page.get_by_text("chi bộ đồng ý, kiến nghị kết thúc.")).to_be_visible()
    assert ward.ticket(1).status == "accepted"

    clock.now += timedelta(minutes=1)
    page = as_person(ward.leader, DESKTOP)
    page.get_by_role("link", name="Toàn cảnh").click()
    figure = page.get_by_role("link", name="chi bộ đồng ý, trên số đã trả lời")
    expect(figure).to_contain_text("1/1")
    check_page(page)
    figure.click()
    expect(page.get_by_text(DRAIN)).to_be_visible()
    check_page(page)
