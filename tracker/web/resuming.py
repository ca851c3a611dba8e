"""A log-in that ended while somebody typed: what was sent is kept on the way through the log-in, and sent again.

Nothing is done with it before the person has logged in, has seen it and has pressed the button: the server keeps
nothing meanwhile, and a page elsewhere that posts here gets nothing kept (its origin isn't ours).
"""

import json
from urllib.parse import urlsplit

from flask import current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from forms.auth import LogInForm
from tracker.web.asking import own_path

FIELD, TARGET = "kept", "kept_for"
"""Hidden fields of the log-in: what was sent, as JSON pairs of name and value, and where it was sent to."""

_NOT_KEPT = frozenset({"csrf_token", FIELD, TARGET})
SHOWN = 20
"""Letters from which a value is shown to be read again; shorter ones are choices, dates and numbers."""

Pairs = list[tuple[str, str]]


def sent_without_log_in() -> ResponseReturnValue | None:
    """Return the page that asks to log in and keeps what this request sent; None when it sent nothing to keep."""
    pairs = [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_KEPT]
    if current_user.is_authenticated or request.method != "POST" or not pairs:
        return None
    target = request.full_path.rstrip("?")
    if not _takes_posts(target):
        return None
    return log_in_page(LogInForm(formdata=None), json.dumps(pairs, ensure_ascii=False), target), 401


def is_from_here() -> bool:
    """Return whether the browser says that a page of ours sent this request."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return bool(origin.netloc) and origin.netloc == request.host


def log_in_page(form: LogInForm, kept: str = "", target: str = "") -> str:
    """Return the log-in's page, with what is kept of an interrupted one."""
    return render_template("auth/login.html", form=form, errors=form.errors, kept=kept, kept_for=target)


def kept_fields() -> tuple[str, str]:
    """Return what the log-in carries along and for where; nothing when that can't be taken."""
    kept, target = request.form.get(FIELD, ""), own_path(request.form.get(TARGET)) or ""
    return (kept, target) if target and _takes_posts(target) and _pairs(kept) else ("", "")


def send_again(kept: str, target: str) -> ResponseReturnValue:
    """Return the page that shows what was typed, with the button that sends it as the person who is logged in."""
    pairs = _pairs(kept)
    long = [value for _, value in pairs if len(value) >= SHOWN]
    return make_response(render_template("auth/resume.html", pairs=pairs, target=target, typed=long))


def _pairs(kept: str) -> Pairs:
    try:
        found = json.loads(kept)
        return [(name, value) for name, value in found if isinstance(name, str) and isinstance(value, str)]
    except (ValueError, TypeError, RecursionError):
        return []


def _takes_posts(target: str) -> bool:
    """Return whether a page of ours takes what is posted there."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(urlsplit(target).path, method="POST")
    except HTTPException:
        return False
    return endpoint != "auth.log_in"
