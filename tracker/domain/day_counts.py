"""The account of a due time, day by day: which day counts, for how many hours, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.domain.calendar import DAY_KIND_WORDS, Day, DayKind, WorkingCalendar, last_day
from tracker.domain.dates import midnight
from tracker.domain.pauses import wall_between
from tracker.domain.spans import Span
from tracker.domain.time_limits import DAY_UNITS, LimitUnit

_ONE_DAY = timedelta(days=1)
_NOTHING = timedelta()
_MOVED_HERE = "ngày làm việc tiếp theo, nơi hạn chuyển tới"


@dataclass(frozen=True)
class DayCount:
    """One day of the count. ``hours`` are its open hours, less those before the start, after the end or paused.

    ``paused`` are the hours that stood still, ``is_extension`` tells a day that only an extension reaches.
    """

    on: date
    kind: DayKind
    name: str
    counted: bool
    hours: float
    because: str
    paused: float = 0.0
    is_extension: bool = False


@dataclass(frozen=True)
class Stretch:
    """A part of the way to the due time: the limit itself, then each extension.

    It is counted from ``begins`` to ``ends`` (half-open); ``first`` is its first counted day.
    """

    begins: datetime
    ends: datetime
    first: date
    amount: int
    unit: LimitUnit
    is_extension: bool = False

    def time_of(
        self, day: Day, calendar: WorkingCalendar, closed: tuple[Span, ...]
    ) -> tuple[timedelta, timedelta]:
        """Return what of the day counts in this stretch, and what of it stood still."""
        begins = max(self.begins, midnight(day.on))
        ends = min(self.ends, midnight(day.on) + _ONE_DAY)
        if ends <= begins:
            return _NOTHING, _NOTHING
        if self.unit is LimitUnit.HOURS:
            left = wall_between(begins, ends, closed)
            return left, ends - begins - left
        left = calendar.open_between(begins, ends, closed)
        return left, calendar.open_between(begins, ends) - left


class _Counter:
    """Counts the days of one stretch as they come by."""

    def __init__(self, stretch: Stretch) -> None:
        self.stretch = stretch
        self._number = 0
        self._reached = False

    def judge(self, day: Day, left: timedelta, held: timedelta) -> tuple[bool, str]:
        """Return whether the day counts, and why, by what of it is left and what stood still."""
        named = day.name or DAY_KIND_WORDS[day.kind]
        if self._is_full and left:
            return self._after_the_last(named)
        if self._is_full or not self._takes(day, left, held):
            return False, self._why_not(day, named, held)
        self._number += 1
        self._reached = day.is_open
        return True, named + self._how_counted(held)

    @property
    def _is_full(self) -> bool:
        return self.stretch.unit in DAY_UNITS and self._number >= self.stretch.amount

    def _takes(self, day: Day, left: timedelta, held: timedelta) -> bool:
        if day.on < self.stretch.first:
            return False
        if self.stretch.unit is LimitUnit.CALENDAR_DAYS:
            return bool(left or not held)
        return bool(left)

    def _after_the_last(self, named: str) -> tuple[bool, str]:
        """An open day behind the last one counted: the end moved to it from a day off, or makes up for pauses."""
        was_reached, self._reached = self._reached, True
        if was_reached:
            return True, f"{named}, bù giờ đã tạm dừng"
        return False, _MOVED_HERE

    def _how_counted(self, held: timedelta) -> str:
        words = ", tính theo giờ"
        if self.stretch.unit in DAY_UNITS:
            words = f", ngày thứ {self._number}"
        words += " của thời gian gia hạn" if self.stretch.is_extension else ""
        return words + (f", trừ {hours_words(held)} tạm dừng" if held else "")

    def _why_not(self, day: Day, named: str, held: timedelta) -> str:
        if day.on < self.stretch.first:
            return "ngày đầu, không tính"
        if held:
            return f"{named}, đang tạm dừng, không tính"
        if not day.is_open:
            return f"{named}, không tính"
        return _MOVED_HERE if midnight(day.on) >= self.stretch.ends else "đã hết giờ làm việc, không tính"


def count_days(
    start: datetime,
    due: datetime,
    stretches: Iterable[Stretch],
    calendar: WorkingCalendar,
    closed: tuple[Span, ...],
) -> Iterator[DayCount]:
    """Yield each day from the start's to the due time's, both inclusive, counted or not and why.

    ``closed`` are merged pauses. A due time of 00:00 belongs to the day that it ends.
    """
    counters = [_Counter(stretch) for stretch in stretches]
    last = max(last_day(due), start.date())
    for day in calendar.days_from(start.date()):
        if day.on > last:
            return
        counter = next((one for one in counters if day.on <= last_day(one.stretch.ends)), counters[-1])
        times = [one.stretch.time_of(day, calendar, closed) for one in counters]
        left = sum((time for time, _ in times), _NOTHING)
        held = sum((time for _, time in times), _NOTHING)
        counted, why = counter.judge(day, left, held)
        yield DayCount(
            day.on,
            day.kind,
            day.name,
            counted,
            _hours(left),
            why,
            _hours(held),
            counter.stretch.is_extension,
        )


def hours_words(time: timedelta) -> str:
    """Return the time in hours as people write them here: 7,5 giờ."""
    return f"{_hours(time):g} giờ".replace(".", ",")


def _hours(time: timedelta) -> float:
    return round(time / timedelta(hours=1), 2)
