"""A quarter compiled from the database: its rows, and the quarter before, frozen or compiled anew."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from tracker.db.reading.quarter import QuarterRows, frozen_figures, quarter_rows
from tracker.domain.dates import Quarter
from tracker.domain.errors import NotFound
from tracker.domain.quarter import QuarterFigures, figures_of


@dataclass(frozen=True)
class Period:
    """What is compiled: the quarter, the days from ``start`` to before ``end``, and the cut-off day (inclusive)."""

    quarter: Quarter
    start: date
    end: date
    cutoff_on: date

    @classmethod
    def whole(cls, quarter: Quarter, cutoff_on: date | None = None) -> "Period":
        """Return the calendar quarter, cut off at its last day unless told otherwise."""
        return cls(quarter, quarter.start, quarter.end, cutoff_on or quarter.end - timedelta(days=1))

    @classmethod
    def usual(cls, quarter: Quarter, today: date, cutoff_on: date | None = None) -> "Period":
        """Return the calendar quarter, cut off at its last day or today, whichever is earlier, unless told otherwise."""
        last = quarter.end - timedelta(days=1)
        return cls(quarter, quarter.start, quarter.end, cutoff_on or min(last, today))


def _figures(
    rows: QuarterRows, period: Period, previous: QuarterFigures | None, now: datetime
) -> QuarterFigures:
    return figures_of(
        rows.unit,
        period.quarter,
        period.start,
        period.end,
        period.cutoff_on,
        rows.branches,
        rows.meetings,
        rows.concerns,
        previous,
        now,
        rows.criteria,
    )


def compiled_quarter(
    session: Session, unit_id: int, period: Period, now: datetime
) -> tuple[QuarterFigures, str]:
    """Return the unit's figures and the name of the unit above it ("" at the top), in a constant number of queries.

    They are compared with the quarter before: as it was frozen in its report, else compiled anew as of its end;
    not at all when the unit wasn't there yet. Raises NotFound for an unknown unit. Reads only.
    """
    previous = frozen_figures(session, unit_id, period.quarter.previous)
    if previous is None:
        previous = _anew(session, unit_id, Period.whole(period.quarter.previous), now)
    rows, figures = compiled_alone(session, unit_id, period, now, previous)
    return figures, rows.superior_name


def compiled_alone(
    session: Session, unit_id: int, period: Period, now: datetime, previous: QuarterFigures | None = None
) -> tuple[QuarterRows, QuarterFigures]:
    """Return the figures beside what they were drawn from, compared with nothing unless given; see above."""
    rows = quarter_rows(session, unit_id, period.start, period.end, period.cutoff_on, now)
    return rows, _figures(rows, period, previous, now)


def _anew(session: Session, unit_id: int, period: Period, now: datetime) -> QuarterFigures | None:
    try:
        rows, figures = compiled_alone(session, unit_id, period, now)
    except NotFound:
        return None
    return figures if rows.meetings or rows.concerns.standings else None
