"""Logging in and out, the person's own sessions and password."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from forms.auth import LogInForm, PasswordForm
from forms.mail_choice import MailChoiceForm
from tracker.db.reading.people import actor_of_token, mail_choice, running_sessions
from tracker.domain.access import Action
from tracker.domain.errors import Invalid, Refused
from tracker.domain.people import Actor
from tracker.services import people
from tracker.services.digests import choose_mail
from tracker.web import context
from tracker.web.access import PUBLIC, needs
from tracker.web.asking import cleaned, own_path
from tracker.web.forms import show_errors
from tracker.web.login import WHO, Person, is_another
from tracker.web.resuming import kept_fields, log_in_page, send_again
from tracker.web.throttle import remember_browser, throttled

blueprint = Blueprint("auth", __name__)


@blueprint.route("/dang-nhap", methods=["GET", "POST"])
@throttled
@needs(PUBLIC)
def log_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("desk.show"))
    form = LogInForm()
    if form.validate_on_submit():
        try:
            with context.unit(Actor(None, "")) as unit:
                token = people.log_in(form.username.data, form.password.data, _device(), unit=unit)
        except Refused as refused:
            form.username.errors = [refused.sentence]
        else:
            return _enter(token)
    return log_in_page(form, *kept_fields()), 422 if form.errors else 200


def _enter(token: str) -> ResponseReturnValue:
    entered = actor_of_token(context.session(), people.token_hash(token), context.today())
    account_id = entered.actor.account_id if entered else None
    is_other = account_id is not None and is_another(account_id)
    session.clear()  # a token planted before the log-in must not live on
    session[WHO] = account_id
    g.pop("csrf_token", None)  # made for the session that is no more
    session.permanent = True
    login_user(Person(Actor(None, ""), token))
    kept, target = kept_fields()
    if kept and not is_other:
        return remember_browser(make_response(send_again(kept, target)))
    answer = redirect(own_path(request.args.get("next")) or url_for("desk.show"))
    return remember_browser(make_response(answer))


def _device() -> str:
    return str(cleaned(request.user_agent.string))[:200]


@blueprint.post("/dang-xuat")
@needs(Action.OWN_DESK)
def log_out() -> ResponseReturnValue:
    with context.unit() as unit:
        people.log_out(current_user.id, unit=unit)
    logout_user()
    session.clear()
    answer = make_response(redirect(url_for("auth.log_in")))
    # The pages' script empties the device's store as well; this holds where it didn't run.
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@blueprint.get("/tai-khoan")
@needs(Action.OWN_DESK)
def account() -> ResponseReturnValue:
    return _account_page(PasswordForm())


def _account_page(form: PasswordForm) -> ResponseReturnValue:
    sessions = running_sessions(
        context.session(), context.actor().account_id, people.token_hash(current_user.id)
    )
    page = render_template(
        "auth/account.html",
        form=form,
        errors=form.errors,
        sessions=sessions,
        mail=MailChoiceForm(formdata=None, mail_choice=mail_choice(context.session(), context.actor())),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/tai-khoan/mat-khau")
@needs(Action.OWN_DESK)
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    if not form.validate_on_submit():
        return _account_page(form)
    try:
        with context.unit() as unit:
            people.change_password(form.current_password.data, form.new_password.data, unit=unit)
    except Invalid as invalid:
        show_errors(form, invalid)
        return _account_page(form)
    flash(_("Đã đổi mật khẩu. Các phiên đăng nhập cũ đã kết thúc, mời đăng nhập lại."))
    return redirect(url_for("auth.log_in"))


@blueprint.post("/tai-khoan/thu")
@needs(Action.OWN_DESK)
def change_mail() -> ResponseReturnValue:
    form = MailChoiceForm()
    with context.unit() as unit:
        choose_mail(form.mail_choice.data or "", unit=unit)
    flash(_("Đã đổi cách nhận thư thông báo."))
    return redirect(url_for(".account"))


@blueprint.post("/tai-khoan/phien/<int:session_id>/ket-thuc")
@needs(Action.OWN_DESK)
def end_session(session_id: int) -> ResponseReturnValue:
    with context.unit() as unit:
        people.end_session(session_id, unit.actor.account_id or 0, unit=unit)
    flash(_("Đã kết thúc phiên đăng nhập đó."))
    return redirect(url_for(".account"))
