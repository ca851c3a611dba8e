"""The calendar: a year as twelve months, the form of a day, whose calendar it is, and the year's decision."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.admin_deadlines import CalendarDayForm, YearDecisionForm
from forms.dated import seen_version
from tracker.db.reading.calendar import entries_of
from tracker.domain.access import Action
from tracker.domain.calendar import DAY_KIND_WORDS
from tracker.domain.calendar_days import BASIS_WORDS, year_of
from tracker.domain.calendar_years import Entry, differing, is_undecided, years_to_decide
from tracker.domain.calendars import NATION, Owner
from tracker.domain.errors import Conflict, StaleEdit
from tracker.domain.weekly_hours import week_words
from tracker.services.calendar import confirm_year, day_row, drop_day, fill_year, owner_of, put_day
from tracker.web import context
from tracker.web.access import needs
from tracker.web.admin.listing import found_by, page_of
from tracker.web.admin.owners import asked_owner, code_of, owner_name, places
from tracker.web.admin.redating import answer, is_going_back, save, settled

blueprint = Blueprint("calendar", __name__, url_prefix="/lich")


@blueprint.get("/")
@needs(Action.SETTINGS_WRITE)
def year() -> ResponseReturnValue:
    owner, number = asked_owner(), _possible(_asked_year())
    return _year_page(owner, number, YearDecisionForm()), 200


def _year_page(owner: Owner, number: int, decision: YearDecisionForm) -> str:
    calendars = context.reference().calendars
    chain = calendars.chain(owner)
    entries = entries_of(context.session(), number, chain)
    bases = [(one.on, one.basis) for one in entries if one.owner == NATION and one.is_active]
    today = context.today()
    turn = min(max(today, date(number, 1, 1)), date(number, 12, 31))
    return render_template(
        "admin/calendar.html",
        year=number,
        owner=owner,
        owner_code=code_of(owner),
        names={one: owner_name(one) for one in chain},
        months=year_of(calendars.of(owner), number),
        entries=(rows := differing(entries, chain)),
        by_day={one.on: one for one in rows if one.is_active},
        week=week_words(calendars.of(owner).week_on(turn)),
        week_owner=calendars.hours_owner(owner, turn) or NATION,
        warning=next((one for one in years_to_decide(bases, today) if one.year == number), None),
        undecided=owner == NATION and is_undecided(entries, NATION),
        is_empty=owner == NATION and not bases,
        decision=decision,
        kind_words=DAY_KIND_WORDS,
        basis_words=BASIS_WORDS,
    )


@blueprint.get("/cua")
@needs(Action.SETTINGS_WRITE)
def owners() -> ResponseReturnValue:
    sought = request.args.get("q", "").strip()[:100]
    shown, pager = page_of([one for one in places() if found_by(sought, (one.name, one.kind))])
    return render_template("admin/calendar_owners.html", places=shown, pager=pager, sought=sought)


@blueprint.post("/<int:number>/xac-nhan")
@needs(Action.SETTINGS_WRITE)
def confirm(number: int) -> ResponseReturnValue:
    form = YearDecisionForm()
    if not form.validate():
        return _year_page(NATION, _possible(number), form), 422
    try:
        with context.unit() as unit:
            count = confirm_year(_possible(number), form.source.data, form.tag.data, unit=unit)
    except Conflict as nothing:
        flash(nothing.sentence, "problem")
    else:
        flash(_("Đã ghi %(n)s ngày là theo quyết định của năm.", n=count))
    return redirect(url_for(".year", nam=number))


@blueprint.post("/<int:number>/theo-luat")
@needs(Action.SETTINGS_WRITE)
def fill(number: int) -> ResponseReturnValue:
    back = url_for(".year", nam=number)
    if is_going_back():
        return redirect(back)
    outcome = settled(lambda unit: fill_year(_possible(number), unit=unit))
    words = _(
        "Đã thêm %(n)s ngày nghỉ tính theo luật; phần chờ quyết định của năm được ghi rõ.", n=outcome.value
    )
    return answer(outcome, words, lambda _count: back)


@blueprint.route("/ngay", methods=["GET", "POST"])
@needs(Action.SETTINGS_WRITE)
def day() -> ResponseReturnValue:
    owner = asked_owner()
    form = CalendarDayForm(data=_asked_day(owner))
    return _day_page(form, None, owner)


@blueprint.route("/ngay/<int:row_id>", methods=["GET", "POST"])
@needs(Action.SETTINGS_WRITE)
def change(row_id: int) -> ResponseReturnValue:
    row = day_row(context.session(), row_id)
    return _day_page(CalendarDayForm(data=dict(row._mapping)), row, owner_of(row))


def _day_page(form: CalendarDayForm, row: Any, owner: Owner) -> ResponseReturnValue:
    values = {"owner_name": owner_name(owner), "back": _year_url(row.on if row else form.on.data, owner)}
    return save(
        form,
        lambda unit: put_day(form.command(owner), row.id if row else None, unit=unit),
        _("Đã lưu ngày này vào lịch."),
        page=lambda status: (
            render_template("admin/calendar_day.html", form=form, row=row, **values),
            status,
        ),
        done=lambda _id: _year_url(form.on.data, owner),
    )


@blueprint.post("/ngay/<int:row_id>/bo")
@needs(Action.SETTINGS_WRITE)
def drop(row_id: int) -> ResponseReturnValue:
    row = day_row(context.session(), row_id)
    changing = url_for(".change", row_id=row_id)
    if is_going_back():
        return redirect(changing)
    seen = seen_version(request.form.get("version"))
    try:
        outcome = settled(lambda unit: drop_day(row_id, seen, unit=unit))
    except StaleEdit as stale:
        flash(stale.sentence, "problem")
        return redirect(changing)
    words = _("Đã bỏ ngày này khỏi lịch; có thể dùng lại khi cần.")
    return answer(outcome, words, lambda _nothing: _year_url(row.on, owner_of(row)))


def _asked_year() -> int:
    """Return the year that the address asks for, this year without one."""
    asked = request.args.get("nam", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else context.today().year


def _possible(number: int) -> int:
    """Return the year; raise Invalid for one that no calendar reaches."""
    year_of(context.reference().calendar, number)
    return number


def _year_url(on: date | None, owner: Owner) -> str:
    return url_for(".year", nam=on.year if on else None, cua=code_of(owner))


def _asked_day(owner: Owner) -> dict[str, Any]:
    """Return what the form of a new day begins with: the day that the address names, as those above have it."""
    try:
        on = date.fromisoformat(request.args.get("ngay", ""))
    except ValueError:
        return {}
    chain = context.reference().calendars.chain(owner)
    above = entries_of(context.session(), on.year, chain)
    found: list[Entry] = [one for one in differing(above, chain) if one.on == on and one.is_active]
    return {
        "on": on,
        **({"kind": found[0].kind, "name": found[0].name, "hours": found[0].hours} if found else {}),
    }
