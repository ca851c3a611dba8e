"""What a person was told: unread first; opening one marks it read and goes to the thing."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.db.reading.notices import lines
from tracker.domain.access import Action
from tracker.services import reading_notices
from tracker.web import context
from tracker.web.access import needs

blueprint = Blueprint("notices", __name__, url_prefix="/thong-bao")


@blueprint.get("")
@needs(Action.OWN_DESK)
def index() -> ResponseReturnValue:
    found = lines(context.session(), context.actor().account_id)
    unread = [line for line in found if line.read_at is None]
    return render_template(
        "notices/index.html", unread=unread, read=[line for line in found if line.read_at is not None]
    )


@blueprint.post("/<int:notice_id>/mo")
@needs(Action.OWN_DESK)
def open_notice(notice_id: int) -> ResponseReturnValue:
    with context.unit() as unit:
        ticket_id = reading_notices.mark_read(notice_id, unit=unit)
    if ticket_id is None:
        return redirect(url_for(".index"))
    return redirect(url_for("tickets.show", ticket_id=ticket_id))


@blueprint.post("/da-doc")
@needs(Action.OWN_DESK)
def read_all() -> ResponseReturnValue:
    with context.unit() as unit:
        reading_notices.mark_all_read(unit=unit)
    flash(_("Đã đánh dấu tất cả thông báo là đã đọc."))
    return redirect(url_for(".index"))
