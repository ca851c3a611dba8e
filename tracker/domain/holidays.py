"""The days off of a year by the law's rules, before the government decides: fixed, lunar, and moved from days off."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.domain.calendar import FIRST_YEAR, LAST_YEAR, DayKind
from tracker.domain.calendar_days import DayChange
from tracker.domain.errors import Invalid
from tracker.domain.lunar import lunar_day, tet

_STEMS = ("Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ", "Canh", "Tân", "Nhâm", "Quý")
_BRANCHES = ("Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi", "Thân", "Dậu", "Tuất", "Hợi")
_WEEKEND = (5, 6)


class HolidayDate(StrEnum):
    """How a holiday finds its date: in the sun's year, in the moon's, so many days from Tết, or beside a date."""

    SOLAR = "solar"
    LUNAR = "lunar"
    TET = "tet"
    BESIDE = "beside"


@dataclass(frozen=True)
class HolidayRule:
    """One day off in every year from ``first_year`` to ``last_year`` (inclusive; None: with no end yet).

    ``day`` is the day of ``month``; for TET the number of days from its first one, negative before it.
    """

    name: str
    found: HolidayDate
    month: int
    day: int
    first_year: int
    last_year: int | None
    basis: str
    source: str
    tag: str

    def on(self, year: int) -> date:
        """Return its date in the year."""
        if self.found is HolidayDate.LUNAR:
            return lunar_day(year, self.month, self.day)
        if self.found is HolidayDate.TET:
            return tet(year) + timedelta(days=self.day)
        on = date(year, self.month, self.day)
        return _beside(on) if self.found is HolidayDate.BESIDE else on

    def holds_in(self, year: int) -> bool:
        """Return whether the rule holds in the year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


@dataclass(frozen=True)
class MovedRule:
    """What a day off that falls on a weekly one becomes: the next working day."""

    name: str
    source: str
    tag: str


def computed_days(rules: Sequence[HolidayRule], moved: MovedRule, year: int) -> tuple[DayChange, ...]:
    """Return the year's days off by the rules, in order; raise Invalid for a year that can't be reckoned.

    A holiday on a Saturday or Sunday stays in the list and a working day after it, the first that is no holiday
    itself, is off in its place; the source stands with the rule.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(f"Năm {year} nằm ngoài khoảng {FIRST_YEAR}–{LAST_YEAR}.")
    days = [_day(rule, year) for rule in rules if rule.holds_in(year)]
    days.sort(key=lambda one: one.on)
    return tuple(sorted([*days, *_moved(days, moved)], key=lambda one: one.on))


def year_name(year: int) -> str:
    """Return the lunar year's name: 2027 is Đinh Mùi."""
    return f"{_STEMS[(year + 6) % 10]} {_BRANCHES[(year + 8) % 12]}"


def _beside(on: date) -> date:
    """Return the working day beside the date: the one after it, the one before where that is a weekly day off."""
    after = on + timedelta(days=1)
    return on - timedelta(days=1) if after.weekday() in _WEEKEND else after


def _day(rule: HolidayRule, year: int) -> DayChange:
    name = rule.name.replace("{year}", year_name(year))
    return DayChange(rule.on(year), DayKind.HOLIDAY, name, "", rule.basis, rule.source, rule.tag)


def _moved(days: Iterable[DayChange], rule: MovedRule) -> Iterator[DayChange]:
    taken = {one.on for one in days}
    for one in days:
        if one.on.weekday() not in _WEEKEND:
            continue
        on = one.on
        while on in taken or on.weekday() in _WEEKEND:
            on += timedelta(days=1)
        taken.add(on)
        name = rule.name.replace("{day}", one.name.removeprefix("Nghỉ "))
        yield DayChange(on, DayKind.HOLIDAY, name, "", "computed", rule.source, rule.tag)
