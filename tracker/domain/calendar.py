"""The working calendar: which minutes of which day are open. Dates are Vietnam's, spans are half-open."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise, takewhile

from tracker.domain.dates import ZONE, date_words, midnight
from tracker.domain.errors import Invalid
from tracker.domain.spans import Span, cut

DAY_MINUTES = 24 * 60
#: A search gives up after so many days: longer waits are mistakes, and a calendar all of holidays must not hang.
SEARCH_DAYS = 4000
FIRST_YEAR, LAST_YEAR = 1945, 2199

WEEKDAY_WORDS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


class DayKind(StrEnum):
    """What kind of day it is for those who work by this calendar."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    HALF = "half"


DAY_KIND_WORDS: Mapping[str, str] = {
    DayKind.WORKING: "ngày làm việc",
    DayKind.WEEKEND: "ngày nghỉ hằng tuần",
    DayKind.HOLIDAY: "ngày nghỉ lễ, tết",
    DayKind.MAKEUP: "ngày làm bù",
    DayKind.HALF: "ngày làm việc nửa buổi",
}


@dataclass(frozen=True, order=True)
class Slot:
    """Open minutes of a day, half-open: ``Slot(450, 690)`` is 07:30–11:30; 1440 is 24:00 (zammad#3180)."""

    begins: int
    ends: int

    def __post_init__(self) -> None:
        if not 0 <= self.begins < self.ends <= DAY_MINUTES:
            raise Invalid(f"Khung giờ làm việc {self.words} không hợp lệ: giờ đầu phải trước giờ cuối.")

    @classmethod
    def parse(cls, text: str) -> "Slot":
        """Return the slot written 07:30-11:30; raise Invalid otherwise."""
        try:
            begins, ends = (_minute(part) for part in text.replace("–", "-").split("-"))
        except ValueError:
            raise Invalid(f"Khung giờ “{text}” không đọc được; viết như 07:30-11:30.") from None
        return cls(begins, ends)

    @property
    def words(self) -> str:
        """Return 07:30–11:30."""
        return f"{self.begins // 60:02d}:{self.begins % 60:02d}–{self.ends // 60:02d}:{self.ends % 60:02d}"


def _minute(text: str) -> int:
    hours, minutes = text.strip().split(":")
    if not 0 <= int(minutes) < 60:
        raise ValueError(text)
    return int(hours) * 60 + int(minutes)


@dataclass(frozen=True)
class CalendarDay:
    """A day that differs from its weekday. Without slots: a holiday is closed, a half day has the weekday's
    first slot, a working or make-up day has the weekday's hours or, on a day off, those of a common day."""

    on: date
    kind: DayKind
    name: str
    slots: tuple[Slot, ...] | None = None


@dataclass(frozen=True)
class Day:
    """A day as the calendar sees it: its kind, why, and its open spans in order."""

    on: date
    kind: DayKind
    name: str
    spans: tuple[Span, ...]
    minutes: int

    @property
    def is_open(self) -> bool:
        return bool(self.spans)

    @property
    def hours(self) -> float:
        """Open hours of the day."""
        return round(self.minutes / 60, 2)

    @property
    def end(self) -> datetime:
        """The end of its last open span; the end of the calendar day when it has none."""
        return self.spans[-1][1] if self.spans else midnight(self.on) + timedelta(days=1)


Week = tuple[tuple[Slot, ...], ...]
"""Slots of Monday to Sunday."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Weekly hours and the days that differ. Refuses (Invalid) overlapping slots and a week with no open time.

    ``later``: from which day on which other week holds, in order; a limit that reaches over such a day is
    counted by the old hours before it and by the new ones after it.
    """

    week: Week
    days: Mapping[date, CalendarDay]
    later: tuple[tuple[date, Week], ...] = ()
    _seen: dict[date, Day] = field(default_factory=dict, init=False, repr=False, compare=False)
    _sums: dict[tuple[date, date], timedelta] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _years: set[int] = field(default_factory=set, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_week(self.week)
        for _, week in self.later:
            check_week(week)
        for on, day in self.days.items():
            if on != day.on:
                raise Invalid(f"Lịch ghi ngày {date_words(day.on)} ở chỗ của ngày {date_words(on)}.")
            check_day(day)
            self._years.add(on.year)

    def day(self, on: date) -> Day:
        """Return what the day is; worked out once a day and kept."""
        found = self._seen.get(on)
        if found is None:
            found = self._seen[on] = self._look(on)
        return found

    def days_from(self, on: date) -> Iterator[Day]:
        """Yield the day and those after it; raise Invalid when the search has become too long."""
        for _ in range(SEARCH_DAYS):
            yield self.day(on)
            on += timedelta(days=1)
        raise Invalid(
            f"Không tìm được thời hạn trong {SEARCH_DAYS} ngày: xem lại lịch làm việc và số ngày của thời hạn."
        )

    def open_day(self, on: date) -> Day:
        """Return the day itself when it has open time, else the next that has; raise Invalid without any."""
        return next(day for day in self.days_from(on) if day.is_open)

    def covers(self, year: int) -> bool:
        """Return whether the year's holidays are in the table at all."""
        return year in self._years

    def is_open(self, at: datetime) -> bool:
        """Return whether work is done at that instant (a slot's end is closed)."""
        at = instant(at)
        return any(begins <= at < ends for begins, ends in self.day(at.date()).spans)

    def next_open(self, at: datetime) -> datetime:
        """Return the instant itself when open, else when work next begins; raise Invalid without any."""
        at = instant(at)
        for day in self.days_from(at.date()):
            for begins, ends in day.spans:
                if at < ends:
                    return max(at, begins)
        raise AssertionError("days_from raises before it ends")

    def at_work(self, at: datetime) -> datetime:
        """Return the instant itself in open time or at a slot's end, else when work next begins.

        What ends at closing time ends in time; raises Invalid without any open time.
        """
        at = instant(at)
        for day in self.days_from(last_day(at)):
            for begins, ends in day.spans:
                if at <= ends:
                    return max(at, begins)
        raise AssertionError("days_from raises before it ends")

    def open_between(self, begins: datetime, ends: datetime, without: Iterable[Span] = ()) -> timedelta:
        """Return the open time in the half-open span, less the closed spans given; zero when it is empty."""
        begins, ends = instant(begins), instant(ends)
        cuts = tuple(without)
        if ends <= begins:
            return timedelta()
        first, last = begins.date(), ends.date()
        total = timedelta()
        days: Iterable[Day] = takewhile(lambda day: day.on <= last, self.days_from(first))
        if first < last and not cuts:
            total, days = self._inside(first, last), (self.day(first), self.day(last))
        for day in days:
            for span in day.spans:
                piece = (max(begins, span[0]), min(ends, span[1]))
                total += sum((b - a for a, b in cut(piece, cuts)), timedelta())
        return total

    def _inside(self, first: date, last: date) -> timedelta:
        """Return the open time of the days between the two, both exclusive; worked out once and kept."""
        found = self._sums.get((first, last))
        if found is None:
            days = takewhile(lambda day: day.on < last, self.days_from(first + timedelta(days=1)))
            found = self._sums[first, last] = timedelta(minutes=sum(day.minutes for day in days))
        return found

    def after(self, at: datetime, amount: timedelta, without: Iterable[Span] = ()) -> datetime:
        """Return the earliest instant by which ``amount`` of open time, less the spans given, has gone by.

        So four hours from 07:30 end at 11:30, not at 13:30. Nothing to wait for returns ``at`` itself.
        """
        at = instant(at)
        cuts = tuple(without)
        if amount <= timedelta():
            return at
        first = at.date()
        for day in self.days_from(first):
            whole = timedelta(minutes=day.minutes)
            if day.on > first and not cuts and amount > whole:
                amount -= whole
                continue
            for span in day.spans:
                for begins, ends in cut((max(at, span[0]), span[1]), cuts):
                    if amount <= ends - begins:
                        return begins + amount
                    amount -= ends - begins
        raise AssertionError("days_from raises before it ends")

    def week_on(self, on: date) -> Week:
        """Return the weekly hours that hold on the day."""
        return next((week for since, week in reversed(self.later) if since <= on), self.week)

    def _look(self, on: date) -> Day:
        usual = self.week_on(on)[on.weekday()]
        entry = self.days.get(on)
        if entry is None:
            if usual:
                return _day(on, DayKind.WORKING, "", usual)
            return _day(on, DayKind.WEEKEND, f"{WEEKDAY_WORDS[on.weekday()]}, nghỉ hằng tuần", ())
        return _day(on, entry.kind, entry.name, self._slots(entry, usual))

    def _slots(self, entry: CalendarDay, usual: tuple[Slot, ...]) -> tuple[Slot, ...]:
        if entry.kind in (DayKind.HOLIDAY, DayKind.WEEKEND):
            return ()
        slots = entry.slots or usual or next(slots for slots in self.week_on(entry.on) if slots)
        return slots[:1] if entry.kind is DayKind.HALF and not entry.slots else slots


def instant(at: datetime) -> datetime:
    """Return the instant in Vietnam's zone; raise Invalid for a naive time or a year no calendar reaches."""
    if at.tzinfo is None:
        raise Invalid(f"Thời điểm {at:%H:%M, %d/%m/%Y} thiếu múi giờ.")
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Invalid(f"Năm {at.year} nằm ngoài khoảng {FIRST_YEAR}–{LAST_YEAR}.")
    return at.astimezone(ZONE)


def check_week(week: Week) -> None:
    """Raise Invalid, naming the weekday, for slots out of order or one over another and a week with no open time."""
    if len(week) != 7:
        raise Invalid("Lịch làm việc phải có đủ bảy ngày, từ Thứ Hai đến Chủ nhật.")
    for weekday, slots in enumerate(week):
        _check_slots(slots, WEEKDAY_WORDS[weekday])
    if not any(week):
        raise Invalid("Lịch làm việc không có giờ làm việc nào trong tuần.")


def last_day(at: datetime) -> date:
    """Return the day that ends or goes on at the instant: midnight belongs to the day before."""
    return (instant(at) - timedelta(microseconds=1)).date()


def check_day(day: CalendarDay) -> None:
    """Raise Invalid for a year out of reach, a day off with hours, slots out of order or one over another."""
    if not FIRST_YEAR <= day.on.year <= LAST_YEAR:
        raise Invalid(
            f"Ngày {date_words(day.on)} ({day.name}) nằm ngoài khoảng năm {FIRST_YEAR}–{LAST_YEAR}."
        )
    if day.kind in (DayKind.HOLIDAY, DayKind.WEEKEND) and day.slots:
        raise Invalid(f"Ngày nghỉ {date_words(day.on)} không thể có giờ làm việc.")
    _check_slots(day.slots or (), f"Ngày {date_words(day.on)}")


def _check_slots(slots: tuple[Slot, ...], where: str) -> None:
    for earlier, later in pairwise(slots):
        if later.begins < earlier.ends:
            raise Invalid(
                f"{where}: khung giờ {earlier.words} và {later.words} trùng nhau hoặc không theo thứ tự."
            )


def _day(on: date, kind: DayKind, name: str, slots: tuple[Slot, ...]) -> Day:
    zero = midnight(on)
    spans = tuple((zero + timedelta(minutes=s.begins), zero + timedelta(minutes=s.ends)) for s in slots)
    return Day(on, kind, name, spans, sum(s.ends - s.begins for s in slots))
