"""The shipped rules by which a new year's days off are computed (``tracker/data/deadlines/holidays.csv``)."""

from functools import lru_cache

from tracker.db.seed.deadlines import Row, shipped_rows
from tracker.domain.calendar_days import DayChange
from tracker.domain.holidays import HolidayDate, HolidayRule, MovedRule, computed_days

_MOVED = "moved"


@lru_cache(maxsize=1)
def holiday_rules() -> tuple[tuple[HolidayRule, ...], MovedRule]:
    """Return the rules of the days off, and the one by which a day off on a weekly one moves."""
    rows = list(shipped_rows("holidays.csv"))
    moved = next(row for row in rows if row["found"] == _MOVED)
    rules = tuple(_rule(row) for row in rows if row["found"] != _MOVED)
    return rules, MovedRule(moved["name"], moved["source"], moved["tag"])


def days_by_law(year: int) -> tuple[DayChange, ...]:
    """Return the year's days off as the rules compute them, in order; raise Invalid for an impossible year."""
    return computed_days(*holiday_rules(), year)


def _rule(row: Row) -> HolidayRule:
    return HolidayRule(
        name=row["name"],
        found=HolidayDate(row["found"]),
        month=int(row["month"]),
        day=int(row["day"]),
        first_year=int(row["first_year"]),
        last_year=int(row["last_year"]) if row["last_year"] else None,
        basis=row["basis"],
        source=row["source"],
        tag=row["tag"],
    )
