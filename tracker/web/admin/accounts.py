"""Accounts: opened with a password shown once, closed, given a new password, their sessions ended."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.admin_accounts import AccountForm
from forms.dated import seen_version
from tracker.db.reading.accounts import AccountLine, GrantLine, account_lines
from tracker.db.reading.people import absence_lines, running_sessions
from tracker.domain.access import Action
from tracker.domain.errors import Conflict, Invalid, NotFound
from tracker.domain.org import OrgTree
from tracker.domain.people import ROLE_WORDS
from tracker.services import accounts, people
from tracker.web import context
from tracker.web.access import needs
from tracker.web.admin import choices
from tracker.web.admin.listing import found_by, page_of
from tracker.web.forms import show_errors

blueprint = Blueprint("accounts", __name__, url_prefix="/tai-khoan")

_ISSUED = "issued_password"
"""Where the sealed first password waits for the one page that shows it."""


@blueprint.get("/")
@needs(Action.SETTINGS_WRITE)
def index() -> ResponseReturnValue:
    tree, today = context.reference().tree, context.today()
    lines = [(one, _roles_on(one, tree, today)) for one in account_lines(context.session())]
    sought = request.args.get("q", "").strip()[:100]
    found = [
        (one, roles)
        for one, roles in lines
        if found_by(sought, (one.username, one.display_name, one.email or "", *roles))
    ]
    shown, pager = page_of(found)
    return render_template("admin/accounts.html", lines=shown, pager=pager, sought=sought)


@blueprint.route("/them", methods=["GET", "POST"])
@needs(Action.SETTINGS_WRITE)
def add() -> ResponseReturnValue:
    form = AccountForm()
    if form.validate_on_submit() and (opened := _open(form)):
        _issue(*opened)
        return redirect(url_for(".show", account_id=opened[0]))
    return render_template("admin/account_add.html", form=form), 422 if form.errors else 200


def _open(form: AccountForm) -> tuple[int, str] | None:
    """Open the account and return its id and first password; None, with the sentence on the form, if refused."""
    try:
        with context.unit() as unit:
            return accounts.open_account(
                form.username.data, form.display_name.data, form.email.data, unit=unit
            )
    except Invalid as invalid:
        show_errors(form, invalid)
    except Conflict as taken:
        form.username.errors = [taken.sentence]
    return None


@blueprint.route("/<int:account_id>", methods=["GET", "POST"])
@needs(Action.SETTINGS_WRITE)
def show(account_id: int) -> ResponseReturnValue:
    account, tree = the_account(account_id), context.reference().tree
    form = AccountForm(data={**vars(account)})
    del form.username
    status = 200
    if request.method == "POST":
        status = _change(form, account_id)
    if status == 302:
        flash(_("Đã lưu."))
        return redirect(url_for(".show", account_id=account_id))
    page = render_template(
        "admin/account.html",
        form=form,
        account=account,
        grants=[(grant, _where(grant, tree), _standing(grant)) for grant in account.grants],
        absences=absence_lines(context.session(), account_id, context.today()),
        sessions=running_sessions(context.session(), account_id, ""),
        password=_issued(account_id) if request.method == "GET" else None,
    )
    return page, status


def _change(form: AccountForm, account_id: int) -> int:
    """Save the name and address; return 302 when it is done, else the status of the page that says why not."""
    if not form.validate():
        return 422
    try:
        with context.unit() as unit:
            version = seen_version(form.version.data) or 0
            accounts.change_account(account_id, form.display_name.data, form.email.data, version, unit=unit)
    except Conflict as stale:
        form.form_errors.append(stale.sentence)
        return 409
    return 302


@blueprint.post("/<int:account_id>/dong")
@needs(Action.SETTINGS_WRITE)
def disable(account_id: int) -> ResponseReturnValue:
    try:
        with context.unit() as unit:
            accounts.disable_account(the_account(account_id).username, unit=unit)
    except Invalid as invalid:
        flash(invalid.sentence, "problem")
    else:
        flash(_("Đã đóng tài khoản và kết thúc mọi phiên đăng nhập."))
    return redirect(url_for(".show", account_id=account_id))


@blueprint.post("/<int:account_id>/mat-khau")
@needs(Action.SETTINGS_WRITE)
def reset(account_id: int) -> ResponseReturnValue:
    username = the_account(account_id).username
    with context.unit() as unit:
        password = accounts.reset_password(username, unit=unit)
    _issue(account_id, password)
    return redirect(url_for(".show", account_id=account_id))


@blueprint.post("/<int:account_id>/ket-thuc-phien")
@needs(Action.SETTINGS_WRITE)
def end_sessions(account_id: int) -> ResponseReturnValue:
    the_account(account_id)
    with context.unit() as unit:
        people.end_all_sessions(account_id, unit=unit)
    flash(_("Đã kết thúc mọi phiên đăng nhập của tài khoản này."))
    return redirect(url_for(".show", account_id=account_id))


def the_account(account_id: int) -> AccountLine:
    """Return the account with its roles; raise NotFound."""
    found = account_lines(context.session(), account_id)
    if not found:
        raise NotFound("Không tìm thấy tài khoản này.")
    return found[0]


def _issue(account_id: int, password: str) -> None:
    """Keep the password, sealed, for the next page: it is shown once and stands in no log and no address."""
    sealed = context.parts().wiring.seal.close(password).decode()
    session[_ISSUED] = {"account": account_id, "sealed": sealed}


def _issued(account_id: int) -> str | None:
    """Return the account's new password if this is the page that shows it, and forget it."""
    kept: dict[str, Any] | None = session.pop(_ISSUED, None)
    if kept is None or kept["account"] != account_id:
        return None
    return context.parts().wiring.seal.open(kept["sealed"].encode())


def _roles_on(account: AccountLine, tree: OrgTree, on: date) -> list[str]:
    return [f"{ROLE_WORDS[g.role]}, {_where(g, tree)}" for g in account.grants if g.holds_on(on)]


def _where(grant: GrantLine, tree: OrgTree) -> str:
    """Return the name of the place in which the role is held."""
    if grant.body_id is not None:
        body = tree.bodies.get(grant.body_id)
        return choices.body_place(body, tree) if body else _("đơn vị đã thôi hoạt động")
    unit = tree.units.get(grant.unit_id or 0)
    return unit.name if unit else _("đơn vị đã thôi hoạt động")


def _standing(grant: GrantLine) -> str:
    today = context.today()
    if grant.holds_on(today):
        return "now"
    return "future" if grant.valid_from > today else "past"
