"""Open clocks under changed rules: which dates move, from when to when, and why. Pure; writes nothing.

A date moves only when the rules before the change give just this date, from the clock's own start, pauses and
extensions, and those after it give another. What was set by hand, or comes from rules long gone, stays.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

from tracker.domain.calendar import WorkingCalendar, last_day
from tracker.domain.calendars import Owner
from tracker.domain.climbs import Ladder, ladder_from, next_due_at
from tracker.domain.dates import date_words, local_date, time_words
from tracker.domain.deadlines import Extension, Pause, deadline
from tracker.domain.errors import Invalid
from tracker.domain.rule_changes import Rules, why_calendar, why_limit
from tracker.domain.time_limits import CLOCK_WORDS, DAY_UNITS, Clock, TimeLimit, choose_limit, limit_by_code


class OpenClock(NamedTuple):
    """A clock that runs, with what the rules ask of its ticket; no words of the concern. Times are aware."""

    id: int
    kind: str
    started_at: datetime
    due_at: datetime
    next_at: datetime | None
    is_fixed: bool
    ticket_id: int
    number: str
    status: str
    branch_id: int
    committee_id: int
    body_id: int | None
    category: str | None
    urgency: str
    is_restricted: bool
    level: int
    rule_code: str
    #: the day promised for its end, while it is paused
    promised_at: datetime | None


class Move(NamedTuple):
    """A clock's new due time by the rule of that code, and why."""

    clock: OpenClock
    to: datetime
    rule_code: str
    because: str

    @property
    def words(self) -> str:
        """Return the move in one sentence: whose limit, from when to when."""
        return (
            f"Hạn {CLOCK_WORDS[self.clock.kind]} chuyển từ {time_words(self.clock.due_at)} "
            f"sang {time_words(self.to)}."
        )


class Kept(NamedTuple):
    """A clock whose date stays although the rules give another one now: no rule gave it in the first place."""

    clock: OpenClock


class Climbing(NamedTuple):
    """When a clock's next level is reached now; None for never. ``is_other``: its date stays and this changed."""

    clock_id: int
    ticket_id: int
    next_at: datetime | None
    is_other: bool


@dataclass(frozen=True)
class Redating:
    """What a change of rules does to what is open at ``now``; counts are of tickets, each once.

    ``reassigned``: how many get other superiors since the tree changes. ``starts_on``: the later day on which all of
    this comes to pass; None for at once.
    """

    now: datetime
    moves: tuple[Move, ...] = ()
    kept: tuple[Kept, ...] = ()
    climbings: tuple[Climbing, ...] = ()
    reassigned: int = 0
    starts_on: date | None = None

    def __bool__(self) -> bool:
        """Return whether anybody would notice: a date moves, a level comes at another time or reaches others."""
        return bool(self.moves) or bool(self.climbing_otherwise) or bool(self.reassigned)

    @property
    def tickets(self) -> int:
        """How many tickets move."""
        return len({move.clock.ticket_id for move in self.moves})

    @cached_property
    def becoming_overdue(self) -> int:
        """How many tickets are late at once by their new date, and weren't."""
        return self._count(lambda move: move.to <= self.now < move.clock.due_at)

    @cached_property
    def no_longer_overdue(self) -> int:
        """How many tickets were late and have time again."""
        return self._count(lambda move: move.clock.due_at <= self.now < move.to)

    @cached_property
    def climbing_otherwise(self) -> int:
        """How many tickets keep their dates and reach their next level at another time, or never."""
        moving = {move.clock.ticket_id for move in self.moves}
        return len({one.ticket_id for one in self.climbings if one.is_other} - moving)

    @property
    def staying(self) -> int:
        """How many tickets keep a date that was set by hand or comes from no rule that is known."""
        return len({one.clock.ticket_id for one in self.kept})

    def _count(self, judge: Any) -> int:
        return len({move.clock.ticket_id for move in self.moves if judge(move)})

    @property
    def words(self) -> str:
        """Return the counts in one line: “12 kiến nghị đổi hạn; 3 kiến nghị sẽ thành quá hạn”."""
        told = (
            (self.tickets, "kiến nghị đổi hạn"),
            (self.becoming_overdue, "kiến nghị sẽ thành quá hạn"),
            (self.no_longer_overdue, "kiến nghị không còn quá hạn"),
            (self.climbing_otherwise, "kiến nghị giữ nguyên hạn nhưng đôn đốc vào lúc khác"),
            (self.reassigned, "kiến nghị sang cấp trên khác theo dõi, đôn đốc"),
            (self.staying, "kiến nghị giữ nguyên hạn đã đặt riêng"),
        )
        found = "; ".join(f"{count} {words}" for count, words in told if count)
        if not found:
            return "Không kiến nghị nào đổi hạn"
        return f"Từ ngày {date_words(self.starts_on)}: {found}" if self.starts_on else found

    @property
    def digest(self) -> str:
        """Return a mark of what would be done: another one means that something changed meanwhile."""
        moved = sorted((move.clock.id, move.clock.due_at, move.to) for move in self.moves)
        climbing = sorted((one.clock_id, str(one.next_at)) for one in self.climbings if one.is_other)
        whole = (moved, climbing, self.reassigned, self.starts_on)
        return sha256(repr(whole).encode()).hexdigest()[:32]


class Reckoner:
    """One state of the rules, asked clock by clock; what many clocks share is worked out once."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._limits: dict[tuple[Any, ...], TimeLimit | None] = {}
        self._calendars: dict[tuple[str, int, int | None], WorkingCalendar] = {}
        self._ladders: dict[tuple[str, str, str | None], Ladder] = {}
        self._dues: dict[tuple[Any, ...], datetime] = {}
        self._nexts: dict[tuple[Any, ...], datetime | None] = {}

    def limit(self, clock: OpenClock) -> TimeLimit | None:
        """Return the limit that held on the day on which the clock started; None when there was none."""
        key = (clock.kind, clock.category, clock.urgency, local_date(clock.started_at))
        if key not in self._limits:
            try:
                self._limits[key] = choose_limit(self.rules.limits, *key)
            except Invalid:
                self._limits[key] = None
        return self._limits[key]

    def own_limit(self, clock: OpenClock) -> TimeLimit | None:
        """Return the limit of the clock's own code as it held on the day on which the clock started."""
        key = (clock.rule_code, local_date(clock.started_at))
        if key not in self._limits:
            try:
                self._limits[key] = limit_by_code(self.rules.limits, *key)
            except Invalid:
                self._limits[key] = None
        return self._limits[key]

    def calendar(self, clock: OpenClock) -> WorkingCalendar:
        """Return the calendar by which the clock runs; the same object for clocks that share one."""
        key = (clock.kind, clock.branch_id, clock.body_id)
        if key not in self._calendars:
            self._calendars[key] = self.rules.calendars.of_clock(*key)
        return self._calendars[key]

    def chain(self, clock: OpenClock) -> tuple[Owner, ...]:
        """Return from whom the clock's calendar is taken, the nation first."""
        calendars = self.rules.calendars
        return calendars.chain(calendars.owner_of_clock(clock.kind, clock.branch_id, clock.body_id))

    def ladder(self, clock: OpenClock) -> Ladder:
        """Return the clock's ladder from today on, with what is known to begin or end later."""
        key = (clock.kind, clock.urgency, clock.category)
        if key not in self._ladders:
            self._ladders[key] = ladder_from(
                self.rules.ladder, clock.urgency, self.rules.on, clock=clock.kind, category=clock.category
            )
        return self._ladders[key]

    def due(
        self, clock: OpenClock, limit: TimeLimit, pauses: tuple[Pause, ...], extensions: tuple[Extension, ...]
    ) -> datetime:
        """Return when the limit ends for the clock. Raises Invalid for a calendar with no open time."""
        calendar = self.calendar(clock)
        plain = limit.unit in DAY_UNITS and not (limit.first_day_counted or pauses or extensions)
        start = local_date(clock.started_at) if plain else clock.started_at  # days begin with the next one
        key = (id(limit), id(calendar), start, pauses, extensions)
        if key not in self._dues:
            self._dues[key] = deadline(limit, clock.started_at, calendar, pauses, extensions).due_at
        return self._dues[key]

    def next_at(
        self, clock: OpenClock, due_at: datetime, climbed: frozenset[int], pauses: tuple[Pause, ...]
    ) -> datetime | None:
        """Return when the next level is reached for that due time; None when time reaches no more."""
        reached = clock.level if clock.kind == Clock.ANSWER else 0
        steps, calendar = self.ladder(clock), self.calendar(clock)
        key = (id(steps), id(calendar), clock.started_at, due_at, climbed, reached, pauses)
        if key not in self._nexts:
            self._nexts[key] = next_due_at(
                steps, clock.started_at, due_at, climbed, calendar, reached=reached, pauses=pauses
            )
        return self._nexts[key]


class Comparison:
    """The rules before a change and after it, asked clock by clock."""

    def __init__(self, before: Rules, after: Rules) -> None:
        self.before = Reckoner(before)
        self.after = Reckoner(after)
        self._same: dict[tuple[int, int], bool] = {}
        self._elsewhere: dict[tuple[str, int, int | None], bool] = {}
        self._reasons: dict[tuple[Any, ...], str] = {}

    def judge(
        self, clock: OpenClock, pauses: tuple[Pause, ...] = (), extensions: tuple[Extension, ...] = ()
    ) -> Move | Kept | None:
        """Return the clock's new date, None when nothing changes for it. Start, pauses, extensions are as they were.

        A clock for whose first day either state knows no limit stays: no rule is no match.
        """
        was, now = self._limits(clock)
        if was is None or now is None or (was == now and self._same_calendar(clock)):
            return None
        formerly = self.before.due(clock, was, pauses, extensions)
        to = self.after.due(clock, now, pauses, extensions)
        if to == formerly:
            return None
        if clock.is_fixed or clock.due_at != formerly:
            return Kept(clock)
        return Move(clock, to, now.code, self._why(clock, was, now, to))

    def _limits(self, clock: OpenClock) -> tuple[TimeLimit | None, TimeLimit | None]:
        """Return the clock's limit before and after: the one that fits it, or its own when that never was the same.

        A concern whose category was corrected later keeps the limit by which its clock began.
        """
        was, now = self.before.limit(clock), self.after.limit(clock)
        if was is None or was.code == clock.rule_code:
            return was, now
        return self.before.own_limit(clock), self.after.own_limit(clock)

    def climbing(
        self,
        clock: OpenClock,
        move: Move | None,
        climbed: dict[datetime, frozenset[int]],
        pauses: tuple[Pause, ...] = (),
    ) -> Climbing | None:
        """Return when the clock's next level is reached, None when that stays.

        ``climbed``: the levels recorded by due time. A paused clock is looked at when its pause ends, as before.
        """
        if clock.promised_at is not None or (move is None and self._same_ladder(clock)):
            return None
        due_at = move.to if move else clock.due_at
        then = self.after.next_at(clock, due_at, climbed.get(due_at, frozenset()), pauses)
        if move is not None:
            return Climbing(clock.id, clock.ticket_id, then, False)
        if then == self.before.next_at(clock, due_at, climbed.get(due_at, frozenset()), pauses):
            return None
        return Climbing(clock.id, clock.ticket_id, then, True)

    def _same_ladder(self, clock: OpenClock) -> bool:
        return self._same_calendar(clock) and self._are_same(
            self.before.ladder(clock), self.after.ladder(clock)
        )

    def _same_calendar(self, clock: OpenClock) -> bool:
        return self._are_same(self.before.calendar(clock), self.after.calendar(clock))

    def _are_same(self, was: object, now: object) -> bool:
        """Return whether the two are equal; both are kept by the reckoners, so that their ids stay theirs."""
        key = (id(was), id(now))
        if key not in self._same:
            self._same[key] = was == now
        return self._same[key]

    def _is_elsewhere(self, clock: OpenClock) -> bool:
        """Return whether the clock takes its calendar from others since the tree changed."""
        key = (clock.kind, clock.branch_id, clock.body_id)
        if key not in self._elsewhere:
            self._elsewhere[key] = self.before.chain(clock) != self.after.chain(clock)
        return self._elsewhere[key]

    def _why(self, clock: OpenClock, was: TimeLimit, now: TimeLimit, to: datetime) -> str:
        if was != now:
            return why_limit(was, now)
        before, after = self.before.calendar(clock), self.after.calendar(clock)
        first, last = local_date(clock.started_at), last_day(max(clock.due_at, to))
        is_elsewhere = self._is_elsewhere(clock)
        key = (id(before), id(after), first, last, is_elsewhere)
        if key not in self._reasons:
            moved = "Đơn vị chuyển cấp trên, nay theo lịch khác. " if is_elsewhere else ""
            self._reasons[key] = moved + why_calendar(before, after, first, last)
        return self._reasons[key]
