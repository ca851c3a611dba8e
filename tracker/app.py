"""The application factory: the only place that wires settings, database, queue, mail and screens together."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker.adapters.queue import JobQueue, RqQueue
from tracker.adapters.sealing import Seal
from tracker.db import tables  # noqa: F401 - fills the metadata
from tracker.db.base import db
from tracker.db.engine import prepare_engine
from tracker.paths import check_neighbours, template_root
from tracker.services.unit import Wiring
from tracker.settings import Settings
from tracker.web import register_screens
from tracker.web.context import Parts

MAX_FORM_BYTES = 2 * 1024 * 1024
"""A sheet with a hundred long concerns is under a quarter of this."""


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC. The only clock of the product."""
    return datetime.now(UTC)


def create_app(
    settings: Settings | None = None,
    *,
    queue: JobQueue | None = None,
    clock: Callable[[], datetime] = utc_now,
    config: Mapping[str, Any] | None = None,
) -> Flask:
    """Return a ready application; ``queue``, ``clock`` and Flask's ``config`` may be replaced by tests.

    Creates the data folder, but no table.
    """
    check_neighbours()
    settings = settings or Settings.from_environment()
    settings.folder.create()
    app = Flask("tracker", template_folder=str(template_root()), static_folder="web/static")
    _configure(app, settings)
    app.config.update(config or {})
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    wiring = Wiring(
        db.session, queue or RqQueue(settings.redis_url), settings.audit_key, Seal(settings.seal_key)
    )
    app.extensions["tracker"] = Parts(settings=settings, wiring=wiring, clock=clock)
    Babel(app, default_locale="vi", default_timezone="Asia/Ho_Chi_Minh")
    register_screens(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={} if settings.on_sqlite else {"pool_pre_ping": True},
        SESSION_COOKIE_NAME="bam_co_so",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        MAX_FORM_PARTS=20_000,
        # A sheet may be typed over an evening: the token lives as long as the log-in.
        WTF_CSRF_TIME_LIMIT=None,
        # The base URL's scheme, not the request's, says whether a referrer can be asked for.
        WTF_CSRF_SSL_STRICT=settings.base_url.startswith("https://"),
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
