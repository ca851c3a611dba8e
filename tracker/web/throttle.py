"""How often a log-in may fail before one has to wait: by person and place, by place, by person.

Only failures count, so that an office behind one address comes in every morning. No wait is longer than a quarter
of an hour. A browser in which the person logged in before is counted by itself: strangers who try the person's
name, or who share the address, can't keep the person out of it.
"""

import hashlib
import ipaddress
import math
import secrets
import time
from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from itsdangerous import BadData, URLSafeTimedSerializer

from tracker.domain.dates import time_words
from tracker.web import context

PERSON_HERE = "8 per minute; 20 per 15 minutes"
"""Failures for one name from one place."""
PLACE = "40 per minute; 120 per 15 minutes"
"""Failures from one place, whatever the names: mistyping of an office of some hundred people."""
PERSON = "40 per 15 minutes"
"""Failures for one name, whatever the places."""

COOKIE, KEPT_FOR, MOST_NAMES = "bam_co_so_may", timedelta(days=180), 12
"""The cookie that says who logged in in this browser before, and how many such it remembers."""


def tried_name() -> str:
    """Return the name that is being tried, as all its spellings are counted together."""
    return request.form.get("username", "").strip().lower()[:80]


def place() -> str:
    """Return where the request comes from: an address, of IPv6 the network that one line is given."""
    try:
        address = ipaddress.ip_address(get_remote_address())
    except ValueError:
        return "?"  # a proxy that names no address: all of its callers are one place
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _person_here() -> str:
    return f"pair|{_known_browser() or place()}|{tried_name()}"


limiter = Limiter(key_func=_person_here, headers_enabled=False)


def _failed(answer: Response) -> bool:
    return answer.status_code == 422


def throttled(view: Any) -> Any:
    """Return the log-in's view with the three limits on what is sent to it."""
    common: dict[str, Any] = {"methods": ["POST"], "deduct_when": _failed}
    apart = common | {"exempt_when": lambda: bool(_known_browser())}
    view = limiter.limit(PERSON_HERE, key_func=_person_here, **common)(view)
    view = limiter.limit(PLACE, key_func=lambda: f"place|{place()}", **apart)(view)
    return limiter.limit(PERSON, key_func=lambda: f"person|{tried_name()}", **apart)(view)


def attach(app: Flask) -> None:
    """Attach the limits and the page that says when to try again."""
    parts: context.Parts = app.extensions["tracker"]
    app.config.setdefault("RATELIMIT_STORAGE_URI", _store(parts.settings.redis_url))
    app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", True)
    limiter.init_app(app)
    app.register_error_handler(429, _wait)


def _store(redis_url: str) -> str:
    """Return the queue's address in the form that the limits library knows (its Valkey client)."""
    for ours, theirs in (
        ("unix://", "valkey+unix://"),
        ("rediss://", "valkeys://"),
        ("redis://", "valkey://"),
    ):
        if redis_url.startswith(ours):
            return theirs + redis_url[len(ours) :]
    return redis_url


def _wait(_error: Exception) -> ResponseReturnValue:
    breached = limiter.current_limit
    seconds = max(1, math.ceil(breached.reset_at - time.time())) if breached else 60
    until = time_words(context.now() + timedelta(seconds=seconds))
    sentence = _(
        "Đã có quá nhiều lần thử trong thời gian ngắn. Đồng chí thử lại được sau %(minutes)s phút, lúc %(at)s.",
        minutes=math.ceil(seconds / 60),
        at=until,
    )
    return render_template("errors/429.html", sentence=sentence), 429, {"Retry-After": str(seconds)}


def _signer() -> URLSafeTimedSerializer:
    assert current_app.secret_key is not None
    return URLSafeTimedSerializer(current_app.secret_key, salt="known-browser")


def _mark(name: str) -> str:
    """Return what the cookie holds in the name's place."""
    key = hashlib.sha256(_signer().secret_keys[-1]).digest()
    return hashlib.blake2b(name.encode(), key=key, digest_size=8).hexdigest()


def _remembered() -> dict[str, Any]:
    """Return what this browser's cookie says: its own mark and those of who logged in; empty for a forged one."""
    try:
        found = _signer().loads(request.cookies.get(COOKIE, ""), max_age=int(KEPT_FOR.total_seconds()))
    except BadData:
        return {}
    return found if isinstance(found, dict) else {}


def _known_browser() -> str:
    """Return the browser's mark if the person who is tried logged in here before, else nothing."""
    known = _remembered()
    return str(known["browser"]) if _mark(tried_name()) in known.get("names", ()) else ""


def remember_browser(answer: Response) -> Response:
    """Return the answer to a log-in that succeeded, with a cookie that says so."""
    known, mine = _remembered(), _mark(tried_name())
    names = [mine, *(one for one in known.get("names", ()) if one != mine)][:MOST_NAMES]
    value = _signer().dumps({"browser": known.get("browser") or secrets.token_hex(8), "names": names})
    answer.set_cookie(
        COOKIE,
        value.decode() if isinstance(value, bytes) else value,
        max_age=KEPT_FOR,
        path="/dang-nhap",
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer
