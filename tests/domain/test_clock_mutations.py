"""The clock made wrong on purpose, one mistake at a time: the simulator catches each.

Every mistake is one that some system of our kind shipped, or one that the next person to touch the clock may make.
The text that a mistake replaces must stand exactly once, so none can rot unseen.
"""

import re
import sys
from collections.abc import Callable, Iterator
from importlib.abc import InspectLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import NamedTuple

import pytest

import tracker.domain
from tests.domain.clock_cases import cases, differences
from tests.domain.clock_simulator import Answer, Case, answer

MODULES = ("spans", "calendar", "pauses", "extensions", "day_counts", "deadlines")
"""The modules of the clock, each behind those that it imports."""

NUMBER, SEED = 600, 3


class Mistake(NamedTuple):
    """A wrong clock: in which module which text is replaced by which."""

    name: str
    module: str
    right: str
    wrong: str


MISTAKES = (
    Mistake(
        "calendar days off by one",
        "deadlines",
        "last = first + timedelta(days=limit.amount - 1)\n    return",
        "last = first + timedelta(days=limit.amount)\n    return",
    ),
    Mistake("days off counted as working days", "deadlines", "number -= day.is_open", "number -= 1"),
    Mistake("first day always counted", "deadlines", "if limit.first_day_counted and today", "if today"),
    Mistake("first day never counted", "deadlines", "if limit.first_day_counted and", "if False and"),
    Mistake(
        "first day counted after closing time",
        "deadlines",
        "and today.is_open and start < today.end",
        "and today.is_open",
    ),
    Mistake(
        "first day counted though off",
        "deadlines",
        "and today.is_open and start < today.end",
        "and start < today.end",
    ),
    Mistake(
        "holidays ignored",
        "calendar",
        "if entry.kind in (DayKind.HOLIDAY, DayKind.WEEKEND)",
        "if entry.kind is DayKind.WEEKEND",
    ),
    Mistake(
        "make-up Saturdays ignored",
        "calendar",
        "if entry is None:",
        "if entry is None or entry.kind is DayKind.MAKEUP:",
    ),
    Mistake("half days as whole ones", "calendar", "return slots[:1] if", "return slots if"),
    Mistake("a day's own hours ignored", "calendar", "slots = entry.slots or usual or", "slots = usual or"),
    Mistake(
        "weekdays off by one",
        "calendar",
        "[on.weekday()]\n        entry",
        "[on.weekday() - 1]\n        entry",
    ),
    Mistake("changed weekly hours ignored", "calendar", "usual = self.week_on(on)[", "usual = self.week["),
    Mistake(
        "lunch break ignored",
        "calendar",
        "zero + timedelta(minutes=s.ends)) for s in slots)",
        "zero + timedelta(minutes=slots[-1].ends)) for s in slots[:1])",
    ),
    Mistake(
        "midnight at 23:59",
        "calendar",
        "zero + timedelta(minutes=s.ends))",
        "zero + timedelta(minutes=min(s.ends, 1439)))",
    ),
    Mistake(
        "24:00 on the next day",
        "calendar",
        "(instant(at) - timedelta(microseconds=1)).date()",
        "instant(at).date()",
    ),
    Mistake(
        "the day ends with its first slot", "calendar", "return self.spans[-1][1]", "return self.spans[0][1]"
    ),
    Mistake("UTC date instead of the local one", "calendar", "return at.astimezone(ZONE)", "return at"),
    Mistake(
        "a slot's end is closed", "calendar", "if amount <= ends - begins:", "if amount < ends - begins:"
    ),
    Mistake("closing time is too late", "calendar", "if at <= ends:", "if at < ends:"),
    Mistake(
        "ends moved backward",
        "calendar",
        "return next(day for day in self.days_from(on) if day.is_open)",
        "return next(d for n in range(99) if (d := self.day(on - timedelta(days=n))).is_open)",
    ),
    Mistake("ends never moved", "deadlines", "calendar.at_work(at) if limit.roll_to_working else at", "at"),
    Mistake("ends always moved", "deadlines", "if limit.roll_to_working else at", "if True else at"),
    Mistake(
        "calendar days always moved",
        "deadlines",
        "calendar.open_day(last) if limit.roll_to_working else",
        "calendar.open_day(last) if True else",
    ),
    Mistake("pauses in wall time", "pauses", "    if in_wall_time:", "    if True:"),
    Mistake("urgent pauses in working time", "pauses", "    if in_wall_time:", "    if False:"),
    Mistake(
        "pauses ignored",
        "deadlines",
        "max(start, midnight(first)), merged(pauses)",
        "max(start, midnight(first)), ()",
    ),
    Mistake("pauses not merged", "pauses", "if spans and begins <= spans[-1][1]:", "if False:"),
    Mistake("the longer pause cut by the shorter", "pauses", "max(ends, spans[-1][1]))", "ends)"),
    Mistake(
        "pauses added to the creation date",
        "pauses",
        "return calendar.after(begin, wanted, closed)",
        "return begin + sum((b - a for a, b in closed), timedelta())",
    ),
    Mistake(
        "pauses before the start credited",
        "deadlines",
        "max(start, midnight(first)), merged",
        "midnight(first), merged",
    ),
    Mistake("a pause at the very end credited", "pauses", "and begins < due:", "and begins <= due:"),
    Mistake("a limit may end while paused", "deadlines", "if begins < due < ends:", "if False:"),
    Mistake(
        "extensions in calendar days",
        "deadlines",
        "shift(plain, one.amount, one.unit,",
        "shift(plain, one.amount, LimitUnit.CALENDAR_DAYS,",
    ),
    Mistake("extensions from the start", "deadlines", "plain = shift(plain,", "plain = shift(start,"),
    Mistake("extensions ignored", "deadlines", "for one in extensions:", "for one in ():"),
    Mistake(
        "the day of the old end counted again",
        "deadlines",
        "_nth_open(calendar, last_day(at) + _ONE_DAY, amount)",
        "_nth_open(calendar, last_day(at), amount)",
    ),
    Mistake(
        "extensions moved against the rule",
        "deadlines",
        ", calendar, roll=limit.roll_to_working)",
        ", calendar)",
    ),
    Mistake(
        "shares in wall time", "deadlines", "timedelta() if in_wall_time else", "timedelta() if True else"
    ),
    Mistake(
        "shares run on while paused",
        "deadlines",
        "total * percent / 100, closed), due_at",
        "total * percent / 100), due_at",
    ),
    Mistake(
        "hours before the start shown as worked",
        "day_counts",
        "begins = max(self.begins, midnight(day.on))",
        "begins = midnight(day.on)",
    ),
)


class _Text(InspectLoader):
    """Loads a module from a text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_source(self, fullname: str) -> str:
        return self._text


def clock_with(mistake: Mistake | None, package: str = "wrong_clock") -> SimpleNamespace:
    """Return the modules of the clock, loaded apart from ours, with the mistake made."""
    ours = re.compile(rf"from tracker\.domain\.({'|'.join(MODULES)}) import")
    loaded: dict[str, ModuleType] = {}
    try:
        for name in MODULES:
            text = Path(tracker.domain.__path__[0], f"{name}.py").read_text("utf-8")
            if mistake and mistake.module == name:
                assert text.count(mistake.right) == 1, f"{mistake.name}: the text to replace has changed"
                text = text.replace(mistake.right, mistake.wrong)
            full = f"{package}.{name}"
            spec = spec_from_loader(full, _Text(ours.sub(rf"from {package}.\1 import", text)))
            assert spec is not None
            assert spec.loader is not None
            loaded[name] = sys.modules[full] = module_from_spec(spec)
            spec.loader.exec_module(loaded[name])
    finally:
        for name in loaded:
            del sys.modules[f"{package}.{name}"]
    return SimpleNamespace(**loaded)


def wrong_answer(case: Case, expected: Answer, clock: SimpleNamespace) -> str:
    """Return in what the clock is wrong; nothing, when it isn't."""
    try:
        return "; ".join(differences(case, expected, clock))
    except Exception as error:
        return f"raises {type(error).__name__}"


@pytest.fixture(scope="module")
def asked() -> list[tuple[Case, Answer]]:
    """The cases with the simulator's answers."""
    return [(case, answer(case)) for case in cases(SEED, NUMBER)]


@pytest.fixture(scope="module")
def tell() -> Iterator[Callable[[Mistake, int, str], None]]:
    """Collect which case caught which mistake, and print the table at the end."""
    rows: list[tuple[Mistake, int, str]] = []
    yield lambda mistake, number, why: rows.append((mistake, number, why))
    print(f"\n\nmutations of the clock: {len(rows)} of {len(MISTAKES)} caught by the simulator")
    for mistake, number, why in rows:
        print(f"  {mistake.name:38} {mistake.module:10} case {number:3}  {why[:90]}")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_every_mistake_in_the_clock_is_caught(
    mistake: Mistake, asked: list[tuple[Case, Answer]], tell: Callable[[Mistake, int, str], None]
) -> None:
    clock = clock_with(mistake)
    for number, (case, expected) in enumerate(asked):
        if why := wrong_answer(case, expected, clock):
            tell(mistake, number, why)
            return
    pytest.fail(f"{mistake.name}: no case of {len(asked)} catches it")


def test_the_clock_without_a_mistake_is_not_caught(asked: list[tuple[Case, Answer]]) -> None:
    """A negative control: what catches the mistakes is not the way in which they are loaded."""
    clock = clock_with(None)
    assert clock.calendar is not sys.modules["tracker.domain.calendar"]
    assert [why for case, expected in asked if (why := wrong_answer(case, expected, clock))] == []


def test_a_mistake_whose_text_has_changed_is_told() -> None:
    with pytest.raises(AssertionError, match="has changed"):
        clock_with(Mistake("gone", "deadlines", "no such text in the clock", ""))
