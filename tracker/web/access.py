"""The gate before every view: who isn't logged in goes to the log-in, who may not do a thing is refused.

A view says what it needs with ``@needs``; one that says nothing is never served (fail closed).
"""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.domain.access import Action, Resource, may
from tracker.domain.errors import Refused
from tracker.web.context import actor
from tracker.web.resuming import sent_without_log_in

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

PUBLIC = "public"
"""Rule of the few routes that anybody may open: log-in, health, static files."""

ACCESS_RULES: dict[str, str] = {"static": PUBLIC}
"""Rules of endpoints that are not views of ours, by endpoint."""


def needs(action: Action | str) -> Callable[[View], View]:
    """Return a decorator that says which action a view needs (or PUBLIC)."""

    def mark(view: View) -> View:
        view.access_rule = action  # type: ignore[attr-defined]
        return view

    return mark


def rule_of(app: Flask, endpoint: str) -> str | None:
    """Return the endpoint's access rule, or None when it has none."""
    if endpoint in ACCESS_RULES:
        return ACCESS_RULES[endpoint]
    return getattr(app.view_functions.get(endpoint), "access_rule", None)


def allow(action: Action, resource: Resource | None = None) -> None:
    """Raise Refused, with the reason, when the person may not do it to the thing."""
    decision = may(actor(), action, resource)
    if not decision:
        raise Refused(decision.because)


def attach(app: Flask) -> None:
    """Put the gate before every request."""
    app.before_request(_gate)


def _gate() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such address: the 404 page needs no log-in
    rule = rule_of(current_app, request.endpoint)
    if rule == PUBLIC:
        return None
    if rule is None:
        raise Refused("Địa chỉ này chưa được mở cho ai.")
    if not current_user.is_authenticated:
        if (kept := sent_without_log_in()) is not None:
            return kept
        back = request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None
        return redirect(url_for("auth.log_in", next=back))
    if current_user.must_change_password and request.blueprint != "auth":
        flash(_("Hãy đặt mật khẩu của riêng đồng chí trước khi làm việc."))
        return redirect(url_for("auth.account"))
    allow(Action(rule))
    return None
