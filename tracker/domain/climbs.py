"""The ladder climbed: which level when, in order, upward only, whatever the sweep's pace.

Rungs begin and end on days of their own, so a ladder is a row of stages: a level is reached at an instant only by a
rung that is in force on the day of that instant. What is due is the same for one sweep a minute and one a month.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from tracker.domain.calendar import WorkingCalendar, instant
from tracker.domain.dates import midnight, time_words
from tracker.domain.deadlines import Pause
from tracker.domain.escalation import RECIPIENT_WORDS, Rung, rung_instant, rungs_for
from tracker.domain.numbers import percent_words
from tracker.domain.time_limits import CLOCK_WORDS, UNIT_WORDS, Clock


class Stage(NamedTuple):
    """A clock's rungs while they are the same ones: from an instant (inclusive) to another (exclusive).

    None stands for no such instant: they have always held, or hold for good.
    """

    begins: datetime | None
    ends: datetime | None
    rungs: tuple[Rung, ...]


Ladder = tuple[Stage, ...]
"""A clock's stages in order of time, without a gap."""


class Climb(NamedTuple):
    """One level to be climbed: ``at`` is when the ladder says so, however late it is noticed."""

    level: int
    rung: Rung
    at: datetime
    because: str


def ladder_from(
    rows: Iterable[Rung],
    urgency: str | None,
    on: date,
    *,
    clock: str = Clock.ANSWER,
    category: str | None = None,
) -> Ladder:
    """Return the clock's ladder from the day on: the stage in which the day lies, then those known to come."""
    own = [rung for rung in rows if rung.clock == clock]
    turns = {day for rung in own for day in (rung.valid_from, rung.valid_to) if day is not None}
    first = max((day for day in turns if day <= on), default=date.min)
    found: list[Stage] = []
    for day in (first, *sorted(day for day in turns if day > on)):
        rungs = rungs_for(own, urgency, day, clock=clock, category=category)
        if not found or found[-1].rungs != rungs:
            found.append(Stage(midnight(day) if day > date.min else None, None, rungs))
    ends = [stage.begins for stage in found[1:]]
    return tuple(stage._replace(ends=end) for stage, end in zip(found, [*ends, None], strict=True))


def steady(rungs: Iterable[Rung]) -> Ladder:
    """Return the ladder of rungs that have always held and always will."""
    return (Stage(None, None, tuple(rungs)),)


def next_climb(
    ladder: Sequence[Stage],
    start: datetime,
    due_at: datetime,
    climbed: frozenset[int],
    now: datetime,
    calendar: WorkingCalendar,
    *,
    reached: int = 0,
    pauses: Sequence[Pause] = (),
) -> Climb | None:
    """Return the one level to climb now, or None. ``climbed`` are the levels recorded for this due time.

    Levels come in order, one a call, so a sweep after a long stop replays the ladder (glpi#5319), each level by
    the rungs of its own day. A ticket of age 0 never climbs. Levels of authority go upward only: after a reopening
    at level 3, level 2 is past; so it is with ``reached``, the level that an earlier due time had led to before the
    date was moved.
    """
    found = next(_ahead(ladder, start, due_at, climbed, calendar, reached, pauses), None)
    if found is None or instant(now) <= instant(start) or instant(now) < found[1]:
        return None
    rung, at = found
    return Climb(rung.level, rung, at, _because(rung, due_at))


def climbs_due(
    ladder: Sequence[Stage],
    start: datetime,
    due_at: datetime,
    climbed: frozenset[int],
    now: datetime,
    calendar: WorkingCalendar,
    *,
    reached: int = 0,
    pauses: Sequence[Pause] = (),
) -> tuple[tuple[Climb, ...], datetime | None]:
    """Return all the levels to climb now, in order, and when the next one after them is reached.

    The same as ``next_climb`` again and again, each level in ``climbed`` afterwards: after a long stop the whole
    missed ladder is there (glpi#5319, #5805), and how often one asks changes nothing (RT's EscalatePriority).
    """
    found: list[Climb] = []
    is_new = instant(now) <= instant(start)
    for rung, at in _ahead(ladder, start, due_at, climbed, calendar, reached, pauses):
        if is_new or instant(now) < at:
            return tuple(found), at
        found.append(Climb(rung.level, rung, at, _because(rung, due_at)))
    return tuple(found), None


def next_due_at(
    ladder: Sequence[Stage],
    start: datetime,
    due_at: datetime,
    climbed: frozenset[int],
    calendar: WorkingCalendar,
    *,
    reached: int = 0,
    pauses: Sequence[Pause] = (),
) -> datetime | None:
    """Return when the next level is reached, for the sweep's index; None when time reaches no more."""
    found = next(_ahead(ladder, start, due_at, climbed, calendar, reached, pauses), None)
    return found[1] if found else None


def _ahead(
    ladder: Sequence[Stage],
    start: datetime,
    due_at: datetime,
    climbed: frozenset[int],
    calendar: WorkingCalendar,
    reached: int,
    pauses: Sequence[Pause],
) -> Iterator[tuple[Rung, datetime]]:
    """Yield the rungs not yet climbed with their instants, which never fall; what is yielded counts as climbed."""
    for stage in ladder:
        for rung, at in _in_stage(stage, start, due_at, climbed, calendar, reached, pauses):
            yield rung, at
            climbed |= {rung.level}
            reached = reached if rung.is_warning else max(reached, rung.level)


def _in_stage(
    stage: Stage,
    start: datetime,
    due_at: datetime,
    climbed: frozenset[int],
    calendar: WorkingCalendar,
    reached: int,
    pauses: Sequence[Pause],
) -> Iterator[tuple[Rung, datetime]]:
    """Yield what is reached while the stage lasts; a rung whose time had come before it begins is reached then."""
    recorded = [rung.level for rung in stage.rungs if rung.level in climbed and not rung.is_warning]
    lowest = max([reached, *recorded])
    floor = max(instant(start), stage.begins) if stage.begins else instant(start)
    for rung in stage.rungs:
        if rung.level in climbed or (not rung.is_warning and rung.level < lowest):
            continue
        at = rung_instant(rung, start, due_at, calendar, pauses)
        if at is None:
            continue
        floor = max(floor, at)
        if stage.ends is not None and floor >= stage.ends:
            return
        yield rung, floor


def _because(rung: Rung, due_at: datetime) -> str:
    whom = RECIPIENT_WORDS[rung.recipient]
    due = time_words(due_at)
    what = "" if rung.clock is Clock.ANSWER else f" {CLOCK_WORDS[rung.clock]}"
    if rung.at_percent is not None:
        return f"Đã qua {percent_words(rung.at_percent)} thời hạn{what} (hạn {due}): nhắc {whom}."
    if not rung.after_amount or rung.after_unit is None:
        return f"Đã hết hạn{what or ' trả lời'} (hạn {due}): báo {whom}."
    return f"Quá hạn{what} {rung.after_amount} {UNIT_WORDS[rung.after_unit]} (hạn {due}): báo {whom}."
