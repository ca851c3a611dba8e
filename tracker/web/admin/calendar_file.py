"""Days from a file: a preview of every row, then the confirmation; and the calendar as a file to begin with."""

from collections import Counter

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.admin_calendar_file import CalendarFileForm, CalendarRowsForm
from tracker.adapters.tables import csv_text, table_file
from tracker.domain.access import Action
from tracker.domain.calendar import DAY_KIND_WORDS
from tracker.domain.calendar_rows import COLUMNS, Defaults
from tracker.domain.errors import Invalid
from tracker.domain.row_previews import Preview, State
from tracker.services.calendar_rows import Line, export_days, import_days, preview_days, read_days
from tracker.services.unit import Unit
from tracker.web import context
from tracker.web.access import needs
from tracker.web.admin.owners import asked_owner, code_of, owner_name
from tracker.web.admin.redating import answer, is_going_back, settled
from tracker.web.forms import show_errors

blueprint = Blueprint("calendar_file", __name__, url_prefix="/lich/tep")

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.route("", methods=["GET", "POST"])
@needs(Action.SETTINGS_WRITE)
def choose() -> ResponseReturnValue:
    form, owner = CalendarFileForm(), asked_owner()
    if form.validate_on_submit():
        try:
            lines = read_days(form.file.data.filename, form.file.data.read())
            found = preview_days(lines, form.defaults(owner), context.session(), context.today())
            return _preview_page(found, CalendarRowsForm(formdata=None)), 200
        except Invalid as invalid:
            show_errors(form, Invalid(invalid.sentence, {"file": invalid.sentence}))
    page = {"owner_name": owner_name(owner), "owner_code": code_of(owner)}
    return render_template("admin/calendar_file.html", form=form, **page), 422 if form.errors else 200


@blueprint.post("/ghi")
@needs(Action.SETTINGS_WRITE)
def write() -> ResponseReturnValue:
    form = CalendarRowsForm()
    if not form.validate():
        return redirect(url_for(".choose"))
    lines = read_days("rows.csv", form.rows.data.encode())
    defaults = Defaults(source="")
    if is_going_back():
        return _preview_page(preview_days(lines, defaults, context.session(), context.today()), form), 200
    try:
        outcome = settled(lambda unit: _import(lines, defaults, unit))
    except Invalid as invalid:
        form.form_errors.append(invalid.sentence)
        found = preview_days(lines, defaults, context.session(), context.today())
        return _preview_page(found, form), 422
    first = min((row["on"] for _line, row, _because in lines), default="")[:4] or None
    words = _("Đã ghi %(n)s ngày vào lịch.", n=outcome.value)
    return answer(outcome, words, lambda _count: url_for("admin.calendar.year", nam=first))


def _import(lines: list[Line], defaults: Defaults, unit: Unit) -> int:
    """Write the rows as they would be now; return how many days were written."""
    return import_days(preview_days(lines, defaults, unit.session, context.today()), unit=unit)


@blueprint.get("/lich.<any(csv, xlsx):kind>")
@needs(Action.SETTINGS_WRITE)
def download(kind: str) -> ResponseReturnValue:
    name = f"lich.{kind}"
    data = table_file(name, COLUMNS, export_days(context.session(), context.today()))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, content_type=_TYPES[kind], headers=headers)


def _preview_page(found: list[Preview], form: CalendarRowsForm) -> str:
    counts = Counter(one.state for one in found)
    form.rows.data = csv_text(COLUMNS, (one.row for one in found))
    return render_template(
        "admin/calendar_preview.html",
        form=form,
        shown=[one for one in found if one.state is not State.SAME],
        counts={state: counts[state] for state in State},
        can_write=not counts[State.ERROR] and counts[State.NEW] + counts[State.CHANGED] > 0,
        kind_words=DAY_KIND_WORDS,
    )
