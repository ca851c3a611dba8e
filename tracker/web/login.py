"""Who is logged in: the cookie holds a token, the database says whether it still opens anything."""

from datetime import timedelta

from flask import Flask, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin
from flask_wtf import CSRFProtect

from tracker.db.reading.people import actor_of_token
from tracker.domain.people import Actor
from tracker.services.people import is_over, keep_alive, token_hash
from tracker.web import context, throttle

SEEN_EVERY = timedelta(minutes=10)
"""How often a log-in's last use is written down; more often would make every reading a writing."""

csrf = CSRFProtect()


class Person(UserMixin):
    """The logged-in person as Flask-Login wants it; ``actor`` is what the rest uses."""

    def __init__(self, actor: Actor, token: str, *, must_change_password: bool = False) -> None:
        self.id = token
        self.actor = actor
        self.must_change_password = must_change_password


class CookieOfPages(SecureCookieSessionInterface):
    """Flask's own cookie, renewed by pages only.

    A style sheet that sets a cookie can't be kept by a cache on the way, and one that arrives
    after the log-out would bring the ended log-in's cookie back.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Return whether the answer being made carries the cookie."""
        return request.endpoint != "static" and super().should_set_cookie(app, session)


def attach(app: Flask) -> None:
    """Attach log-in, form tokens and the limits on failed log-ins."""
    app.session_interface = CookieOfPages()
    manager = LoginManager(app)
    manager.session_protection = None  # phones change networks; the token alone decides
    manager.user_loader(_load)
    csrf.init_app(app)
    throttle.attach(app)


WHO = "who"
"""In the cookie: the account that logged in last, still known when the log-in has ended by itself."""


def forget_log_in() -> None:
    """Empty the cookie of a log-in that has ended, except for whose it was."""
    who = session.get(WHO)
    session.clear()
    if who is not None:
        session[WHO] = who


def is_another(account_id: int) -> bool:
    """Return whether somebody else was logged in here before; unknown after a log-out or without the cookie."""
    return session.get(WHO) not in (None, account_id)


def _load(token: str) -> Person | None:
    found = actor_of_token(context.session(), token_hash(token), context.today())
    if found is None or is_over(found.seen_at, context.now()):
        forget_log_in()
        return None
    if context.now() - found.seen_at > SEEN_EVERY:
        with context.unit(found.actor) as unit:
            keep_alive(found.session_id, unit=unit)
    return Person(found.actor, token, must_change_password=found.must_change_password)
