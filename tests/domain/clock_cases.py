"""Cases for the clock, drawn at random: every kind of week, day, start, pause and extension, and how to ask ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from hypothesis import strategies as st

from tests.domain.clock_simulator import DAY, Answer, Case, Slots, Week, minute
from tracker.domain import calendar, deadlines, pauses
from tracker.domain.dates import ZONE
from tracker.domain.time_limits import Clock, LimitUnit, StartEvent, TimeLimit

UNITS = ("calendar_days", "working_days", "working_hours", "hours")
OFFICE: Slots = ((450, 690), (810, 1020))
ROUND_THE_CLOCK: Slots = ((0, 1440),)
NIGHT: Slots = ((0, 360), (1080, 1440))
TOUCHING: Slots = ((450, 690), (690, 1020))
FIRST = date(2026, 1, 1)
MOST = {"calendar_days": 45, "working_days": 15, "working_hours": 60, "hours": 120}

OURS = SimpleNamespace(calendar=calendar, deadlines=deadlines, pauses=pauses)
"""The modules of the clock; a mutant has others."""


def draw_case(random: Random) -> Case:
    """Return a case; the same random numbers give the same case."""
    unit = random.choice(UNITS)
    on = FIRST + timedelta(days=random.randint(0, 420))
    week = _week(random)
    later = ((on + timedelta(days=random.randint(-5, 25)), _week(random)),) if random.random() < 0.15 else ()
    days = tuple(_days(random, on)) if random.random() < 0.8 else ()
    start = minute(on, _minute_of_day(random, week[on.weekday()]))
    amount = random.randint(1, MOST[unit] if random.random() < 0.3 else 6)
    edges = (start, start + 60 * amount, start + 60 * amount)
    return Case(
        unit=unit,
        amount=amount,
        first_day_counted=random.random() < 0.3,
        rolls=random.random() < 0.7,
        start=start,
        week=week,
        later=later,
        days=days,
        pauses=tuple(_pauses(random, start, edges)) if random.random() < 0.6 else (),
        extensions=tuple(_extensions(random)) if random.random() < 0.35 else (),
    )


def cases(seed: int, number: int) -> Iterator[Case]:
    """Yield so many cases of the seed."""
    random = Random(seed)
    for _ in range(number):
        yield draw_case(random)


def drawn_cases() -> st.SearchStrategy[Case]:
    """Draw cases: of any seed, or choice by choice, which hypothesis can make smaller when one fails."""
    by_seed = st.integers(0, 2**32).map(lambda seed: draw_case(Random(seed)))
    return st.one_of(by_seed, st.randoms(use_true_random=False).map(draw_case))


def _week(random: Random) -> Week:
    style = random.random()
    if style < 0.45:
        return (OFFICE,) * 5 + ((), ())
    if style < 0.55:
        return (ROUND_THE_CLOCK,) * 7
    mask = random.randint(1, 127)
    if style < 0.75:
        return tuple(OFFICE if mask >> weekday & 1 else () for weekday in range(7))
    return tuple(_slots(random) if mask >> weekday & 1 else () for weekday in range(7))


def _slots(random: Random) -> Slots:
    shape = random.random()
    if shape < 0.3:
        return random.choice((NIGHT, TOUCHING, ROUND_THE_CLOCK, OFFICE))
    marks = sorted(random.sample(range(0, 97), 2 * random.randint(1, 3)))
    return tuple((15 * a, 15 * b) for a, b in zip(marks[::2], marks[1::2], strict=True))


def _days(random: Random, on: date) -> Iterator[tuple[date, str, Slots]]:
    seen = set()
    if random.random() < 0.3:
        begin = on + timedelta(days=random.randint(-3, 15))
        for n in range(random.randint(3, 9)):
            seen.add(begin + timedelta(days=n))
            yield begin + timedelta(days=n), "holiday", ()
    for _ in range(random.randint(0, 10)):
        day = on + timedelta(days=random.randint(-3, 40))
        if day in seen:
            continue
        seen.add(day)
        kind = random.choice(("holiday", "holiday", "makeup", "makeup", "half", "working", "weekend"))
        own = kind in ("makeup", "half", "working") and random.random() < 0.4
        yield day, kind, _slots(random) if own else ()


def _minute_of_day(random: Random, slots: Slots) -> int:
    edges = [edge % DAY for slot in slots for edge in (*slot, slot[0] - 1, slot[1] - 1, slot[1] + 1)]
    if edges and random.random() < 0.5:
        return random.choice(edges)
    return random.choice((0, 1439, 720, 1140, random.randint(0, 1439), random.randint(0, 1439)))


def _pauses(random: Random, start: int, edges: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    if random.random() < 0.15:
        edge, length = random.choice(edges), random.randint(1, 2 * DAY)
        yield random.choice(((edge, edge + length), (edge - length, edge)))
    at = start + random.randint(-4 * DAY, 15 * DAY)
    for _ in range(random.randint(1, 4)):
        shape = random.random()
        if shape < 0.2:
            friday = at // DAY - (at // DAY - 5) % 7
            yield friday * DAY + 1020, (friday + 3) * DAY + 450
            continue
        length = random.choice((1, random.randint(1, 600), random.randint(600, 10 * DAY)))
        if shape < 0.5:
            at = at // DAY * DAY + random.choice((0, 450, 690, 720, 810, 1020))
            length = random.choice((240, 450, 570, DAY, 2 * DAY, 2 * DAY + 570))
        yield at, at + length
        at += random.choice((length, length // 2, -length, random.randint(0, 3 * DAY), length + 1))


def _extensions(random: Random) -> Iterator[tuple[int, str]]:
    for _ in range(random.randint(1, 3)):
        unit = random.choice(UNITS)
        yield random.randint(1, 30 if unit == "hours" else 8), unit


@dataclass(frozen=True)
class Question:
    """A case as values of the clock."""

    limit: TimeLimit
    start: datetime
    calendar: Any
    pauses: tuple[Any, ...]
    extensions: tuple[Any, ...]


def question(case: Case, clock: Any = OURS) -> Question:
    """Return the case in the values of our clock, or of another with the same modules. Half the starts are in UTC."""
    limit = TimeLimit(
        "drawn",
        Clock.ANSWER,
        "Trả lời",
        case.amount,
        LimitUnit(case.unit),
        StartEvent.FILED,
        first_day_counted=case.first_day_counted,
        roll_to_working=case.rolls,
    )
    start = instant(case.start)
    return Question(
        limit,
        start.astimezone(UTC) if case.amount % 2 else start,
        working_calendar(case, clock),
        tuple(clock.pauses.Pause(instant(begins), instant(ends)) for begins, ends in case.pauses),
        tuple(clock.deadlines.Extension(amount, LimitUnit(unit)) for amount, unit in case.extensions),
    )


def working_calendar(case: Case, clock: Any = OURS) -> Any:
    """Return the case's calendar."""

    def slots(of_day: Slots) -> tuple[Any, ...]:
        return tuple(clock.calendar.Slot(begins, ends) for begins, ends in of_day)

    days = {
        on: clock.calendar.CalendarDay(on, clock.calendar.DayKind(kind), kind, slots(own) or None)
        for on, kind, own in case.days
    }
    later = tuple((since, tuple(slots(one) for one in week)) for since, week in case.later)
    return clock.calendar.WorkingCalendar(tuple(slots(one) for one in case.week), days, later)


def asked(case: Case, clock: Any = OURS) -> Answer:
    """Return what our clock says of the case, in the simulator's numbers."""
    put = question(case, clock)
    found = clock.deadlines.deadline(put.limit, put.start, put.calendar, put.pauses, put.extensions)
    in_wall_time = case.unit == "hours"
    in_working_time = not in_wall_time and "hours" not in [unit for _, unit in case.extensions]
    shares = {
        percent: clock.deadlines.instant_at_percent(
            put.start, found.due_at, percent, put.calendar, in_wall_time=in_wall_time, pauses=put.pauses
        )
        for percent in (25, 50, 75)
    }
    return Answer(
        number(found.due_at),
        tuple(number(one.old_due_at) for one in found.extensions),
        {day.on.toordinal(): day.hours for day in found.days if day.hours} if in_working_time else None,  # type: ignore[misc]
        {percent: number(at) for percent, at in shares.items()},
    )


def instant(at: int) -> datetime:
    """Return the simulator's minute as an aware time."""
    return datetime.combine(date.fromordinal(at // DAY), datetime.min.time(), ZONE) + timedelta(
        minutes=at % DAY
    )


def number(at: datetime) -> float:
    """Return the simulator's number of the time; a part of a minute stays a part."""
    here = at.astimezone(ZONE)
    return minute(here.date()) + (
        here - datetime.combine(here.date(), datetime.min.time(), ZONE)
    ) / timedelta(minutes=1)


def differences(case: Case, expected: Answer, clock: Any = OURS) -> list[str]:
    """Return in what our clock and the simulator differ: nothing, when all is well."""
    found = asked(case, clock)
    told = []
    if found.due != expected.due:
        told.append(f"due {shown(found.due)}, not {shown(expected.due)}")
    if found.old_dues != expected.old_dues:
        before = [[shown(at) for at in one.old_dues] for one in (found, expected)]
        told.append(f"before extensions {before[0]}, not {before[1]}")
    if expected.worked is not None:
        hours = {day: round(minutes / 60, 2) for day, minutes in expected.worked.items()}
        if found.worked != hours:
            told.append(f"hours by day {found.worked}, not {hours}")
    told += [
        f"{percent} % at {shown(found.shares[percent])}, not {shown(at)}"
        for percent, at in expected.shares.items()
        if found.shares[percent] != at
    ]
    return told


def shown(at: float) -> str:
    """Return the minute as a person reads it."""
    return f"{date.fromordinal(int(at // DAY)):%Y-%m-%d} {int(at % DAY) // 60:02d}:{at % 60:02.2g}"
