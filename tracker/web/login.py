"""Who is logged in: the cookie holds a token, the database says whether it still opens anything."""

from datetime import timedelta

from flask import Flask, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin
from flask_wtf import CSRFProtect

from tracker.db.reading.people import actor_of_token
from tracker.domain.people import Actor
from tracker.services.people import is_over, keep_alive, token_hash
from tracker.web import context

SEEN_EVERY = timedelta(minutes=10)
"""How often a log-in's last use is written down; more often would make every reading a writing."""

csrf = CSRFProtect()


def _who_tries() -> str:
    """Return the key under which log-in attempts are counted: the account tried, from this address."""
    return f"{get_remote_address()}|{request.form.get('username', '').strip().lower()[:80]}"


limiter = Limiter(key_func=_who_tries, headers_enabled=False)


class Person(UserMixin):
    """The logged-in person as Flask-Login wants it; ``actor`` is what the rest uses."""

    def __init__(self, actor: Actor, token: str, *, must_change_password: bool = False) -> None:
        self.id = token
        self.actor = actor
        self.must_change_password = must_change_password


def attach(app: Flask) -> None:
    """Attach log-in, form tokens and the throttle of log-in attempts."""
    manager = LoginManager(app)
    manager.session_protection = None  # phones change networks; the token alone decides
    manager.user_loader(_load)
    csrf.init_app(app)
    app.config.setdefault("RATELIMIT_STORAGE_URI", _throttle_store(context_url(app)))
    app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", True)
    limiter.init_app(app)


def context_url(app: Flask) -> str:
    """Return the queue's address, which the throttle shares."""
    parts: context.Parts = app.extensions["tracker"]
    return parts.settings.redis_url


def _throttle_store(redis_url: str) -> str:
    """Return the address in the form that the limits library knows (its Valkey client)."""
    for ours, theirs in (
        ("unix://", "valkey+unix://"),
        ("rediss://", "valkeys://"),
        ("redis://", "valkey://"),
    ):
        if redis_url.startswith(ours):
            return theirs + redis_url[len(ours) :]
    return redis_url


def _load(token: str) -> Person | None:
    found = actor_of_token(context.session(), token_hash(token), context.today())
    if found is None or is_over(found.seen_at, context.now()):
        session.clear()
        return None
    if context.now() - found.seen_at > SEEN_EVERY:
        with context.unit(found.actor) as unit:
            keep_alive(found.session_id, unit=unit)
    return Person(found.actor, token, must_change_password=found.must_change_password)
