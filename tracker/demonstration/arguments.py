"""What decides the demonstration data: the same arguments give the same rows."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from tracker.domain.dates import Quarter, midnight

T = TypeVar("T")

BEGINNING = date(2025, 7, 1)
"""The district level ended and the four wards began (NQ 1658/NQ-UBTVQH15): nothing is older."""


@dataclass(frozen=True)
class DemoArguments:
    """The demonstration's size, seed and day. ``as_of`` is the first day of which nothing is told (exclusive)."""

    as_of: date
    branches: int = 241
    quarters: int = 4
    tickets: int = 600
    random_seed: int = 1

    @property
    def moment(self) -> datetime:
        """The instant up to which things have happened: midnight before ``as_of`` in Vietnam."""
        return midnight(self.as_of)

    @property
    def first_month(self) -> date:
        """The first day of the oldest quarter: the running one is the last of ``quarters``."""
        quarter = Quarter.of(self.as_of)
        for _ in range(self.quarters - 1):
            quarter = quarter.previous
        return max(quarter.start, BEGINNING)

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of the months from ``first_month`` to that of ``as_of``."""
        months = [self.first_month]
        while (following := (months[-1] + timedelta(days=31)).replace(day=1)) <= self.as_of:
            months.append(following)
        return tuple(months)


@dataclass(frozen=True)
class DemoReport:
    """What was loaded: rows by table name, and the seconds that it took."""

    rows: dict[str, int]
    seconds: float


class Dice(random.Random):
    """The seeded chance of one run, with the few throws that the simulation needs."""

    def chance(self, share: float) -> bool:
        """Return True in ``share`` of the throws."""
        return self.random() < share

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[int(self.random() * len(items))]

    def between(self, low: float, high: float) -> float:
        """Return a number from ``low`` to ``high``."""
        return low + (high - low) * self.random()

    def later(self, at: datetime, low_hours: float, high_hours: float) -> datetime:
        """Return an instant some hours later, to the second."""
        return at + timedelta(seconds=int(3600 * self.between(low_hours, high_hours)))
