"""Due times and the ladder's instants for simulated concerns: the domain's own rules, each asked once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tracker.domain.calendar import WorkingCalendar
from tracker.domain.climbs import Climb, ladder_from, next_climb
from tracker.domain.dates import local_date
from tracker.domain.deadlines import deadline
from tracker.domain.escalation import Rung, bounced_level, first_level, reopened_level, rungs_for
from tracker.domain.extension_rules import ExtensionRule
from tracker.domain.extensions import Extension
from tracker.domain.pauses import Pause
from tracker.domain.rubric import Rubric
from tracker.domain.rule_book import RuleBook
from tracker.domain.time_limits import Clock, TimeLimit, choose_limit, limit_by_code

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
    extension_rules: tuple[ExtensionRule, ...] = ()


@dataclass
class Timing:
    """The rules of time, with what was already worked out: many concerns start with the same sheet."""

    rules: Rules
    _dues: dict[tuple[str, str | None, str, datetime], tuple[str, datetime]] = field(default_factory=dict)
    _climbs: dict[tuple[Any, ...], tuple[Climb, ...]] = field(default_factory=dict)

    def due(self, clock: Clock, category: str | None, urgency: str, start: datetime) -> tuple[str, datetime]:
        """Return the rule's code and the due time of a clock that starts at ``start``."""
        key = (clock.value, category, urgency, start)
        if key not in self._dues:
            limit = choose_limit(self.rules.limits, clock, category, urgency, local_date(start))
            self._dues[key] = limit.code, deadline(limit, start, self.rules.calendar).due_at
        return self._dues[key]

    def moved(
        self, rule: str, start: datetime, pauses: Sequence[Pause], extensions: Sequence[Extension]
    ) -> datetime:
        """Return the due time of a running clock by its own rule, with what was paused and granted."""
        limit = limit_by_code(self.rules.limits, rule, local_date(start))
        return deadline(limit, start, self.rules.calendar, pauses, extensions).due_at

    def climbs(
        self,
        urgency: str,
        start: datetime,
        due_at: datetime,
        climbed: frozenset[int],
        until: datetime,
        clock: str = Clock.ANSWER,
        pauses: tuple[Pause, ...] = (),
    ) -> tuple[list[Climb], datetime | None]:
        """Return the levels climbed up to ``until`` (inclusive), in order, and when the next one is reached."""
        every = self._all_climbs(urgency, start, due_at, climbed, clock, pauses)
        found = [climb for climb in every if climb.at <= until]
        return found, every[len(found)].at if len(found) < len(every) else None

    def _all_climbs(
        self,
        urgency: str,
        start: datetime,
        due_at: datetime,
        climbed: frozenset[int],
        clock: str,
        pauses: tuple[Pause, ...],
    ) -> tuple[Climb, ...]:
        """Return all levels still ahead with their instants, which never fall from level to level."""
        key = (urgency, start, due_at, climbed, clock, pauses)
        if key not in self._climbs:
            ladder = ladder_from(self.rules.ladder, urgency, local_date(start), clock=clock)
            done, found = climbed, list[Climb]()
            calendar, late = self.rules.calendar, start + LONG
            while climb := next_climb(ladder, start, due_at, done, late, calendar, pauses=pauses):
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

    def begins(self, urgency: str, at: datetime, raised_count: int) -> int:
        """Return the level at which a concern begins that was raised in so many meetings."""
        return first_level(self.rungs(urgency, at), raised_count)

    def bounced(self, urgency: str, at: datetime, level: int, times: int) -> int:
        """Return the level of a ticket that was said to be somebody else's for the ``times``-th time."""
        return bounced_level(self.rungs(urgency, at), level, times)

    def office_time(self, at: datetime) -> datetime:
        """Return the instant itself in working hours, else a little after work next begins."""
        opened = self.rules.calendar.next_open(at)
        return at if opened == at else opened + timedelta(minutes=at.minute + 3, seconds=at.second)
