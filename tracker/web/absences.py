"""The own absence: noted with a colleague who stands in, and ended on coming back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from forms.absence import AbsenceForm
from forms.dated import options
from tracker.db.reading.people import absence_lines, grants_on, open_accounts
from tracker.domain.absences import may_name
from tracker.domain.access import Action
from tracker.domain.errors import Invalid
from tracker.domain.text import sort_key
from tracker.services.absences import end_absence, note_absence
from tracker.web import context
from tracker.web.access import needs
from tracker.web.forms import show_errors

blueprint = Blueprint("absences", __name__, url_prefix="/tai-khoan/vang-mat")


@blueprint.route("", methods=["GET", "POST"])
@needs(Action.OWN_DESK)
def own() -> ResponseReturnValue:
    account_id = context.actor().account_id or 0
    form = absence_form(_colleagues(account_id))
    if request.method == "POST" and form.validate() and note(form, account_id):
        flash(_("Đã ghi vắng mặt. Người thay được báo ngay."))
        return redirect(url_for(".own"))
    lines = absence_lines(context.session(), account_id, context.today())
    page = render_template(
        "auth/absence.html",
        form=form,
        own=[line for line in lines if line.account_id == account_id],
        acting=[line for line in lines if line.account_id != account_id],
    )
    return page, 422 if form.errors else 200


@blueprint.post("/<int:absence_id>/tro-lai")
@needs(Action.OWN_DESK)
def end(absence_id: int) -> ResponseReturnValue:
    with context.unit() as unit:
        end_absence(unit.actor.account_id or 0, absence_id, unit=unit)
    flash(_("Đã ghi đồng chí trở lại. Thông báo lại tới đồng chí từ bây giờ."))
    return redirect(url_for(".own"))


def absence_form(people: dict[int, str]) -> AbsenceForm:
    """Return the form with these people to choose from, by name."""
    form = AbsenceForm(data={"valid_from": context.today()})
    form.substitute.choices = _choices(people)
    return form


def note(form: AbsenceForm, account_id: int) -> bool:
    """Note the absence; return False, with the sentences on the form, when it is refused."""
    try:
        with context.unit() as unit:
            note_absence(form.command(account_id), unit=unit, tree=context.reference().tree)
    except Invalid as invalid:
        show_errors(form, invalid)
        return False
    return True


def _choices(people: dict[int, str]) -> list[SelectChoice]:
    ordered = sorted(people.items(), key=lambda one: sort_key(one[1]))
    return options({str(account_id): name for account_id, name in ordered}, _("Chọn người thay"))


def _colleagues(account_id: int) -> dict[int, str]:
    """Return whom the person may name by themselves; the service asks the same again."""
    held = grants_on(context.session(), context.today())
    names, tree = open_accounts(context.session()), context.reference().tree
    own = held.get(account_id, ())
    return {
        other: names[other]
        for other, grants in held.items()
        if other != account_id and other in names and may_name(own, grants, tree)
    }
