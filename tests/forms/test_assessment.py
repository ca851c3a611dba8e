"""What is typed into the scoring form becomes points, and what can't be taken is told beside its field."""

import json
from collections.abc import Iterator
from importlib.resources import files

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

from forms.assessment import AssessmentForm, OfficialClassForm, assessment_form, points_form
from tracker.domain.assessments import OfficialClass, asked, check_official
from tracker.domain.meetings import MeetingKind
from tracker.domain.rubric import Grade, Rubric, read_rubric


def rubric(code: str) -> Rubric:
    return read_rubric(
        json.loads(files("tracker.data").joinpath("assessments", f"{code}.json").read_text("utf-8"))
    )


AN_PHU, HD42 = rubric("an_phu"), rubric("hd42")


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    app = Flask("forms", root_path="/nonexistent")
    app.config.update(SECRET_KEY="only here", WTF_CSRF_ENABLED=False, BABEL_DEFAULT_LOCALE="vi")
    Babel(app)
    with app.test_request_context(method="POST"):
        yield


def typed(changes: dict[str, str], of: Rubric = AN_PHU) -> AssessmentForm:
    values = {f"points-{line.code}": str(line.max_points) for line in asked(of, MeetingKind.BOTH)}
    return assessment_form(of)(MultiDict(values | {"votes_for": "20", "votes_total": "22"} | changes))


def errors_of(form: AssessmentForm, kind: MeetingKind = MeetingKind.BOTH) -> set[str]:
    form.validate()
    points = form["points"].form
    assert points.check(kind) == (not points.errors)
    return set(points.errors)


def test_typed_points_become_a_scoring() -> None:
    form = typed({})
    assert errors_of(form) == set()
    command = form.command(MeetingKind.BOTH)
    assert command.given == {line.code: line.max_points for line in asked(AN_PHU, MeetingKind.BOTH)}
    assert (command.votes_for, command.votes_total) == (20, 22)


def test_a_line_that_does_not_apply_is_left_out() -> None:
    form = typed({"points-thematic_content": ""})
    assert errors_of(form, MeetingKind.REGULAR) == set()
    assert "thematic_content" not in form.command(MeetingKind.REGULAR).given
    assert errors_of(typed({"points-thematic_content": ""})) == {"thematic_content"}


@pytest.mark.parametrize("value", ["", "abc", "1.5", "-1", "4", "1_0", "٣", "99999999999999999999"])
def test_points_that_cannot_be_taken_are_told_once_beside_their_field(value: str) -> None:
    form = typed({"points-content_ready": value})
    assert errors_of(form) == {"content_ready"}
    field = form["points"].form["content_ready"]
    assert len(field.errors) == 1
    assert f'value="{value}"' in str(field())


@pytest.mark.parametrize("value", ["", "abc", "28"])
def test_a_step_that_the_table_does_not_have_is_refused(value: str) -> None:
    assert errors_of(typed({"points-last_conclusions": value})) == {"last_conclusions"}


def test_the_page_gets_every_line_and_a_field_only_where_somebody_scores() -> None:
    rows = [row for _, lines in points_form(HD42)().groups() for row in lines]
    assert len(rows) == len(HD42.criteria)
    assert {line.code for line, field in rows if field is None} == {
        "duration",
        "attendance_rate",
        "no_unexcused",
    }


def test_an_official_class_that_differs_needs_a_reason() -> None:
    form = OfficialClassForm(MultiDict({"grade": "kha", "reason": "  "}))
    assert form.validate()
    assert form.command() == OfficialClass(Grade.KHA, "")
    assert list(check_official(Grade.TOT, form.command())) == ["reason"]
    assert check_official(Grade.KHA, form.command()) == {}
    assert check_official(Grade.TOT, OfficialClass(Grade.KHA, "Biên bản chưa đầy đủ")) == {}


@pytest.mark.parametrize("values", [{}, {"grade": ""}, {"grade": "xuat_sac"}])
def test_an_official_class_must_be_one_of_the_four(values: dict[str, str]) -> None:
    form = OfficialClassForm(MultiDict({"reason": "", **values}))
    assert not form.validate()
    assert [str(words) for words in form.errors["grade"]] == ["Hãy chọn một mức."]
