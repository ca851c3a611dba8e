"""Due times and the ladder's instants for simulated concerns: the domain's own rules, each asked once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker.domain.calendar import WorkingCalendar
from tracker.domain.dates import local_date
from tracker.domain.deadlines import deadline
from tracker.domain.escalation import Climb, Rung, next_climb, reopened_level, rungs_for
from tracker.domain.routing import RuleBook
from tracker.domain.rubric import Rubric
from tracker.domain.time_limits import Clock, TimeLimit, choose_limit

LONG = timedelta(days=1500)
"""By then the ladder's top is reached, whatever the limit."""


@dataclass(frozen=True)
class Rules:
    """The dated rules by which the simulation reckons; the same that the application reads."""

    calendar: WorkingCalendar
    limits: tuple[TimeLimit, ...]
    ladder: tuple[Rung, ...]
    rubrics: tuple[Rubric, ...]
    book: RuleBook | None = None


@dataclass
class Timing:
    """The rules of time, with what was already worked out: many concerns start with the same sheet."""

    rules: Rules
    _dues: dict[tuple[str, str | None, str, datetime], tuple[str, datetime]] = field(default_factory=dict)
    _climbs: dict[tuple[str, datetime, datetime, frozenset[int], str], tuple[Climb, ...]] = field(
        default_factory=dict
    )

    def due(self, clock: Clock, category: str | None, urgency: str, start: datetime) -> tuple[str, datetime]:
        """Return the rule's code and the due time of a clock that starts at ``start``."""
        key = (clock.value, category, urgency, start)
        if key not in self._dues:
            limit = choose_limit(self.rules.limits, clock, category, urgency, local_date(start))
            self._dues[key] = limit.code, deadline(limit, start, self.rules.calendar).due_at
        return self._dues[key]

    def climbs(
        self,
        urgency: str,
        start: datetime,
        due_at: datetime,
        climbed: frozenset[int],
        until: datetime,
        clock: str = Clock.ANSWER,
    ) -> tuple[list[Climb], datetime | None]:
        """Return the levels climbed up to ``until`` (inclusive), in order, and when the next one is reached."""
        every = self._all_climbs(urgency, start, due_at, climbed, clock)
        found = [climb for climb in every if climb.at <= until]
        return found, every[len(found)].at if len(found) < len(every) else None

    def _all_climbs(
        self, urgency: str, start: datetime, due_at: datetime, climbed: frozenset[int], clock: str
    ) -> tuple[Climb, ...]:
        """Return all levels still ahead with their instants, which never fall from level to level."""
        key = (urgency, start, due_at, climbed, clock)
        if key not in self._climbs:
            rungs, done, found = self.rungs(urgency, start, clock), climbed, []
            while climb := next_climb(rungs, start, due_at, done, start + LONG, self.rules.calendar):
                found.append(climb)
                done |= {climb.level}
            self._climbs[key] = tuple(found)
        return self._climbs[key]

    def rungs(self, urgency: str, at: datetime, clock: str = Clock.ANSWER) -> tuple[Rung, ...]:
        """Return the clock's ladder in force on the day."""
        return rungs_for(self.rules.ladder, urgency, local_date(at), clock=clock)

    def reopened(self, urgency: str, at: datetime, level: int, times: int) -> int:
        """Return the level of a ticket that the branch sent back for the ``times``-th time."""
        return reopened_level(self.rungs(urgency, at), level, times)

    def office_time(self, at: datetime) -> datetime:
        """Return the instant itself in working hours, else a little after work next begins."""
        opened = self.rules.calendar.next_open(at)
        return at if opened == at else opened + timedelta(minutes=at.minute + 3, seconds=at.second)
