"""A day of the calendar's table as an administrator keeps it, and a year as twelve months of weeks."""

from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.calendar import FIRST_YEAR, LAST_YEAR, Day, DayKind, WorkingCalendar
from tracker.domain.calendars import NATION, Owner
from tracker.domain.errors import Invalid

BASIS_WORDS: Mapping[str, str] = {
    "decided": "theo quyết định của năm",
    "computed": "tính từ luật",
    "assumed": "tạm ghi, chưa thấy quyết định",
}


@dataclass(frozen=True)
class DayChange:
    """A day that shall differ from its weekday. ``hours`` as "07:30-11:30 13:30-17:00"; empty is what the kind says."""

    on: date
    kind: DayKind
    name: str
    hours: str
    basis: str
    source: str
    tag: str
    is_active: bool = True
    version: int | None = None
    owner: Owner = NATION


@dataclass(frozen=True)
class Month:
    """One month as weeks of Monday to Sunday; None where the week reaches into another month."""

    number: int
    weeks: Sequence[Sequence[Day | None]]


def year_of(calendar: WorkingCalendar, year: int) -> tuple[Month, ...]:
    """Return the twelve months of the year as the calendar sees their days; raise Invalid for an impossible year."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(f"Năm {year} nằm ngoài khoảng {FIRST_YEAR}–{LAST_YEAR}.")
    weeks = Calendar().monthdatescalendar
    return tuple(
        Month(
            number,
            [
                [calendar.day(on) if on.month == number else None for on in week]
                for week in weeks(year, number)
            ],
        )
        for number in range(1, 13)
    )
