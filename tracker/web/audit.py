"""What happened, newest first in plain words, and whether the chain is whole."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.audit import VerifyForm
from tracker.db.reading.audit import audit_lines
from tracker.domain.access import Action, ticket_reach
from tracker.domain.errors import Invalid
from tracker.domain.readiness import AUDIT
from tracker.services.audit import read_anchor, verify
from tracker.services.heartbeats import beat
from tracker.web import context
from tracker.web.access import needs
from tracker.web.asking import whole
from tracker.web.forms import show_errors

blueprint = Blueprint("audit", __name__, url_prefix="/nhat-ky")

PAGE = 100
"""Rows on one page."""


@blueprint.get("")
@needs(Action.AUDIT_READ)
def index() -> ResponseReturnValue:
    return _page(VerifyForm(formdata=None), request.args.get("before", type=whole))


@blueprint.post("/kiem-tra")
@needs(Action.AUDIT_READ)
def check() -> ResponseReturnValue:
    form = VerifyForm()
    try:
        found = verify(
            context.session(), context.parts().wiring.audit_key, read_anchor(form.anchor.data or "")
        )
    except Invalid as invalid:
        show_errors(form, invalid)
        return _page(form, status=422)
    if found.broken is None:
        with context.unit() as unit:
            beat(AUDIT, unit=unit)
    return _page(form, found=found)


def _page(form: VerifyForm, before: int | None = None, status: int = 200, **more: Any) -> ResponseReturnValue:
    reach = ticket_reach(context.actor(), context.reference().tree)
    lines = audit_lines(context.session(), reach, PAGE, before)
    older = url_for(".index", before=lines[-1].seq) if len(lines) == PAGE and lines[-1].seq > 1 else None
    return render_template("audit/index.html", lines=lines, older=older, form=form, **more), status
