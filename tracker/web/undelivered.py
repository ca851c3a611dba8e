"""Whose letters did not arrive, with the error and since when; a button that sends them again."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.db.reading.undelivered import undelivered, undelivered_count
from tracker.domain.access import Action, may
from tracker.domain.scope import accounts_open
from tracker.services.reference import Reference
from tracker.services.undelivered import try_again
from tracker.web import context
from tracker.web.access import needs

blueprint = Blueprint("undelivered", __name__, url_prefix="/thu-chua-toi")


@blueprint.get("")
@needs(Action.UNDELIVERED_READ)
def index() -> ResponseReturnValue:
    lines = undelivered(context.session(), _accounts(context.reference()))
    may_correct = bool(may(context.actor(), Action.SETTINGS_WRITE))
    return render_template("notices/undelivered.html", lines=lines, may_correct=may_correct)


@blueprint.post("/<int:account_id>/gui-lai")
@needs(Action.UNDELIVERED_READ)
def again(account_id: int) -> ResponseReturnValue:
    reference = context.reference()
    with context.unit() as unit:
        try_again(account_id, unit=unit, reference=reference)
    flash(_("Sẽ gửi lại trong giờ làm việc. Nếu vẫn không tới, người này lại hiện ở đây."))
    return redirect(url_for(".index"))


def unreached(reference: Reference) -> int:
    """Return to how many persons of the actor's reach letters did not arrive; one query."""
    return undelivered_count(context.session(), _accounts(reference))


def _accounts(reference: Reference) -> frozenset[int] | None:
    return accounts_open(context.actor(), Action.UNDELIVERED_READ, reference.holdings, reference.tree)
