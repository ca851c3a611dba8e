"""What a person sees when something is refused or breaks: one calm page, never a traceback."""

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tracker.domain.errors import Conflict, Invalid, NotFound, Refused, TrackerError, Unavailable
from tracker.web.resuming import is_from_here, sent_without_log_in

STATUS: tuple[tuple[type[TrackerError], int], ...] = (
    (Refused, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Invalid, 422),
    (Unavailable, 503),
)
"""The HTTP status of each refusal; the first that fits."""

_PAGES = frozenset({400, 403, 404, 409, 413, 429, 500, 503})


def status_of(error: TrackerError) -> int:
    """Return the HTTP status of a refusal."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def attach(app: Flask) -> None:
    """Attach the error pages."""
    app.register_error_handler(TrackerError, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _broken)


def _page(status: int, sentence: str | None = None) -> ResponseReturnValue:
    page = status if status in _PAGES else (400 if status < 500 else 500)
    return render_template(f"errors/{page}.html", sentence=sentence), status


def _refused(error: TrackerError) -> ResponseReturnValue:
    return _page(status_of(error), error.sentence)


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    if is_from_here() and (kept := sent_without_log_in()) is not None:
        return kept
    return _page(400, _("Phiên làm việc đã đổi. Hãy quay lại, tải lại trang rồi gửi lại; bản nháp vẫn còn."))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    return _page(error.code)


def _broken(_error: Exception) -> ResponseReturnValue:
    return _page(500)
