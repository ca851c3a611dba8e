"""The one clock: from a limit, a start and a calendar to a due time that explains itself day by day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tracker.domain.calendar import Day, WorkingCalendar, instant, last_day
from tracker.domain.dates import date_words, midnight, time_words
from tracker.domain.day_counts import DayCount, Stretch, count_days
from tracker.domain.errors import Invalid
from tracker.domain.extensions import Extension
from tracker.domain.pauses import Pause, merged, moved, wall_between
from tracker.domain.spans import Span
from tracker.domain.time_limits import (
    DAY_UNITS,
    EVENT_WORDS,
    UNIT_WORDS,
    LimitUnit,
    TimeLimit,
    choose_limit,
    limit_by_code,
)

__all__ = [
    "DayCount",
    "Deadline",
    "Extension",
    "ExtensionCount",
    "LimitUnit",
    "Pause",
    "PauseCount",
    "TimeLimit",
    "choose_limit",
    "deadline",
    "instant_at_percent",
    "limit_by_code",
    "shift",
]

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class PauseCount:
    """What one pause did: ``hours`` of the limit's time stood still in it, an overlap told once."""

    pause: Pause
    hours: float


@dataclass(frozen=True)
class ExtensionCount:
    """What one extension did: the due time before it and after it, pauses reckoned in both."""

    extension: Extension
    old_due_at: datetime
    new_due_at: datetime


@dataclass(frozen=True)
class Deadline:
    """When a limit ends (aware, +07:00). What explains it is worked out when asked for: most need the time only."""

    start: datetime
    due_at: datetime
    rule: TimeLimit
    extensions: tuple[ExtensionCount, ...]
    _stretches: tuple[Stretch, ...] = field(repr=False, compare=False)
    _pauses: tuple[Pause, ...] = field(repr=False, compare=False)
    _calendar: WorkingCalendar = field(repr=False, compare=False)

    @property
    def days(self) -> tuple[DayCount, ...]:
        """Each day from the start's to the due time's, both inclusive, counted or not and why."""
        closed = merged(self._pauses)
        return tuple(count_days(self.start, self.due_at, self._stretches, self._calendar, closed))

    @property
    def pauses(self) -> tuple[PauseCount, ...]:
        """What each pause did, in order of time."""
        return tuple(_count_pauses(self._stretches, self._pauses, self._calendar))

    @property
    def because(self) -> tuple[str, ...]:
        """The sentences that explain it to a person; the last one names the due time."""
        return tuple(_sentences(self, self._stretches[0], self._calendar))


def deadline(
    limit: TimeLimit,
    start: datetime,
    calendar: WorkingCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[Extension] = (),
) -> Deadline:
    """Return when the limit ends: its own time, then each extension in its unit, then what stood still.

    Days end with the working day. Pauses give back open time only, urgent hours all time. An end outside working
    time moves on to it unless the rule says otherwise, and no limit ends while it is paused (glpi#24481).
    Raises Invalid for a naive time, and, naming the limit, when no open time is found within some ten years.
    """
    held = tuple(sorted(pauses, key=lambda one: (instant(one.begins), instant(one.ends))))
    try:
        return _deadline(limit, instant(start), calendar, held, tuple(extensions))
    except Invalid as error:
        raise Invalid(f"Thời hạn “{limit.code}”: {error}") from None


def _deadline(
    limit: TimeLimit,
    start: datetime,
    calendar: WorkingCalendar,
    pauses: tuple[Pause, ...],
    extensions: tuple[Extension, ...],
) -> Deadline:
    first, plain = _plain_due(limit, start, calendar)
    begin, closed = max(start, midnight(first)), merged(pauses)
    in_wall_time = limit.unit is LimitUnit.HOURS
    counted_to = moved(begin, plain, calendar, closed, in_wall_time=in_wall_time)
    due = _settled(limit, counted_to, calendar, closed)
    stretches = [Stretch(begin, counted_to, first, limit.amount, limit.unit)]
    told: list[ExtensionCount] = []
    for one in extensions:
        old_due = due
        plain = _rolled(limit, plain, calendar)
        plain = shift(plain, one.amount, one.unit, calendar, roll=limit.roll_to_working)
        counted_to = moved(begin, plain, calendar, closed, in_wall_time=in_wall_time)
        due = _settled(limit, counted_to, calendar, closed)
        first = last_day(old_due) + _ONE_DAY if one.unit in DAY_UNITS else old_due.date()
        stretches.append(Stretch(old_due, counted_to, first, one.amount, one.unit, is_extension=True))
        told.append(ExtensionCount(one, old_due, due))
    return Deadline(start, due, limit, tuple(told), tuple(stretches), pauses, calendar)


def shift(
    at: datetime, amount: int, unit: LimitUnit, calendar: WorkingCalendar, *, roll: bool = True
) -> datetime:
    """Return the due time so much later; zero is ``at`` itself. Days end with the working day.

    A time of 00:00 belongs to the day that it ends. Calendar days that end on a day off move to the next working
    day, or end with the day off without ``roll``. Shifting twice is the same as shifting once by the sum, but for
    calendar days that moved in between. Raises Invalid for a negative amount.
    """
    at = instant(at)
    if amount < 0:
        raise Invalid(f"Không thể lùi thời hạn {amount} {UNIT_WORDS[unit]}: số lượng phải từ 0 trở lên.")
    if amount == 0:
        return at
    if unit is LimitUnit.HOURS:
        return at + timedelta(hours=amount)
    if unit is LimitUnit.WORKING_HOURS:
        return calendar.after(at, timedelta(hours=amount))
    if unit is LimitUnit.WORKING_DAYS:
        return _nth_open(calendar, last_day(at) + _ONE_DAY, amount).end
    last = last_day(at) + timedelta(days=amount)
    return (calendar.open_day(last) if roll else calendar.day(last)).end


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
    closed = merged(pauses)
    total = timedelta() if in_wall_time else calendar.open_between(start, due_at, closed)
    if not total:
        share = wall_between(start, due_at, closed) * percent / 100
        return min(moved(start, start + share, calendar, closed, in_wall_time=True), due_at)
    return min(calendar.after(start, total * percent / 100, closed), due_at)


def _plain_due(limit: TimeLimit, start: datetime, calendar: WorkingCalendar) -> tuple[date, datetime]:
    """Return the first counted day and the limit's own end: no pause, no extension, urgent hours not yet rolled."""
    if limit.unit is LimitUnit.HOURS:
        return start.date(), start + timedelta(hours=limit.amount)
    if limit.unit is LimitUnit.WORKING_HOURS:
        return start.date(), calendar.after(start, timedelta(hours=limit.amount))
    first = _first_counted(limit, start, calendar)
    if limit.unit is LimitUnit.WORKING_DAYS:
        return first, _nth_open(calendar, first, limit.amount).end
    last = first + timedelta(days=limit.amount - 1)
    return first, (calendar.open_day(last) if limit.roll_to_working else calendar.day(last)).end


def _first_counted(limit: TimeLimit, start: datetime, calendar: WorkingCalendar) -> date:
    """Return the day after the start, or its own when the rule counts it and some of its work is left.

    A day off has no work to leave: a holiday on the start's day would make the date earlier otherwise.
    """
    today = calendar.day(start.date())
    if limit.first_day_counted and today.is_open and start < today.end:
        return today.on
    return today.on + _ONE_DAY


def _nth_open(calendar: WorkingCalendar, first: date, number: int) -> Day:
    for day in calendar.days_from(first):
        number -= day.is_open
        if not number:
            return day
    raise AssertionError("days_from raises before it ends")


def _rolled(limit: TimeLimit, at: datetime, calendar: WorkingCalendar) -> datetime:
    """Return the end, moved on to working time when it lies outside and the rule moves such ends."""
    return calendar.at_work(at) if limit.roll_to_working else at


def _settled(limit: TimeLimit, at: datetime, calendar: WorkingCalendar, closed: tuple[Span, ...]) -> datetime:
    """Return the end, rolled; one that would lie within a pause comes when the pause ends (glpi#24481)."""
    due = _rolled(limit, at, calendar)
    for begins, ends in closed:
        if begins < due < ends:
            due = _rolled(limit, ends, calendar)
    return due


def _count_pauses(
    stretches: tuple[Stretch, ...], pauses: tuple[Pause, ...], calendar: WorkingCalendar
) -> Iterator[PauseCount]:
    begin, end, in_wall_time = stretches[0].begins, stretches[-1].ends, stretches[0].unit is LimitUnit.HOURS
    for pause in pauses:
        begins, ends = max(begin, instant(pause.begins)), min(end, instant(pause.ends))
        if ends <= begins:
            yield PauseCount(pause, 0.0)
            continue
        held = ends - begins if in_wall_time else calendar.open_between(begins, ends)
        yield PauseCount(pause, round(held / timedelta(hours=1), 2))
        begin = max(begin, ends)


def _sentences(found: Deadline, base: Stretch, calendar: WorkingCalendar) -> Iterator[str]:
    limit = found.rule
    yield f"{limit.name}: {limit.words} kể từ khi {EVENT_WORDS[limit.start_event]} lúc {time_words(found.start)}."
    if limit.unit in DAY_UNITS and base.first > found.start.date():
        yield "Ngày đầu không tính; hạn là hết giờ làm việc của ngày cuối."
    if limit.unit is LimitUnit.HOURS:
        yield "Việc khẩn: giờ tính liên tục cả ngày nghỉ và ban đêm."
    if limit.unit is LimitUnit.CALENDAR_DAYS and limit.roll_to_working:
        last = base.first + timedelta(days=limit.amount - 1)
        if not calendar.day(last).is_open:
            yield f"Ngày cuối {date_words(last)} là ngày nghỉ nên chuyển sang ngày làm việc tiếp theo."
    for one in found.extensions:
        yield (
            f"Gia hạn thêm {one.extension.words}{_in_brackets(one.extension.because)}: "
            f"hạn cũ {time_words(one.old_due_at)}, hạn mới {time_words(one.new_due_at)}."
        )
    for count in found.pauses:
        yield _pause_sentence(count, limit)
    if not calendar.covers(found.due_at.year):
        yield f"Lịch nghỉ năm {found.due_at.year} chưa có: mới chỉ trừ ngày nghỉ hằng tuần."
    yield f"Hạn: {time_words(found.due_at)}."


def _pause_sentence(count: PauseCount, limit: TimeLimit) -> str:
    pause, unit = count.pause, LimitUnit.HOURS if limit.unit is LimitUnit.HOURS else LimitUnit.WORKING_HOURS
    told = (
        f"Tạm dừng từ {time_words(pause.begins)} đến {time_words(pause.ends)}{_in_brackets(pause.reason)}: "
    )
    if not count.hours:
        return told + f"không có {UNIT_WORDS[unit]} nào nên hạn không lùi."
    hours = f"{count.hours:g}".replace(".", ",")
    return told + f"chỉ lùi hạn bằng {hours} {UNIT_WORDS[unit]} đã dừng."


def _in_brackets(words: str) -> str:
    return f" ({words})" if words else ""
