"""The zone, the quarter and how dates are written in Vietnamese. Working days live in ``deadlines``."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

# Vietnam has kept UTC+7 without daylight saving since 1975; a fixed offset needs no time-zone database.
ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

_QUARTER = re.compile(r"^(\d{4})Q([1-4])$")


def check_aware(at: datetime) -> datetime:
    """Return ``at`` unchanged; raise ValueError for a naive time, which could mean two instants."""
    if at.tzinfo is None:
        raise ValueError(f"naive time: {at!r}")
    return at


def local(at: datetime) -> datetime:
    """Return the same instant in Vietnam's zone; raise ValueError for a naive time."""
    return check_aware(at).astimezone(ZONE)


def local_date(at: datetime) -> date:
    """Return the calendar day in Vietnam on which the instant falls."""
    return local(at).date()


def midnight(on: date) -> datetime:
    """Return the instant at which the day begins in Vietnam (aware, zone +07:00)."""
    return datetime(on.year, on.month, on.day, tzinfo=ZONE)


def date_words(on: date) -> str:
    """Return dd/mm/yyyy."""
    return f"{on.day:02d}/{on.month:02d}/{on.year:04d}"


def time_words(at: datetime) -> str:
    """Return the instant as people here read it: hh:mm, dd/mm/yyyy, in Vietnam's zone."""
    here = local(at)
    return f"{here.hour:02d}:{here.minute:02d}, {date_words(here.date())}"


def document_date(on: date) -> str:
    """Return "ngày 05 tháng 02 năm 2026": zero before days under 10 and months 1, 2 only (HD 05-HD/VPTW)."""
    month = f"{on.month:02d}" if on.month <= 2 else str(on.month)
    return f"ngày {on.day:02d} tháng {month} năm {on.year}"


EARLIEST, LATEST = 1930, 2999
"""The years that people may mean; beyond them dates can't be reckoned with (a day after 9999, UTC before 0001)."""


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter. ``start`` is its first day, ``end`` the first day after it (half-open)."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Return the quarter written like 2026Q3; raise ValueError otherwise and for years nobody means."""
        match = _QUARTER.match(text.strip().upper())
        if not match or not EARLIEST <= int(match[1]) <= LATEST:
            raise ValueError(f"not a quarter: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, on: date) -> "Quarter":
        """Return the quarter in which the day lies."""
        return cls(on.year, (on.month - 1) // 3 + 1)

    @property
    def start(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        return self.next.start

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def months(self) -> tuple[date, date, date]:
        """The first days of its three months."""
        first = 3 * self.number - 2
        return date(self.year, first, 1), date(self.year, first + 1, 1), date(self.year, first + 2, 1)

    @property
    def words(self) -> str:
        """Return "quý III năm 2026"."""
        return f"quý {('I', 'II', 'III', 'IV')[self.number - 1]} năm {self.year}"

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"
