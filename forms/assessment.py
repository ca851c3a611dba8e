"""Scoring a meeting: the branch's own points and vote, and the class decided above."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, FormField, HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length

from forms.numbers import WholeNumberField
from forms.wording import PartForm, PostedForm
from tracker.domain.assessments import OfficialClass, SelfScoring, asked, check_given
from tracker.domain.meetings import MeetingKind
from tracker.domain.rubric import GRADE_LABELS, Criterion, CriterionGroup, Grade, Rubric
from tracker.domain.text import tidy


class PointsForm(PartForm):
    """The lines of a table that a person scores, a field a criterion code; build it with ``points_form``."""

    rubric: ClassVar[Rubric]

    def groups(self) -> list[tuple[CriterionGroup, list[tuple[Criterion, Field | None]]]]:
        """Return the table for the page; a line that the sheet's figures decide has no field."""
        return [
            (group, [(line, self._fields.get(line.code)) for line in self.rubric.of_group(group.code)])
            for group in self.rubric.groups
        ]

    def given(self, kind: MeetingKind) -> dict[str, int]:
        """Return what was typed for the lines that apply to this kind; empty ones are left out."""
        codes = [criterion.code for criterion in asked(self.rubric, kind)]
        return {code: self[code].data for code in codes if self[code].data is not None}

    def check(self, kind: MeetingKind) -> bool:
        """Put the domain's sentences beside their fields; True when there are none. Call after validate."""
        sentences = check_given(self.rubric, kind, self.given(kind))
        return show(self, {code: words for code, words in sentences.items() if not self[code].errors}) and (
            not self.errors
        )


def points_form(rubric: Rubric) -> type[PointsForm]:
    """Return the form class of this table. It has no CSRF token: put it in a form that has."""
    asked_ever = asked(rubric, MeetingKind.BOTH)
    fields: dict[str, Any] = {criterion.code: _field(criterion) for criterion in asked_ever}
    return type("RubricPointsForm", (PointsForm,), {"rubric": rubric, **fields})


def _field(criterion: Criterion) -> Any:
    if not criterion.choices:
        return WholeNumberField(criterion.title)
    choices = [
        SelectChoice(
            choice.points, _l("%(label)s: %(points)s điểm", label=choice.label, points=choice.points)
        )
        for choice in criterion.choices
    ]
    # The domain checks the choice, with a sentence that names the steps.
    return RadioField(criterion.title, choices=choices, coerce=_points_or_none, validate_choice=False)


def _points_or_none(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def show(form: Form, sentences: Mapping[str, str]) -> bool:
    """Put each sentence beside the field of its name; return True when there was none to put."""
    for name, sentence in sentences.items():
        form[name].errors = [*form[name].errors, sentence]
    return not sentences


class AssessmentForm(PostedForm):
    """The branch's scoring on a page of its own; build it with ``assessment_form``."""

    votes_for = WholeNumberField(_l("Số đảng viên tán thành"))
    votes_total = WholeNumberField(_l("Số đảng viên biểu quyết"))
    version = HiddenField()

    def command(self, kind: MeetingKind) -> SelfScoring:
        """Return the scoring as typed; call after ``validate`` and ``points.form.check``."""
        points: PointsForm = self["points"].form
        return SelfScoring(points.given(kind), self.votes_for.data, self.votes_total.data)


def assessment_form(rubric: Rubric) -> type[AssessmentForm]:
    """Return the form class for scoring on this table."""
    return type("RubricAssessmentForm", (AssessmentForm,), {"points": FormField(points_form(rubric))})


class OfficialClassForm(PostedForm):
    """The class decided by the direct upper committee."""

    grade = RadioField(
        _l("Mức chất lượng chính thức"),
        [InputRequired(_l("Hãy chọn một mức.")), AnyOf(list(Grade), _l("Hãy chọn một mức."))],
        choices=[SelectChoice(grade.value, GRADE_LABELS[grade]) for grade in Grade],
        validate_choice=False,
    )
    reason = TextAreaField(
        _l("Lý do (bắt buộc khi khác mức chi bộ đề nghị)"),
        [Length(max=2000, message=_l("Lý do dài quá 2.000 chữ. Hãy rút gọn."))],
        filters=[tidy],
    )
    version = HiddenField()

    def command(self) -> OfficialClass:
        """Return the decision as typed; call after ``validate``."""
        return OfficialClass(Grade(self.grade.data), self.reason.data)
