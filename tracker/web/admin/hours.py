"""Weekly hours of the nation, a unit or a body: what holds, what is coming, and the form of a week."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.admin_hours import EndHoursForm, HoursForm
from tracker.domain.access import Action
from tracker.domain.calendars import NATION, Owner
from tracker.domain.errors import NotFound
from tracker.domain.weekly_hours import HoursVersion, lines_of
from tracker.services.hours import end_hours, hours_of, put_hours, seen_hours
from tracker.web import context
from tracker.web.access import needs
from tracker.web.admin.listing import standing
from tracker.web.admin.owners import asked_owner, code_of, owner_name
from tracker.web.admin.redating import save

blueprint = Blueprint("hours", __name__, url_prefix="/lich/gio")


@blueprint.route("", methods=["GET", "POST"])
@needs(Action.SETTINGS_WRITE)
def week() -> ResponseReturnValue:
    owner = asked_owner()
    versions = hours_of(context.session(), owner)
    form = HoursForm(data=_first_values(owner, versions) if request.method == "GET" else None)
    if owner == NATION:
        del form.valid_to
    return save(
        form,
        lambda unit: put_hours(form.command(owner), unit=unit),
        _("Đã lưu. Áp dụng từ ngày đã ghi; bản trước đó vẫn được giữ."),
        page=lambda status: (_page(form, owner, versions), status),
        done=lambda _nothing: _url(owner),
    )


@blueprint.route("/<since>/thoi-ap-dung", methods=["GET", "POST"])
@needs(Action.SETTINGS_WRITE)
def end(since: str) -> ResponseReturnValue:
    owner = asked_owner()
    versions = hours_of(context.session(), owner)
    version = next((one for one in versions if one.valid_from.isoformat() == since), None)
    if version is None or owner == NATION:
        raise NotFound(_("Không tìm thấy bản ghi này."))
    form = EndHoursForm(data={"valid_to": version.valid_to, "version": seen_hours(versions)})
    page = {"owner_name": owner_name(owner), "version": version, "back": _url(owner)}
    return save(
        form,
        lambda unit: end_hours(form.command(owner, version.valid_from), unit=unit),
        _("Đã ghi ngày thôi áp dụng; từ ngày ấy lại theo giờ của cấp trên."),
        page=lambda status: (render_template("admin/hours_end.html", form=form, **page), status),
        done=lambda _nothing: _url(owner),
    )


def _first_values(owner: Owner, versions: tuple[HoursVersion, ...]) -> dict[str, Any]:
    """Return what the form begins with: the hours by which the owner works today, from today on."""
    today = context.today()
    lines = lines_of(context.reference().calendars.of(owner).week_on(today))
    return {**lines, "valid_from": today, "version": seen_hours(versions)}


def _page(form: HoursForm, owner: Owner, versions: tuple[HoursVersion, ...]) -> str:
    calendars, today = context.reference().calendars, context.today()
    above = calendars.hours_owner(owner, today) or NATION
    return render_template(
        "admin/hours.html",
        form=form,
        owner=owner,
        owner_code=code_of(owner),
        owner_name=owner_name(owner),
        inherited_from=owner_name(above) if above != owner else None,
        versions=[(one, standing(one, today)) for one in reversed(versions)],
        back=url_for("admin.calendar.year", cua=code_of(owner)),
    )


def _url(owner: Owner) -> str:
    return url_for(".week", cua=code_of(owner))
