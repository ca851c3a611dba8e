"""For the machines that watch: is the process up, and does the product do its work?"""

from datetime import timedelta

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker.adapters.queue import JobQueue
from tracker.db.reading.runtime import check_database, heartbeats
from tracker.domain.errors import Unavailable
from tracker.domain.readiness import overdue
from tracker.web import context
from tracker.web.access import PUBLIC, needs

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@needs(PUBLIC)
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok")


@blueprint.get("/readyz")
@needs(PUBLIC)
def readyz() -> ResponseReturnValue:
    parts = context.parts()
    reasons = _queue(parts.wiring.queue)
    reasons |= _database(parts.wiring.session(), timedelta(minutes=parts.settings.sweep_stale_minutes))
    return jsonify(ready=not reasons, reasons=reasons), 503 if reasons else 200


def _queue(queue: JobQueue) -> dict[str, str]:
    try:
        queue.check()
    except Unavailable as away:
        return {"queue": away.sentence}
    return {}


def _database(session: Session, limit: timedelta) -> dict[str, str]:
    try:
        check_database(session)
        return overdue(heartbeats(session), context.now(), limit)
    except SQLAlchemyError:
        return {"database": "Cơ sở dữ liệu không trả lời, hoặc chưa được nâng cấp."}
