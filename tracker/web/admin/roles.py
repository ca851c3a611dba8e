"""The roles of an account: given in a place from a day to a day, and ended."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.admin_accounts import GrantForm
from forms.dated import EndForm
from tracker.domain.access import Action
from tracker.domain.errors import Invalid
from tracker.domain.people import ROLE_WORDS
from tracker.services.accounts import end_grant, grant_role
from tracker.web import context
from tracker.web.access import needs
from tracker.web.admin import choices
from tracker.web.admin.accounts import blueprint, the_account
from tracker.web.forms import show_errors


@blueprint.route("/<int:account_id>/vai-tro", methods=["GET", "POST"])
@needs(Action.SETTINGS_WRITE)
def add_role(account_id: int) -> ResponseReturnValue:
    account = the_account(account_id)
    form = GrantForm(data={"valid_from": context.today()})
    form.unit_id.choices = choices.units(_("Không chọn"))
    form.body_id.choices = choices.bodies(_("Không chọn"))
    if request.method == "POST" and form.validate() and _grant(form, account_id):
        flash(_("Đã giao vai trò."))
        return redirect(url_for(".show", account_id=account_id))
    title = _("Giao vai trò cho %(name)s", name=account.display_name)
    page = render_template("admin/account_role.html", form=form, account=account, title=title)
    return page, 422 if form.errors else 200


def _grant(form: GrantForm, account_id: int) -> bool:
    """Give the role; return False, with the sentences on the form, when it is refused."""
    try:
        with context.unit() as unit:
            grant_role(account_id, form.command(), unit=unit)
    except Invalid as invalid:
        fields = {
            form.place.name if name == "place" else name: words for name, words in invalid.fields.items()
        }
        show_errors(form, Invalid(invalid.sentence, fields))
        return False
    return True


@blueprint.route("/<int:account_id>/vai-tro/<int:grant_id>/thoi", methods=["GET", "POST"])
@needs(Action.SETTINGS_WRITE)
def end_role(account_id: int, grant_id: int) -> ResponseReturnValue:
    account = the_account(account_id)
    grant = next((one for one in account.grants if one.id == grant_id), None)
    form = EndForm(data={"valid_to": context.today()})
    if request.method == "POST" and form.validate() and _end(form, account_id, grant_id):
        flash(_("Đã ghi ngày thôi giữ vai trò."))
        return redirect(url_for(".show", account_id=account_id))
    role = ROLE_WORDS.get(grant.role, "") if grant else ""
    title = _("Thôi giữ vai trò: %(role)s", role=role)
    page = render_template("admin/account_role.html", form=form, account=account, title=title)
    return page, 422 if form.errors else 200


def _end(form: EndForm, account_id: int, grant_id: int) -> bool:
    """End the role; return False, with the sentences on the form, when it is refused."""
    try:
        with context.unit() as unit:
            end_grant(account_id, grant_id, form.valid_to.data, unit=unit)
    except Invalid as invalid:
        show_errors(form, invalid)
        return False
    return True
