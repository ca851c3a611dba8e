"""Spans in which a clock stands, the time that they give back, and what a pause must keep to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.domain.calendar import WorkingCalendar, instant
from tracker.domain.dates import date_words, time_words
from tracker.domain.errors import Invalid
from tracker.domain.spans import Span

REASON_MIN = 10
"""Letters: below, a reason for a pause says nothing."""


@dataclass(frozen=True)
class Pause:
    """A span in which the clock stands, half-open; only open time in it is credited (glpi#10594).

    Raises Invalid for one that doesn't end after it begins, a naive time and a year no calendar reaches.
    """

    begins: datetime
    ends: datetime
    reason: str = ""

    def __post_init__(self) -> None:
        try:
            ends_after = instant(self.begins) < instant(self.ends)
        except Invalid as error:
            raise Invalid(f"Tạm dừng{self._for}: {error}") from None
        if not ends_after:
            raise Invalid(
                f"Tạm dừng{self._for} từ {time_words(self.begins)} phải kết thúc sau khi bắt đầu, "
                f"không phải lúc {time_words(self.ends)}."
            )

    @property
    def _for(self) -> str:
        return f" “{self.reason}”" if self.reason else ""


def merged(pauses: Iterable[Pause]) -> tuple[Span, ...]:
    """Return the pauses as spans in order and apart: one that touches or overlaps another counts once."""
    spans: list[Span] = []
    for begins, ends in sorted((instant(pause.begins), instant(pause.ends)) for pause in pauses):
        if spans and begins <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(ends, spans[-1][1]))
        else:
            spans.append((begins, ends))
    return tuple(spans)


def moved(
    begin: datetime,
    at: datetime,
    calendar: WorkingCalendar,
    closed: tuple[Span, ...],
    *,
    in_wall_time: bool = False,
) -> datetime:
    """Return ``at`` moved by what stood still since ``begin``: open time, or all time when ``in_wall_time``.

    The same instant when nothing did. ``closed`` are merged spans; what lies before ``begin`` gives nothing.
    """
    if in_wall_time:
        return _wall_after(begin, at - begin, closed)
    wanted = calendar.open_between(begin, at) if closed else timedelta()
    if not closed or calendar.open_between(begin, at, closed) == wanted:
        return at
    return calendar.after(begin, wanted, closed)


def wall_between(begins: datetime, ends: datetime, closed: tuple[Span, ...]) -> timedelta:
    """Return the time of day and night in the half-open span, less the merged spans; zero when it is empty."""
    held = (min(ends, to) - max(begins, from_) for from_, to in closed if from_ < ends and begins < to)
    return max(ends - begins - sum(held, timedelta()), timedelta())


def _wall_after(start: datetime, amount: timedelta, closed: tuple[Span, ...]) -> datetime:
    due = start + amount
    for begins, ends in closed:
        if start < ends and begins < due:
            due += ends - max(begins, start)
    return due


def check_pause(
    reason: str, promised_at: datetime | None, *, latest: datetime, due_at: datetime, now: datetime
) -> datetime:
    """Return when the pause ends by itself; raise Invalid with a sentence a field when it can't be like this.

    ``promised_at`` is when work begins again by the promise, ``latest`` the end of the longest pause allowed.
    """
    if now > due_at:
        raise Invalid(f"Hạn trả lời đã hết lúc {time_words(due_at)}. Việc đã quá hạn thì không tạm dừng.")
    errors: dict[str, str] = {}
    if len(reason) < REASON_MIN:
        errors["reason"] = "Ghi rõ đang chờ gì, chờ ai; lý do này chi bộ đọc được."
    if promised_at is None:
        errors["until"] = "Ghi ngày sẽ làm tiếp."
    elif promised_at <= now:
        errors["until"] = "Ngày làm tiếp phải sau hôm nay."
    elif promised_at > latest:
        errors["until"] = f"Mỗi lần tạm dừng không quá ngày {date_words(latest.date())}."
    if errors or promised_at is None:
        raise Invalid("Chưa tạm dừng được.", errors)
    return promised_at
