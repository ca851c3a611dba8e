"""Two states of the dated rules compared: from which day on they differ, which ladders do, and why a date moves."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tracker.domain.calendar import DAY_KIND_WORDS, WorkingCalendar
from tracker.domain.calendars import Calendars, Owner
from tracker.domain.dates import date_words
from tracker.domain.escalation import Rung
from tracker.domain.org import OrgTree
from tracker.domain.time_limits import TimeLimit

_MOST_DAYS = 3
"""Days that a sentence names; the others are counted."""


@dataclass(frozen=True)
class Rules:
    """What dates are reckoned by: limits and rungs of all times, the calendars, and the day whose ladder holds."""

    limits: tuple[TimeLimit, ...]
    calendars: Calendars
    ladder: tuple[Rung, ...]
    on: date


@dataclass(frozen=True)
class Difference:
    """What two states of the rules differ in.

    ``since``: no date before that day (inclusive) is reckoned otherwise; None when limits and calendars are the
    same. ``clocks``: the kinds of clock whose ladder is another one, today or on a later day.
    """

    since: date | None
    clocks: frozenset[str]

    def __bool__(self) -> bool:
        return self.since is not None or bool(self.clocks)


def difference(before: Rules, after: Rules) -> Difference:
    """Return what the states differ in. Raises Invalid when the later one has a calendar with no open time."""
    turns = [
        *_limit_turns(before.limits, after.limits),
        *_day_turns(before.calendars, after.calendars),
        *_hour_turns(before.calendars, after.calendars),
        *_tree_turns(before.calendars, after.calendars),
    ]
    rungs = _standing(before) ^ _standing(after)
    return Difference(min(turns, default=None), frozenset(str(rung.clock) for rung in rungs))


def _standing(rules: Rules) -> set[Rung]:
    """Return the rungs of the day and of later days, whatever is said of their past and their source."""
    alike: dict[str, Any] = {"source": "", "tag": ""}
    return {
        replace(rung, valid_from=max(rung.valid_from, rules.on), **alike)
        for rung in rules.ladder
        if rung.valid_to is None or rung.valid_to > rules.on
    }


def _limit_turns(before: Iterable[TimeLimit], after: Iterable[TimeLimit]) -> list[date]:
    """Return the days on which other limits come to hold; who says so and how sure it is changes no date."""
    was, now = tuple(before), tuple(after)
    turns = {day for one in (*was, *now) for day in (one.valid_from, one.valid_to) if day is not None}
    return [on for on in turns if _held(was, on) != _held(now, on)]


def _held(limits: Iterable[TimeLimit], on: date) -> set[tuple[object, ...]]:
    return {
        (
            one.code, one.clock, one.amount, one.unit, one.category, one.urgency,
            one.first_day_counted, one.roll_to_working, one.valid_from,
        )
        for one in limits
        if one.holds_on(on)
    }  # fmt: skip


def _day_turns(before: Calendars, after: Calendars) -> list[date]:
    found = []
    for owner in before.days.keys() | after.days.keys():
        was, now = before.days.get(owner, {}), after.days.get(owner, {})
        found += [on for on in was.keys() | now.keys() if was.get(on) != now.get(on)]
    return found


def _hour_turns(before: Calendars, after: Calendars) -> list[date]:
    found = []
    for owner in before.hours.keys() | after.hours.keys():
        slots = (*before.hours.get(owner, ()), *after.hours.get(owner, ()))
        turns = {day for one in slots for day in (one.valid_from, one.valid_to) if day is not None}
        if before.hours.get(owner) != after.hours.get(owner):
            found += [on for on in turns if _weeks_differ(before, after, owner, on)]
    return found


def _tree_turns(before: Calendars, after: Calendars) -> list[date]:
    """Return a day before all clocks when somebody stands elsewhere in the tree and works by another calendar there."""
    if before.tree == after.tree:
        return []
    owners = [Owner(unit_id=one) for one in before.tree.units.keys() & after.tree.units.keys()]
    owners += [Owner(body_id=one) for one in before.tree.bodies]  # of one that has ended the nation's is left
    moved = [one for one in owners if before.chain(one) != after.chain(one)]
    return [_EVER] if any(before.of(one) != after.of(one) for one in moved) else []


_EVER = date(2000, 1, 1)
"""No clock is older."""


def elsewhere(before: OrgTree, after: OrgTree) -> tuple[frozenset[int], frozenset[int]]:
    """Return the units that stand under other superiors in the second tree, and the bodies that do."""
    units = frozenset(one for one in before.units if before.path(one) != after.path(one))
    bodies = frozenset(one for one in before.bodies if _above(one, before) != _above(one, after))
    return units, bodies


def _above(body_id: int, tree: OrgTree) -> tuple[int, ...]:
    body = tree.bodies.get(body_id)
    return tree.path(body.committee_id) if body and body.committee_id is not None else ()


def _weeks_differ(before: Calendars, after: Calendars, owner: Owner, on: date) -> bool:
    return before.of(owner).week_on(on) != after.of(owner).week_on(on)


def why_limit(before: TimeLimit, after: TimeLimit) -> str:
    """Return in a sentence how the limit of a clock changed."""
    if before.words == after.words:
        return f"Cách tính thời hạn “{after.name}” thay đổi."
    return f"Thời hạn “{after.name}” đổi từ {before.words} thành {after.words}."


def why_calendar(before: WorkingCalendar, after: WorkingCalendar, first: date, last: date) -> str:
    """Return in a sentence which days from the first to the last (both inclusive) changed; at most three by name."""
    entries = sorted(on for on in before.days.keys() | after.days.keys() if first <= on <= last)
    changed = [on for on in entries if before.day(on).spans != after.day(on).spans]
    named = [on for on in changed if before.days.get(on) != after.days.get(on)]
    if named:
        words = "; ".join(_day_words(on, after) for on in named[:_MOST_DAYS])
        more = f"; và {len(named) - _MOST_DAYS} ngày khác" if len(named) > _MOST_DAYS else ""
        return f"Lịch làm việc thay đổi: {words}{more}."
    for number in range((last - first).days + 1):
        on = first + timedelta(days=number)
        if before.day(on).spans != after.day(on).spans:
            return f"Giờ làm việc thay đổi từ ngày {date_words(on)}."
    return "Lịch làm việc thay đổi."


def _day_words(on: date, calendar: WorkingCalendar) -> str:
    day = calendar.day(on)
    name = f" ({day.name})" if on in calendar.days and day.name else ""
    return f"{date_words(on)} nay là {DAY_KIND_WORDS[day.kind]}{name}"
