"""What app.js does for every page, in a real browser, on pages that need no database."""

from pathlib import Path

import pytest
from flask import Flask, render_template, render_template_string
from flask_babel import Babel
from flask_wtf import CSRFProtect
from playwright.sync_api import Page, Route, expect
from wtforms import DateField, Form, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired

import tracker.web
from tracker.paths import template_root

pytestmark = pytest.mark.browser

SHEET = """{% extends "base.html" %}{% import "macros/forms.html" as f %}
{% block main %}{{ f.error_summary(form) }}{% call f.form() %}
{{ f.textarea(form.text, limit=10) }}{{ f.date(form.on) }}{{ f.button("Gửi", name="send", value="now") }}
{% endcall %}{% endblock %}"""


class Sheet(Form):
    text = TextAreaField("Nội dung", [InputRequired("Hãy ghi nội dung.")])
    on = DateField("Ngày", format="%d/%m/%Y")


class LogIn(Form):
    username = StringField("Tên đăng nhập")
    password = PasswordField("Mật khẩu")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium"}


@pytest.fixture
def posted(page: Page) -> list[str]:
    """Serve the pages to the browser without a socket; return the bodies that it posts."""
    static = Path(tracker.web.__file__).parent / "static"
    app = Flask(
        "look", template_folder=str(template_root()), static_folder=str(static), static_url_path="/static"
    )
    app.config.update(SECRET_KEY="for the tests", WTF_CSRF_CHECK_DEFAULT=False)
    Babel(app, default_locale="vi")
    CSRFProtect(app)
    bodies: list[str] = []

    @app.route("/", methods=["GET", "POST"])
    def sheet() -> str:
        form = Sheet()
        if bodies:
            form.validate()
        return render_template_string(SHEET, form=form)

    @app.get("/log-in")
    def log_in() -> str:
        return render_template("auth/login.html", form=LogIn())

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            bodies.append(route.request.post_data or "")
        reply = app.test_client().open(route.request.url, method=route.request.method, buffered=True)
        route.fulfill(status=reply.status_code, body=reply.data, headers=dict(reply.headers))

    page.route("http://look.test/**", answer)
    return bodies


def test_a_double_click_sends_once_and_the_button_goes_along(page: Page, posted: list[str]) -> None:
    page.goto("http://look.test/")
    page.get_by_role("button", name="Gửi").dblclick()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert len(posted) == 1
    assert "send=now" in posted[0]


def test_without_the_script_the_page_still_sends_and_names_what_is_wrong(
    page: Page, posted: list[str]
) -> None:
    page.route("**/app.js", lambda route: route.abort())
    page.goto("http://look.test/")
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("link", name="Hãy ghi nội dung.")).to_be_visible()
    expect(page.locator("[data-error-summary]")).not_to_be_focused()


def test_the_summary_leads_into_the_field_and_back_brings_the_button_to_life(
    page: Page, posted: list[str]
) -> None:
    page.goto("http://look.test/")
    page.get_by_role("button", name="Gửi").click()
    page.get_by_role("link", name="Hãy ghi nội dung.").click()
    expect(page.get_by_label("Nội dung")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("button", name="Gửi")).to_be_enabled()


def test_letters_are_counted_as_a_reader_counts_them_and_none_is_cut(page: Page, posted: list[str]) -> None:
    page.goto("http://look.test/")
    text = page.get_by_label("Nội dung")
    text.fill("đường\u0300")
    expect(page.locator("#text-count")).to_have_text("Còn 4 ký tự")
    text.fill("mười hai chữ")
    expect(page.locator("#text-count")).to_have_text("Thừa 2 ký tự")
    expect(text).to_have_value("mười hai chữ")


def test_a_date_can_be_typed_with_digits_alone_and_corrected(page: Page, posted: list[str]) -> None:
    page.goto("http://look.test/")
    on = page.get_by_label("Ngày")
    on.press_sequentially("05112026")
    expect(on).to_have_value("05/11/2026")
    on.fill("")
    on.press_sequentially("5/1/2026")
    expect(on).to_have_value("5/1/2026")
    on.press("Backspace")
    expect(on).to_have_value("5/1/202")


def test_a_password_can_be_looked_at(page: Page, posted: list[str]) -> None:
    page.goto("http://look.test/log-in")
    page.get_by_role("button", name="Hiện mật khẩu").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Ẩn mật khẩu").click()
    expect(page.locator("#password")).to_have_attribute("type", "password")


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_page_is_wider_than_its_screen(page: Page, posted: list[str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    for path in ("/", "/log-in"):
        page.goto(f"http://look.test{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == width
