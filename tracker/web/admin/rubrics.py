"""The scoring tables: shown as they score, taken into use from a day on, taken out of it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.admin_rubrics import UseForm
from tracker.domain.access import Action
from tracker.domain.errors import Conflict, Invalid
from tracker.domain.rubric import GRADE_LABELS
from tracker.services.rubrics import activate, deactivate, rubric_of, rubric_rows
from tracker.web import context
from tracker.web.access import needs
from tracker.web.admin.listing import Column, lines
from tracker.web.forms import show_errors

blueprint = Blueprint("rubrics", __name__, url_prefix="/bang-cham-diem")


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Bảng"), lambda row: row.name, lead=True),
        Column(_("Mã"), lambda row: row.code),
    )


@blueprint.get("/")
@needs(Action.SETTINGS_WRITE)
def index() -> ResponseReturnValue:
    columns = _columns()
    found = lines(
        rubric_rows(context.session()),
        columns,
        context.today(),
        lambda row: url_for(".show", row_id=row.id),
    )
    return render_template("admin/rubrics.html", columns=columns, lines=found)


@blueprint.route("/<int:row_id>", methods=["GET", "POST"])
@needs(Action.SETTINGS_WRITE)
def show(row_id: int) -> ResponseReturnValue:
    row, rubric = rubric_of(context.session(), row_id)
    form = UseForm(data={"version": row.version})
    status = _use(form, row) if request.method == "POST" else 200
    if status == 302:
        flash(_("Đã ghi. Cuộc họp trước ngày này vẫn chấm theo bảng cũ."))
        return redirect(url_for(".index"))
    page = render_template("admin/rubric.html", form=form, row=row, rubric=rubric, grade_words=GRADE_LABELS)
    return page, status


def _use(form: UseForm, row: Any) -> int:
    """Take the table into or out of use; return 302 when it is done, else the status of the page that says why."""
    if not form.validate():
        return 422
    act = deactivate if request.form.get("act") == "stop" else activate
    try:
        with context.unit() as unit:
            act(row.id, form.command(), unit=unit)
    except Invalid as invalid:
        # The one day of the form is where the table begins or where it ends.
        words = " ".join(invalid.fields.values()) or invalid.sentence
        show_errors(form, Invalid(words, {"valid_from": words}))
        return 422
    except Conflict as conflict:
        form.form_errors.append(conflict.sentence)
        return 409
    return 302
