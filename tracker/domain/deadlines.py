"""The one clock: from a limit, a start and a calendar to a due time that explains itself day by day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tracker.domain.calendar import DAY_KIND_WORDS, Day, DayKind, Span, WorkingCalendar, instant
from tracker.domain.dates import date_words, midnight, time_words
from tracker.domain.errors import Invalid
from tracker.domain.time_limits import (
    DAY_UNITS,
    EVENT_WORDS,
    LimitUnit,
    TimeLimit,
    choose_limit,
    limit_by_code,
)

__all__ = [
    "DayCount",
    "Deadline",
    "LimitUnit",
    "Pause",
    "TimeLimit",
    "choose_limit",
    "deadline",
    "instant_at_percent",
    "limit_by_code",
    "shift",
]

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pause:
    """A span in which the clock stands, half-open; only open time in it is credited (glpi#10594)."""

    begins: datetime
    ends: datetime
    reason: str = ""

    def __post_init__(self) -> None:
        if instant(self.ends) <= instant(self.begins):
            raise Invalid(
                f"Tạm dừng từ {time_words(self.begins)} phải kết thúc sau khi bắt đầu, "
                f"không phải lúc {time_words(self.ends)}."
            )


@dataclass(frozen=True)
class DayCount:
    """One day of the count. ``hours`` are its open hours, less those before the start, after the end or paused."""

    on: date
    kind: DayKind
    name: str
    counted: bool
    hours: float
    because: str


@dataclass(frozen=True)
class Deadline:
    """When a limit ends (aware, +07:00). ``days`` is worked out when asked for: most callers need the time only."""

    start: datetime
    due_at: datetime
    rule: TimeLimit
    because: tuple[str, ...]
    _calendar: WorkingCalendar = field(repr=False, compare=False)
    _closed: tuple[Span, ...] = field(repr=False, compare=False, default=())

    @property
    def days(self) -> tuple[DayCount, ...]:
        """Each day from the start's to the due time's, both inclusive, counted or not and why."""
        return tuple(_count_days(self.rule, self.start, self.due_at, self._calendar, self._closed))


def deadline(
    limit: TimeLimit, start: datetime, calendar: WorkingCalendar, pauses: Iterable[Pause] = ()
) -> Deadline:
    """Return when the limit ends. Days end with the working day; pauses add open time only.

    Raises Invalid for a naive time, and when the search finds no open time within some ten years.
    """
    start = instant(start)
    closed = _merged(pauses)
    if limit.unit in DAY_UNITS:
        first, plain = _day_due(limit, start, calendar)
        due = _paused(first, plain, calendar, closed)
    elif limit.unit is LimitUnit.WORKING_HOURS:
        due = calendar.after(start, timedelta(hours=limit.amount), closed)
    else:
        due = _wall_after(start, timedelta(hours=limit.amount), closed)
        if limit.roll_to_working:
            due = calendar.next_open(due)
    because = tuple(_sentences(limit, start, due, calendar, closed))
    return Deadline(start, due, limit, because, calendar, closed)


def shift(at: datetime, amount: int, unit: LimitUnit, calendar: WorkingCalendar) -> datetime:
    """Return the instant so much later, as a limit that starts at ``at`` would end; zero is ``at`` itself.

    Shifting twice by working days, working hours or hours is the same as shifting once by the sum.
    """
    at = instant(at)
    if amount == 0:
        return at
    if unit is LimitUnit.HOURS:
        return at + timedelta(hours=amount)
    if unit is LimitUnit.WORKING_HOURS:
        return calendar.after(at, timedelta(hours=amount))
    if unit is LimitUnit.WORKING_DAYS:
        return _nth_open(calendar, at.date() + _ONE_DAY, amount).end
    return calendar.open_day(at.date() + timedelta(days=amount)).end


def instant_at_percent(
    start: datetime,
    due_at: datetime,
    percent: int,
    calendar: WorkingCalendar,
    *,
    in_wall_time: bool = False,
    pauses: Iterable[Pause] = (),
) -> datetime:
    """Return when that share of the open time from start to due has gone by; never before start or after due.

    ``in_wall_time`` counts day and night, for urgent limits; so does a limit with no open time in it.
    """
    start, due_at = instant(start), instant(due_at)
    if due_at <= start:
        return start
    closed = _merged(pauses)
    total = timedelta() if in_wall_time else calendar.open_between(start, due_at, closed)
    if not total:
        return start + (due_at - start) * percent / 100
    return min(calendar.after(start, total * percent / 100, closed), due_at)


def _day_due(limit: TimeLimit, start: datetime, calendar: WorkingCalendar) -> tuple[date, datetime]:
    """Return the first counted day and the due time of a limit in days, pauses left aside."""
    first = _first_counted(limit, start, calendar)
    if limit.unit is LimitUnit.WORKING_DAYS:
        return first, _nth_open(calendar, first, limit.amount).end
    last = first + timedelta(days=limit.amount - 1)
    return first, (calendar.open_day(last) if limit.roll_to_working else calendar.day(last)).end


def _first_counted(limit: TimeLimit, start: datetime, calendar: WorkingCalendar) -> date:
    """Return the day after the start, or its own when the rule counts it and some of the day is left."""
    on = start.date()
    if limit.first_day_counted and start < calendar.day(on).end:
        return on
    return on + _ONE_DAY


def _nth_open(calendar: WorkingCalendar, first: date, number: int) -> Day:
    for day in calendar.days_from(first):
        number -= day.is_open
        if not number:
            return day
    raise AssertionError("days_from raises before it ends")


def _paused(first: date, due: datetime, calendar: WorkingCalendar, closed: tuple[Span, ...]) -> datetime:
    """Return the due time moved by the open time that stood still since the first counted day."""
    if not closed:
        return due
    begin = midnight(first)
    wanted = calendar.open_between(begin, due)
    if not calendar.open_between(begin, due, closed) < wanted:
        return due
    return calendar.after(begin, wanted, closed)


def _merged(pauses: Iterable[Pause]) -> tuple[Span, ...]:
    """Return the pauses as spans in order and apart: one that touches or overlaps another counts once."""
    spans: list[Span] = []
    for begins, ends in sorted((instant(pause.begins), instant(pause.ends)) for pause in pauses):
        if spans and begins <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(ends, spans[-1][1]))
        else:
            spans.append((begins, ends))
    return tuple(spans)


def _wall_after(start: datetime, amount: timedelta, closed: tuple[Span, ...]) -> datetime:
    due = start + amount
    for begins, ends in closed:
        if start < ends and begins < due:
            due += ends - max(begins, start)
    return due


def _sentences(
    limit: TimeLimit, start: datetime, due: datetime, calendar: WorkingCalendar, closed: tuple[Span, ...]
) -> Iterator[str]:
    event = EVENT_WORDS[limit.start_event]
    yield f"{limit.name}: {limit.words} kể từ khi {event} lúc {time_words(start)}."
    if limit.unit in DAY_UNITS and _first_counted(limit, start, calendar) > start.date():
        yield "Ngày đầu không tính; hạn là hết giờ làm việc của ngày cuối."
    if limit.unit is LimitUnit.HOURS:
        yield "Việc khẩn: giờ tính liên tục cả ngày nghỉ và ban đêm."
    if limit.unit is LimitUnit.CALENDAR_DAYS and limit.roll_to_working:
        last = _first_counted(limit, start, calendar) + timedelta(days=limit.amount - 1)
        if not calendar.day(last).is_open:
            yield f"Ngày cuối {date_words(last)} là ngày nghỉ nên chuyển sang ngày làm việc tiếp theo."
    for begins, ends in closed:
        yield f"Tạm dừng từ {time_words(begins)} đến {time_words(ends)}: chỉ lùi hạn bằng số giờ làm việc đã dừng."
    if not calendar.covers(due.year):
        yield f"Lịch nghỉ năm {due.year} chưa có: mới chỉ trừ ngày nghỉ hằng tuần."
    yield f"Hạn: {time_words(due)}."


def _count_days(
    limit: TimeLimit, start: datetime, due: datetime, calendar: WorkingCalendar, closed: tuple[Span, ...]
) -> Iterator[DayCount]:
    by_days = limit.unit in DAY_UNITS
    first = _first_counted(limit, start, calendar) if by_days else start.date()
    number = 0
    for day in calendar.days_from(start.date()):
        # A day that ends at midnight is the last; the instant itself lies in the next.
        if day.on > due.date() or (day.on > first and midnight(day.on) >= due):
            return
        hours = _hours(limit, day, max(start, midnight(first)), due, calendar, closed)
        counted = _is_counted(limit, day, first, number, hours)
        number += counted
        yield DayCount(day.on, day.kind, day.name, counted, hours, _why(limit, day, first, counted, number))


def _hours(
    limit: TimeLimit,
    day: Day,
    begin: datetime,
    due: datetime,
    calendar: WorkingCalendar,
    closed: tuple[Span, ...],
) -> float:
    begins, ends = max(begin, midnight(day.on)), min(due, midnight(day.on) + _ONE_DAY)
    if limit.unit is LimitUnit.HOURS:
        paused = sum((max(min(ends, b) - max(begins, a), timedelta()) for a, b in closed), timedelta())
        open_time = ends - begins - paused
    else:
        open_time = calendar.open_between(begins, ends, closed)
    return max(0.0, round(open_time / timedelta(hours=1), 2))


def _is_counted(limit: TimeLimit, day: Day, first: date, number: int, hours: float) -> bool:
    if limit.unit is LimitUnit.CALENDAR_DAYS:
        return day.on >= first and number < limit.amount
    return day.on >= first and hours > 0


def _why(limit: TimeLimit, day: Day, first: date, counted: bool, number: int) -> str:
    """Return why the day counts or doesn't; the name of a day off comes first."""
    named = day.name or DAY_KIND_WORDS[day.kind]
    if day.on < first:
        return "ngày đầu, không tính"
    if counted:
        if limit.unit not in DAY_UNITS:
            return f"{named}, tính theo giờ"
        return f"{named}, ngày thứ {number}"
    if not day.is_open:
        return f"{named}, không tính"
    if limit.unit is LimitUnit.CALENDAR_DAYS:
        return "ngày làm việc tiếp theo, nơi hạn chuyển tới"
    return "đang tạm dừng hoặc đã hết giờ, không tính"
