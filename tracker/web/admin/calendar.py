"""The calendar: a year as twelve months, and the form of a day."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.admin_deadlines import CalendarDayForm
from tracker.domain.access import Action
from tracker.domain.calendar import DAY_KIND_WORDS
from tracker.domain.calendar_days import BASIS_WORDS, year_of
from tracker.domain.errors import Invalid, StaleEdit
from tracker.services.calendar import day_row, days_of, put_day
from tracker.web import context
from tracker.web.access import needs
from tracker.web.forms import show_errors

blueprint = Blueprint("calendar", __name__, url_prefix="/lich")


@blueprint.get("/")
@needs(Action.SETTINGS_WRITE)
def year() -> ResponseReturnValue:
    asked = request.args.get("nam", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else context.today().year
    return render_template(
        "admin/calendar.html",
        year=number,
        months=year_of(context.reference().calendar, number),
        rows=days_of(context.session(), number),
        kind_words=DAY_KIND_WORDS,
        basis_words=BASIS_WORDS,
    )


@blueprint.route("/ngay", methods=["GET", "POST"])
@blueprint.route("/ngay/<int:row_id>", methods=["GET", "POST"])
@needs(Action.SETTINGS_WRITE)
def day(row_id: int | None = None) -> ResponseReturnValue:
    row = day_row(context.session(), row_id) if row_id else None
    form = CalendarDayForm(data=dict(row._mapping) if row else {"on": _asked_day()})
    status = 200
    if request.method == "POST":
        status = _save(form, row_id)
    if status == 302:
        flash(_("Đã lưu ngày này vào lịch."))
        return redirect(url_for(".year", nam=form.on.data.year))
    return render_template("admin/calendar_day.html", form=form, row=row), status


def _asked_day() -> date | None:
    """Return the day that a link of the year's page names, or None."""
    try:
        return date.fromisoformat(request.args.get("ngay", ""))
    except ValueError:
        return None


def _save(form: Any, row_id: int | None) -> int:
    """Record the day; return 302 when it is done, else the status of the page that says why not."""
    if not form.validate():
        return 422
    try:
        with context.unit() as unit:
            put_day(form.command(), row_id, unit=unit)
    except Invalid as invalid:
        show_errors(form, invalid)
        return 422
    except StaleEdit as stale:
        form.form_errors.append(stale.sentence)
        return 409
    return 302
