"""Calendars that the tests of the clock share, and how hypothesis draws others."""

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from tracker.domain.calendar import CalendarDay, DayKind, Slot, WorkingCalendar
from tracker.domain.dates import ZONE

OFFICE = (Slot(450, 690), Slot(810, 1020))
WEEK = (OFFICE,) * 5 + ((), ())
ALWAYS = ((Slot(0, 1440),),) * 7

HOLIDAYS = {
    date(2026, 2, 14) + timedelta(days=n): CalendarDay(
        date(2026, 2, 14) + timedelta(days=n), DayKind.HOLIDAY, "Nghỉ Tết Bính Ngọ"
    )
    for n in range(9)
}
PLAIN = WorkingCalendar(WEEK, {})
TET = WorkingCalendar(WEEK, HOLIDAYS)


def at(text: str) -> datetime:
    """Return the local time written 2026-03-02 08:00, aware."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def holiday(on: date, name: str = "Nghỉ lễ") -> CalendarDay:
    return CalendarDay(on, DayKind.HOLIDAY, name)


instants = st.integers(0, 400 * 1440).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=ZONE) + timedelta(minutes=minutes)
)
holiday_dates = st.frozensets(
    st.integers(0, 450).map(lambda n: date(2026, 1, 1) + timedelta(days=n)), max_size=60
)


@st.composite
def weeks(draw: st.DrawFn) -> tuple[tuple[Slot, ...], ...]:
    """Draw any subset of weekdays with one to three slots each, at least one day open."""
    open_days = draw(st.frozensets(st.integers(0, 6), min_size=1))
    slots = {}
    for weekday in open_days:
        marks = sorted(draw(st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True)))
        pairs = [(15 * a, 15 * b) for a, b in zip(marks[::2], marks[1::2], strict=False)]
        slots[weekday] = tuple(Slot(a, b) for a, b in pairs)
    return tuple(slots.get(weekday, ()) for weekday in range(7))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Draw a calendar of any week with some holidays."""
    return WorkingCalendar(draw(weeks()), {on: holiday(on) for on in draw(holiday_dates)})
