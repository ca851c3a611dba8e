"""For operators: does what must go on by itself go on, what failed, and what waits for somebody's hand?"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.db.reading.calendar import national_bases
from tracker.db.reading.operating import last_digest, set_aside_clocks, set_aside_count
from tracker.db.reading.runtime import heartbeats
from tracker.db.reading.undelivered import undelivered_count
from tracker.domain.access import Action, may, ticket_reach
from tracker.domain.calendar_years import years_to_decide
from tracker.domain.errors import Unavailable
from tracker.domain.readiness import AUDIT, WORDS, overdue
from tracker.domain.time_limits import CLOCK_WORDS
from tracker.services.following import DAILY
from tracker.services.set_aside import retry_now
from tracker.web import context
from tracker.web.access import needs

blueprint = Blueprint("operating", __name__, url_prefix="/van-hanh")


@blueprint.get("")
@needs(Action.SETTINGS_WRITE)
def index() -> ResponseReturnValue:
    session, now, today = context.session(), context.now(), context.today()
    beats = heartbeats(session)
    reach = ticket_reach(context.actor(), context.reference().tree)
    return render_template(
        "operating/index.html",
        parts=_parts(beats, now),
        queue_error=_queue_error(),
        aside=set_aside_clocks(session, reach),
        aside_count=set_aside_count(session),
        unreached=undelivered_count(session, None),
        digested_on=last_digest(session),
        may_verify=bool(may(context.actor(), Action.AUDIT_READ)),
        audited_at=beats.get(AUDIT),
        years=years_to_decide(national_bases(session, today.year, today.year + 1), today),
        clocks=CLOCK_WORDS,
    )


@blueprint.post("/thu-lai/<int:clock_id>")
@needs(Action.SETTINGS_WRITE)
def retry(clock_id: int) -> ResponseReturnValue:
    with context.unit() as unit:
        retry_now(clock_id, unit=unit)
    flash(_("Lần rà hạn tới sẽ thử lại. Nếu vẫn hỏng, việc này lại hiện ở đây với lỗi mới."))
    return redirect(url_for(".index"))


def _parts(beats: Mapping[str, datetime], now: datetime) -> list[dict[str, Any]]:
    """Return each part that must go on by itself: when it last worked, how long ago in minutes, what is wrong."""
    limit = timedelta(minutes=context.parts().settings.sweep_stale_minutes)
    late = overdue(beats, now, limit)
    daily = {DAILY: _("Việc hằng ngày")}
    return [
        {"words": words, "at": (at := beats.get(name)), "lag": _minutes(at, now), "late": late.get(name, "")}
        for name, words in {**WORDS, **daily}.items()
    ]


def _minutes(at: datetime | None, now: datetime) -> int | None:
    return None if at is None else int((now - at).total_seconds() // 60)


def _queue_error() -> str:
    try:
        context.parts().wiring.queue.check()
    except Unavailable as away:
        return away.sentence
    return ""
