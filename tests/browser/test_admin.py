"""The administrator's screens in a real browser, on a phone and a desktop, in first and error state."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route, expect

from tests.makers import Makers
from tracker.domain.people import Role

pytestmark = pytest.mark.browser

HOST = "http://admin.test"
PAGES = [
    "",
    "don-vi",
    "don-vi/2",
    "quy-tac-chuyen",
    "quy-tac-chuyen/them",
    "quy-tac-chuyen/thu",
    "lich/",
    "lich/?nam=2026&cua=b1",
    "lich/ngay",
    "lich/cua",
    "lich/gio",
    "lich/gio?cua=b1",
    "lich/tep",
    "tai-khoan/",
    "tai-khoan/1",
    "tai-khoan/1/vai-tro",
    "bang-cham-diem/1",
]
SIZES = {"phone": (360, 740), "desktop": (1280, 900)}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium"}


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, database_url: str) -> str:
    """One kind of database is enough for what a browser shows."""
    return database_url


@pytest.fixture
def screens(page: Page, app: Flask, make: Makers) -> FlaskClient:
    """Serve the application to the browser without a socket, the administrator logged in."""
    province, ward, _ = make.ward()
    make.body("UBND_KTHT", ward, "Phòng Kinh tế, Hạ tầng và Đô thị")
    # The browser's requests come from outside the test's own context, so a plain client answers them.
    plain = FlaskClient(app, app.response_class)
    client = make.log_in(make.person(Role.ADMINISTRATOR, province, "quantri"), plain)
    page.emulate_media(reduced_motion="reduce")

    def answer(route: Route) -> None:
        request = route.request
        reply = client.open(
            request.url.removeprefix(HOST),
            method=request.method,
            data=request.post_data,
            content_type=request.headers.get("content-type"),
            follow_redirects=True,
            buffered=True,
        )
        headers = {name: value for name, value in reply.headers if name.lower() != "set-cookie"}
        route.fulfill(status=reply.status_code, body=reply.data, headers=headers)

    page.route(f"{HOST}/**", answer)
    return client


def violations(page: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA, in words."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    # The page's own policy forbids scripts that are not ours; the check is put in from outside.
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    return [
        f"{one['id']}: {[node['html'] for node in one['nodes']][:2]}" for one in found.response["violations"]
    ]


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_fits_its_width_and_has_no_barrier(page: Page, screens: FlaskClient, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    for path in PAGES:
        page.goto(f"{HOST}/quan-tri/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        assert violations(page) == [], path


@pytest.mark.parametrize("size", SIZES)
def test_a_form_with_errors_has_no_barrier_and_leads_to_the_field(
    page: Page, screens: FlaskClient, size: str
) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{HOST}/quan-tri/linh-vuc/them")
    page.get_by_label("Mã", exact=True).fill("có dấu")
    page.get_by_role("button", name="Lưu").click()

    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_label("Mã", exact=True)).to_have_value("có dấu")
    assert page.title().startswith("Lỗi:")
    assert violations(page) == []


def test_a_change_is_typed_and_stands_in_the_list_as_coming(page: Page, screens: FlaskClient) -> None:
    page.goto(f"{HOST}/quan-tri/thoi-han")
    page.get_by_role("link", name="Đơn vị trả lời chi bộ", exact=True).click()
    page.wait_for_load_state("load")
    page.get_by_label("Số lượng").fill("12")
    page.get_by_label("Áp dụng từ ngày", exact=True).fill("01/12/2026")
    page.get_by_label("Nguồn", exact=True).fill("Quyết định 5-QĐ/ĐU ngày 20/11/2026")
    page.get_by_role("button", name="Lưu").click()

    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    expect(page.get_by_text("Sắp áp dụng")).to_be_visible()
    expect(page.get_by_text("12 ngày làm việc")).to_be_visible()


def test_a_file_is_previewed_and_then_written(page: Page, screens: FlaskClient) -> None:
    rows = "on,kind,name\n01/06/2027,holiday,Ngày hội\n05/06/2027,makeup,Làm bù cho 01/06\n"
    page.goto(f"{HOST}/quan-tri/lich/tep")
    page.get_by_label("Tệp", exact=True).set_input_files(
        {"name": "lich.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    page.get_by_label("Nguồn của các dòng").fill("Thông báo 12/TB-UBND")
    page.get_by_role("button", name="Xem trước").click()

    expect(page.get_by_text("2 ngày mới, 0 ngày đổi, 0 ngày như cũ, 0 dòng lỗi.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Ghi vào lịch").click()

    expect(page.get_by_text("Đã ghi 2 ngày vào lịch.")).to_be_visible()
    expect(page.get_by_role("link", name="1 ngày nghỉ lễ, tết: Ngày hội")).to_be_visible()


def test_a_printed_year_shows_its_months_four_in_a_row_and_no_buttons(
    page: Page, screens: FlaskClient
) -> None:
    page.goto(f"{HOST}/quan-tri/lich/?nam=2027")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 900})

    tops = page.locator(".month").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len(tops) == 12
    assert len({round(top) for top in tops}) == 3
    expect(page.get_by_role("link", name="Thêm ngày")).to_be_hidden()
