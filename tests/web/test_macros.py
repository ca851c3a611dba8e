"""What the form macros write: the markup that readers and screen readers need, and what checkers don't see."""

from html.parser import HTMLParser

import pytest
from flask import Flask, render_template, render_template_string
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.paths import template_root

Element = tuple[str, dict[str, str | None]]


class Concern(Form):
    text = TextAreaField("Nội dung", [InputRequired("Hãy ghi nội dung kiến nghị."), Length(max=4000)])


class Sheet(Form):
    kind = RadioField(
        "Loại",
        choices=[SelectChoice("a", "Thường kỳ"), SelectChoice("b", "Chuyên đề")],
        description="Chọn một.",
    )
    on = DateField("Ngày họp", format="%d/%m/%Y")
    start = TimeField("Bắt đầu", [Optional()])
    roll = IntegerField(
        "Đảng viên", [NumberRange(1, 500, "Phải từ 1 đến 500.")], description="Không tính người được miễn."
    )
    place = StringField("Địa điểm", [InputRequired("Hãy ghi địa điểm."), Length(max=9)])
    category = SelectField(
        "Lĩnh vực", choices=[SelectChoice("x", "Môi trường"), SelectChoice("y", "Giao thông")]
    )
    raisers = SelectMultipleField(
        "Người nêu",
        [InputRequired("Hãy chọn người nêu.")],
        choices=[SelectChoice("m", "Đảng viên"), SelectChoice("q", "Quần chúng")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    superior = BooleanField("Cấp trên dự", [InputRequired("Hãy đánh dấu.")])
    concerns = FieldList(FormField(Concern, "Kiến nghị"), label="Kiến nghị", min_entries=2)

    def validate_concerns(self, field: FieldList) -> None:
        raise ValidationError("Phải có kiến nghị được ghi đủ.")


class LogIn(Form):
    username = StringField("Tên đăng nhập", [InputRequired("Hãy nhập tên đăng nhập.")])
    password = PasswordField("Mật khẩu", [InputRequired("Hãy nhập mật khẩu.")])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def elements(markup: str, tag: str, **wanted: str) -> list[dict[str, str | None]]:
    """Return the attributes of each element of that tag that has the wanted attributes, in order."""
    reader = _Reader()
    reader.feed(markup)
    return [a for name, a in reader.elements if name == tag and wanted.items() <= a.items()]


@pytest.fixture
def app():
    app = Flask("macros", template_folder=str(template_root()))
    app.config.update(SECRET_KEY="for the tests", TESTING=True)
    Babel(app, default_locale="vi")
    CSRFProtect(app)
    with app.test_request_context("/"):
        yield app


@pytest.fixture
def wrong():
    typed = MultiDict(
        {"on": "31/02/2026", "roll": "bốn mốt", "place": '"><script>x</script>', "category": "y"}
    )
    sheet = Sheet(typed)
    assert not sheet.validate()
    return sheet


def render(call: str, form: Form) -> str:
    source = '{% import "macros/forms.html" as f %}{% import "macros/layout.html" as l %}'
    return render_template_string(source + "{{ " + call + " }}", form=form)


def test_a_wrong_field_is_described_by_its_hint_and_then_by_its_error(app, wrong):
    markup = render("f.number(form.roll)", wrong)
    (box,) = elements(markup, "input")
    assert box["aria-describedby"] == "roll-hint roll-error"
    assert box["aria-invalid"] == "true"
    places = [markup.index(part) for part in ('for="roll"', 'id="roll-hint"', 'id="roll-error"', "<input")]
    assert places == sorted(places), "label, hint, error, field: in this order"


def test_a_right_field_has_no_error_and_points_at_nothing_that_is_not_there(app):
    markup = render("f.text(form.place)", Sheet())
    (box,) = elements(markup, "input")
    assert "aria-invalid" not in box
    assert "aria-describedby" not in box
    assert "error" not in markup


@pytest.mark.parametrize("name", ["kind", "on", "start", "roll", "place", "category", "raisers", "superior"])
def test_every_description_points_at_an_element_on_the_page(app, wrong, name):
    macro = {"kind": "radios", "raisers": "checkboxes", "superior": "checkbox", "category": "select"}
    macro |= {"on": "date", "start": "time", "roll": "number"}
    markup = render(f"f.{macro.get(name, 'text')}(form.{name})", wrong)
    reader = _Reader()
    reader.feed(markup)
    ids = [a["id"] for _, a in reader.elements if "id" in a]
    assert len(ids) == len(set(ids))
    pointed = [i for _, a in reader.elements for i in (a.get("aria-describedby") or "").split()]
    assert set(pointed) <= set(ids)
    labelled = {a["for"] for tag, a in reader.elements if tag == "label"}
    boxes = {a["id"] for tag, a in reader.elements if tag in ("input", "select", "textarea")}
    assert boxes == labelled


@pytest.mark.parametrize(
    ("call", "field_id"), [("f.radios(form.kind)", "kind"), ("f.checkboxes(form.raisers)", "raisers")]
)
def test_choices_stand_in_a_fieldset_with_a_legend_and_its_error(app, wrong, call, field_id):
    markup = render(call, wrong)
    (group,) = elements(markup, "fieldset", id=field_id)
    assert (group["aria-describedby"] or "").split()[-1] == f"{field_id}-error"
    assert markup.index("<fieldset") < markup.index("<legend") < markup.index("<input")


def test_what_was_typed_is_shown_again_and_escaped(app, wrong):
    assert elements(render("f.date(form.on)", wrong), "input")[0]["value"] == "31/02/2026"
    assert elements(render("f.number(form.roll)", wrong), "input")[0]["value"] == "bốn mốt"
    place = render("f.text(form.place)", wrong)
    assert elements(place, "input")[0]["value"] == '"><script>x</script>'
    assert not elements(place, "script")
    assert "selected" in elements(render("f.select(form.category)", wrong), "option", value="y")[0]


def test_nothing_stops_or_cuts_typing_in_the_browser(app):
    calls = {
        "f.text(form.place)": Sheet(),
        "f.number(form.roll)": Sheet(),
        "f.textarea(form.text)": Concern(),
    }
    for call, form in calls.items():
        markup = render(call, form)
        box = (elements(markup, "input") + elements(markup, "textarea"))[0]
        assert not {"required", "maxlength", "minlength", "min", "max"} & box.keys()


def test_numbers_bring_up_the_digit_keys_and_dates_are_typed(app):
    assert elements(render("f.number(form.roll)", Sheet()), "input")[0]["inputmode"] == "numeric"
    on = elements(render("f.date(form.on)", Sheet()), "input")[0]
    assert (on["type"], on["data-typed"]) == ("text", "date")


def test_only_what_may_be_left_out_is_marked(app):
    assert "(không bắt buộc)" in render("f.time(form.start)", Sheet())
    assert "(không bắt buộc)" not in render("f.text(form.place)", Sheet())


def test_the_counter_tells_the_limit_without_scripts_and_describes_the_text(app):
    markup = render("f.textarea(form.text, limit=4000)", Concern())
    assert elements(markup, "textarea")[0]["aria-describedby"] == "text-count"
    assert "Nhiều nhất 4000 ký tự" in markup


def test_the_summary_links_to_every_field_that_is_wrong_nested_ones_with_their_place(app, wrong):
    markup = render("f.error_summary(form)", wrong)
    links = [a["href"] for a in elements(markup, "a")]
    assert links[0] == "#kind-0", "a group's link lands on its first choice"
    assert {"#on", "#roll", "#place", "#raisers-0", "#superior", "#concerns"} <= set(links)
    assert {"#concerns-0-text", "#concerns-1-text"} <= set(links)
    assert "Kiến nghị 2: Hãy ghi nội dung kiến nghị." in markup
    assert elements(markup, "div", role="alert")[0]["tabindex"] == "-1"


def test_every_link_of_the_summary_has_its_target_on_the_page(app, wrong):
    fields = (
        "f.radios(form.kind) ~ f.date(form.on) ~ f.number(form.roll) ~ f.text(form.place) ~ f.checkboxes(form.raisers)"
        " ~ f.checkbox(form.superior) ~ f.group_errors(form.concerns) ~ f.textarea(form.concerns[0].form.text)"
        " ~ f.textarea(form.concerns[1].form.text)"
    )
    summary, page = render("f.error_summary(form)", wrong), render(fields, wrong)
    for link in elements(summary, "a"):
        assert f'id="{(link["href"] or "")[1:]}"' in page


def test_a_form_without_errors_has_no_summary(app):
    assert render("f.error_summary(form)", Sheet()).strip() == ""


def test_a_form_that_changes_something_carries_its_token_and_a_search_does_not(app):
    posted = '{% import "macros/forms.html" as f %}{% call f.form() %}x{% endcall %}'
    asked = '{% import "macros/forms.html" as f %}{% call f.form(method="get") %}x{% endcall %}'
    assert elements(render_template_string(posted), "input", name="csrf_token")
    assert not elements(render_template_string(asked), "input")


def test_the_page_title_says_first_that_something_is_wrong(app):
    form = LogIn(MultiDict({"username": "binh"}))
    assert "<title>Đăng nhập" in render_template("auth/login.html", form=form)
    form.validate()
    page = render_template("auth/login.html", form=form)
    assert "<title>Lỗi: Đăng nhập" in page
    assert elements(page, "input", name="username")[0]["value"] == "binh"
    assert elements(page, "input", name="username")[0]["autocomplete"] == "username"
    assert elements(page, "input", name="password")[0]["autocomplete"] == "current-password"


def test_the_frame_shows_who_is_logged_in_and_where_one_is(app):
    page = render_template(
        "errors/404.html",
        nav=[{"label": "Bàn làm việc", "url": "/", "current": True}, {"label": "Kiến nghị", "url": "/k"}],
        person={"name": "Nguyễn Văn Bình", "url": "/tai-khoan", "logout_url": "/ra"},
        notices={"url": "/thong-bao", "count": 3},
    )
    assert [a["href"] for a in elements(page, "a") if a.get("aria-current") == "page"] == ["/"]
    assert elements(page, "form", action="/ra", method="post")
    assert elements(page, "html", lang="vi")
    assert "Không nhập nội dung mật" in page


@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 429, 500, 503])
def test_an_error_page_needs_no_value_and_says_what_to_do(app, code):
    page = render_template(f"errors/{code}.html")
    assert page.count("<h1>") == 1
    assert "Về bàn làm việc" in page
    assert "Đồng chí đã bị khóa." in render_template(f"errors/{code}.html", sentence="Đồng chí đã bị khóa.")


def test_a_status_is_told_by_icon_and_word_and_an_unknown_one_by_its_word(app):
    for status in ("triage", "routed", "acknowledged", "answered", "accepted", "khan", "failed"):
        markup = render(f"l.tag('{status}')", Sheet())
        assert "<svg" in markup
        assert status not in markup.split("</svg>")[1]
    assert "Việc lạ" in render("l.tag('Việc lạ')", Sheet())


def test_a_share_is_shown_with_its_denominator_and_none_of_nothing(app):
    assert "<b>32</b>/41 <small>(78,0 %)</small>" in render("l.fraction(32, 41)", Sheet())
    assert "%" not in render("l.fraction(0, 0)", Sheet())


def test_a_list_keeps_its_roles_when_it_turns_into_cards(app):
    source = (
        '{% import "macros/layout.html" as l %}{% call l.table("Kiến nghị", ["Số", {"label": "Điểm", "number": true}]) %}'
        '{% call l.row("late") %}{% call l.cell("Số", lead=true) %}1{% endcall %}{% endcall %}{% endcall %}'
    )
    page = render_template_string(source)
    assert elements(page, "table", role="table")
    assert len(elements(page, "th", role="columnheader", scope="col")) == 2
    assert elements(page, "td", role="cell")[0]["data-label"] == "Số"
