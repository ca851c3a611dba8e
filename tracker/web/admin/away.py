"""The absence of an account, noted by the administrator: the substitute may be anybody with an open account."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.db.reading.people import open_accounts
from tracker.domain.access import Action
from tracker.services.absences import end_absence
from tracker.web import context
from tracker.web.absences import absence_form, note
from tracker.web.access import needs
from tracker.web.admin.accounts import blueprint, the_account


@blueprint.route("/<int:account_id>/vang-mat", methods=["GET", "POST"])
@needs(Action.SETTINGS_WRITE)
def add_absence(account_id: int) -> ResponseReturnValue:
    account = the_account(account_id)
    people = open_accounts(context.session())
    people.pop(account_id, None)
    form = absence_form(people)
    if request.method == "POST" and form.validate() and note(form, account_id):
        flash(_("Đã ghi vắng mặt. Người thay được báo ngay."))
        return redirect(url_for(".show", account_id=account_id))
    title = _("Ghi vắng mặt, người thay: %(name)s", name=account.display_name)
    page = render_template("admin/account_role.html", form=form, account=account, title=title)
    return page, 422 if form.errors else 200


@blueprint.post("/<int:account_id>/vang-mat/<int:absence_id>/tro-lai")
@needs(Action.SETTINGS_WRITE)
def end_away(account_id: int, absence_id: int) -> ResponseReturnValue:
    with context.unit() as unit:
        end_absence(account_id, absence_id, unit=unit)
    flash(_("Đã ghi người này trở lại, hết người thay."))
    return redirect(url_for(".show", account_id=account_id))
