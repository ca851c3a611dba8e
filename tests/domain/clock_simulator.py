"""A slow, obvious clock that ticks minute by minute: what the real one must agree with.

Written from the rules in words, not from the code, and knowing nothing of it. A minute is a number: the day's
ordinal times 1440 plus the minute of the day, local time of Vietnam; minute m is the span from m to m + 1.

- A minute is open when it lies in a slot of its day. A holiday or a weekday without slots has none; a half day
  without slots of its own has the first slot of its weekday, a make-up or working day without slots those of its
  weekday; on a day that is off in the week both look at the first weekday that has any.
- Working hours: every open minute from the start on uses one up. Hours: every minute does, day and night.
- Days: counted from the day after the start, or from the start's own when the rule says so and some of its work
  is left. Working days are those with an open minute. The end is the closing time of the last day; a calendar day
  that is off ends at 24:00, or hands over to the next open day when ends move off days off.
- 24:00 belongs to the day that it ends.
- An extension begins at the old end and is counted in its own unit like a limit that starts there, first day not
  counted. The pauses come afterwards.
- Each open minute that stood still since the count began is owed: the end moves on until as many open minutes
  have been worked. For a limit in hours every minute is owed, open or not.
- An end that lies neither in open time nor at a closing time moves on to the next open minute when ends move.
- No limit ends while it is paused: an end within a pause comes when the pause ends.
"""

from dataclasses import dataclass, field
from datetime import date

DAY = 1440
OPEN, PAUSED = 1, 2
TO_PAUSED = bytes(kind | PAUSED for kind in range(256))
Kinds = tuple[int, ...]
WORKING: Kinds = (OPEN,)
OPEN_AT_ALL: Kinds = (OPEN, OPEN + PAUSED)
OPEN_BUT_PAUSED: Kinds = (OPEN + PAUSED,)
GOING: Kinds = (0, OPEN)
STANDING: Kinds = (PAUSED, OPEN + PAUSED)

Slots = tuple[tuple[int, int], ...]
Week = tuple[Slots, ...]


@dataclass(frozen=True)
class Case:
    """One question to the clock, in plain numbers and words. ``later`` are weeks that hold from a day on."""

    unit: str
    amount: int
    first_day_counted: bool
    rolls: bool
    start: int
    week: Week
    later: tuple[tuple[date, Week], ...] = ()
    days: tuple[tuple[date, str, Slots], ...] = ()
    pauses: tuple[tuple[int, int], ...] = ()
    extensions: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """What the clock says: when the limit ends, when it did before each extension, which minutes of which day
    were worked (only for limits and extensions in working time), and when shares of the time had gone by."""

    due: int
    old_dues: tuple[int, ...]
    worked: dict[int, int] | None
    shares: dict[int, int] = field(default_factory=dict)


def minute(on: date, of_day: int = 0) -> int:
    """Return the number of the minute."""
    return on.toordinal() * DAY + of_day


def answer(case: Case) -> Answer:
    """Return what the clock must say."""
    grid = Grid(case)
    begin = case.start
    if case.unit.endswith("_days"):
        begin = max(begin, first_day(grid, case) * DAY)
    end = own_end(grid, case)
    dues = [settled(grid, case, with_owed(grid, case, begin, end))]
    for amount, unit in case.extensions:
        end = extended(grid, case, rolled(grid, case, end), amount, unit)
        dues.append(settled(grid, case, with_owed(grid, case, begin, end)))
    return Answer(
        dues[-1], tuple(dues[:-1]), worked(grid, case, begin, dues[-1]), shares(grid, case, dues[-1])
    )


class Grid:
    """What each minute is."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._special = {on: (kind, slots) for on, kind, slots in case.days}
        self._days: dict[int, bytearray] = {}

    def day(self, ordinal: int) -> bytearray:
        """Return the 1440 minutes of the day, each closed (0) or OPEN, plus PAUSED."""
        if ordinal not in self._days:
            self._days[ordinal] = self._paint(ordinal)
        return self._days[ordinal]

    def is_(self, at: int, kinds: Kinds) -> bool:
        """Return whether the minute is of one of these kinds."""
        return self.day(at // DAY)[at % DAY] in kinds

    def count(self, begins: int, ends: int, kinds: Kinds) -> int:
        """Return how many minutes from ``begins`` to before ``ends`` are of these kinds."""
        number = 0
        while begins < ends:
            upto = min(ends, begins // DAY * DAY + DAY)
            number += self._count_in_day(begins, upto, kinds)
            begins = upto
        return number

    def after(self, at: int, number: int, kinds: Kinds) -> int:
        """Return the end of the last of so many minutes of these kinds from ``at`` on."""
        while True:
            midnight = at // DAY * DAY + DAY
            today = self._count_in_day(at, midnight, kinds)
            if today >= number:
                break
            number, at = number - today, midnight
        while number:
            number -= self.is_(at, kinds)
            at += 1
        return at

    def _count_in_day(self, begins: int, ends: int, kinds: Kinds) -> int:
        first = begins // DAY * DAY
        return sum(self.day(begins // DAY).count(kind, begins - first, ends - first) for kind in kinds)

    def is_open_day(self, ordinal: int) -> bool:
        return self.count(ordinal * DAY, ordinal * DAY + DAY, OPEN_AT_ALL) > 0

    def closing(self, ordinal: int) -> int:
        """Return when the day's work ends; 24:00 for a day without any."""
        end = ordinal * DAY + DAY
        if self.is_open_day(ordinal):
            while not self.is_(end - 1, OPEN_AT_ALL):
                end -= 1
        return end

    def _paint(self, ordinal: int) -> bytearray:
        minutes = bytearray(DAY)
        for begins, ends in self._slots(date.fromordinal(ordinal)):
            minutes[begins:ends] = bytes([OPEN]) * (ends - begins)
        midnight = ordinal * DAY
        for begins, ends in self._case.pauses:
            first, last = max(begins - midnight, 0), min(ends - midnight, DAY)
            if first < last:
                minutes[first:last] = minutes[first:last].translate(TO_PAUSED)
        return minutes

    def _slots(self, on: date) -> Slots:
        week = self._case.week
        for since, later in self._case.later:
            if on >= since:
                week = later
        usual = week[on.weekday()]
        if on not in self._special:
            return usual
        kind, slots = self._special[on]
        if kind in ("holiday", "weekend"):
            return ()
        if slots:
            return slots
        if not usual:
            usual = next(one for one in week if one)
        return usual[:1] if kind == "half" else usual


def first_day(grid: Grid, case: Case) -> int:
    today = case.start // DAY
    has_work_left = grid.count(case.start, today * DAY + DAY, OPEN_AT_ALL) > 0
    return today if case.first_day_counted and has_work_left else today + 1


def own_end(grid: Grid, case: Case) -> int:
    """Return the end of the limit itself."""
    if case.unit == "hours":
        return case.start + 60 * case.amount
    if case.unit == "working_hours":
        return grid.after(case.start, 60 * case.amount, OPEN_AT_ALL)
    return end_of_days(grid, case, first_day(grid, case), case.amount, case.unit)


def extended(grid: Grid, case: Case, end: int, amount: int, unit: str) -> int:
    """Return the end after the extension."""
    if unit == "hours":
        return end + 60 * amount
    if unit == "working_hours":
        return grid.after(end, 60 * amount, OPEN_AT_ALL)
    day_of_end = end // DAY if end % DAY else end // DAY - 1
    return end_of_days(grid, case, day_of_end + 1, amount, unit)


def end_of_days(grid: Grid, case: Case, day: int, amount: int, unit: str) -> int:
    """Return the end of the last of so many days, of which ``day`` is the first that may count."""
    if unit == "working_days":
        left = amount
        while True:
            if grid.is_open_day(day):
                left -= 1
            if left == 0:
                return grid.closing(day)
            day += 1
    last = day + amount - 1
    while case.rolls and not grid.is_open_day(last):
        last += 1
    return grid.closing(last)


def with_owed(grid: Grid, case: Case, begin: int, end: int) -> int:
    """Return the end, moved on by the minutes that stood still since the count began."""
    day_and_night = case.unit == "hours"
    owed = grid.count(begin, end, STANDING if day_and_night else OPEN_BUT_PAUSED)
    return grid.after(end, owed, GOING if day_and_night else WORKING) if owed else end


def rolled(grid: Grid, case: Case, end: int) -> int:
    """Return the end, moved on to open time when ends move and it lies neither there nor at a closing time."""
    if not case.rolls or grid.is_(end - 1, OPEN_AT_ALL):
        return end
    return grid.after(end, 1, OPEN_AT_ALL) - 1


def settled(grid: Grid, case: Case, end: int) -> int:
    """Return the end where it may stand: rolled, and not within a pause."""
    end = rolled(grid, case, end)
    while grid.is_(end - 1, STANDING) and grid.is_(end, STANDING):
        end = rolled(grid, case, grid.after(end, 1, GOING) - 1)
    return end


def worked(grid: Grid, case: Case, begin: int, due: int) -> dict[int, int] | None:
    """Return the minutes worked of each day, by its ordinal."""
    if "hours" in (case.unit, *(unit for _, unit in case.extensions)):
        return None
    minutes = {}
    for ordinal in range(begin // DAY, due // DAY + 1):
        of_day = grid.count(max(begin, ordinal * DAY), min(due, ordinal * DAY + DAY), WORKING)
        if of_day:
            minutes[ordinal] = of_day
    return minutes


def shares(grid: Grid, case: Case, due: int) -> dict[int, int]:
    """Return when a quarter, a half and three quarters of the time from the start to the due time had gone by.

    It is counted in open minutes, in all minutes for limits in hours, and never in paused ones. Only when the
    minutes can be divided by four.
    """
    kinds = GOING if case.unit == "hours" else WORKING
    total = grid.count(case.start, due, kinds)
    if not total or total % 4:
        return {}
    return {percent: grid.after(case.start, total * percent // 100, kinds) for percent in (25, 50, 75)}
