"""A ticket's clocks on its page: how each stands, what moved them, and which act on them fits now."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from tracker.db.reading.clock_lines import ClockLine
from tracker.db.reading.ticket_page import TicketPage
from tracker.domain.dates import time_words
from tracker.domain.extensions import Extension
from tracker.domain.pauses import Pause
from tracker.domain.time_limits import CLOCK_WORDS, Clock, LimitUnit


@dataclass(frozen=True)
class ClockShown:
    """One clock in words: what it is for, when it is due, how it stands, and a tone for the eye."""

    what: str
    due_at: datetime
    state: str
    tone: str


def clocks_shown(page: TicketPage, now: datetime) -> tuple[ClockShown, ...]:
    """Return the clocks of the last round, each with its own state: one being met never moves another."""
    last = max((clock.round for clock in page.clocks), default=1)
    return tuple(_shown(clock, page, now) for clock in page.clocks if clock.round == last)


def _shown(clock: ClockLine, page: TicketPage, now: datetime) -> ClockShown:
    words = CLOCK_WORDS[clock.kind]
    state, tone = _state(clock, page, now)
    return ClockShown(words[:1].upper() + words[1:], clock.due_at, state, tone)


def _state(clock: ClockLine, page: TicketPage, now: datetime) -> tuple[str, str]:
    pause = page.lasting_pause
    if clock.met_at is not None:
        late = clock.met_at > clock.due_at
        return (
            (_("xong lúc %(time)s, muộn", time=time_words(clock.met_at)), "late")
            if late
            else (_("xong lúc %(time)s, đúng hạn", time=time_words(clock.met_at)), "")
        )
    if clock.stopped_at is not None:
        return _("không tính nữa từ %(time)s", time=time_words(clock.stopped_at)), ""
    if pause is not None and pause.clock_id == clock.id and now < pause.promised_at:
        return _("tạm dừng, làm tiếp từ %(time)s", time=time_words(pause.promised_at)), ""
    return (_("đang chạy, đã quá hạn"), "late") if now > clock.due_at else (_("đang chạy"), "")


def moved_by(page: TicketPage, clock_id: int) -> tuple[list[Pause], list[Extension]]:
    """Return what was paused and granted of the clock, as the reckoning takes it."""
    pauses = [
        Pause(one.begins_at, one.ended_at or one.promised_at, one.reason)
        for one in page.pauses
        if one.clock_id == clock_id and (one.ended_at or one.promised_at) > one.begins_at
    ]
    granted = [one for one in page.extensions if one.clock_id == clock_id and one.state == "granted"]
    granted.sort(key=lambda one: one.decided_at or one.asked_at)
    return pauses, [Extension(one.amount, LimitUnit(one.unit), one.reason) for one in granted]


def fits_clock(act: str, page: TicketPage, now: datetime) -> bool:
    """Return whether the act has anything to act on: what is paused can't be paused again, and so on."""
    clock = page.clock(Clock.ANSWER)
    is_open = clock is not None and clock.is_running and now <= clock.due_at
    pause = page.lasting_pause
    return {
        "pause": is_open and pause is None,
        "resume": pause is not None and now < pause.promised_at,
        "extend": is_open and page.asked_extension is None,
        "decide": page.asked_extension is not None,
    }.get(act, True)
