"""A year of somebody's calendar: which days differ, whose they are, and which years still wait for a decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.calendar import DayKind
from tracker.domain.calendars import Owner
from tracker.domain.dates import date_words

WARN_FROM_MONTH = 10
"""From October on the next year's decision is looked for: by then limits begin to reach over New Year."""

ASSUMED = "assumed"
DECIDED = "decided"


@dataclass(frozen=True)
class Entry:
    """One row of the calendar as the year's page names it."""

    row_id: int
    owner: Owner
    on: date
    kind: DayKind
    name: str
    hours: str
    basis: str
    source: str
    tag: str
    is_active: bool = True

    @property
    def is_assumed(self) -> bool:
        """Whether it waits for the year's decision."""
        return self.is_active and self.basis == ASSUMED


@dataclass(frozen=True)
class YearWarning:
    """A year whose days off aren't decided: none are there at all, or some are only assumed."""

    year: int
    open_days: tuple[date, ...]

    @property
    def is_missing(self) -> bool:
        """Whether the year has no days off at all."""
        return not self.open_days

    @property
    def words(self) -> str:
        """Return in one sentence what is missing."""
        if self.is_missing:
            return f"Năm {self.year} chưa có ngày nghỉ nào trong lịch."
        days = ", ".join(date_words(on)[:5] for on in self.open_days)
        return f"Năm {self.year} chưa có quyết định: {len(self.open_days)} ngày còn tạm ghi ({days})."


def years_to_decide(days: Iterable[tuple[date, str]], today: date) -> tuple[YearWarning, ...]:
    """Return which years need the administrator: this one, and from 1 October on the next.

    ``days``: date and basis of the nation's days in use. A year is decided when it has days and none is assumed.
    """
    years = [today.year] + ([today.year + 1] if today.month >= WARN_FROM_MONTH else [])
    listed = sorted(days)
    found = ((year, [(on, basis) for on, basis in listed if on.year == year]) for year in years)
    return tuple(
        YearWarning(year, tuple(on for on, basis in own if basis == ASSUMED))
        for year, own in found
        if not own or any(basis == ASSUMED for _, basis in own)
    )


def is_undecided(entries: Sequence[Entry], owner: Owner) -> bool:
    """Return whether any of the owner's own days of the year is only assumed."""
    return any(one.is_assumed and one.owner == owner for one in entries)


def differing(entries: Iterable[Entry], chain: Sequence[Owner]) -> tuple[Entry, ...]:
    """Return the day's deciding entry for each date, in order: that of the last of the chain who has one in use.

    Entries of the last of the chain that are not in use come too: they are its own to take up again.
    """
    rank = {owner: number for number, owner in enumerate(chain)}
    listed = sorted(entries, key=lambda one: (one.on, one.is_active, rank[one.owner]))
    deciding = {one.on: one for one in listed if one.is_active}
    resting = [one for one in listed if not one.is_active and one.owner == chain[-1]]
    return tuple(sorted([*deciding.values(), *resting], key=lambda one: (one.on, not one.is_active)))
