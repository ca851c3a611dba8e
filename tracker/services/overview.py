"""The overview's figures: those of the quarter's report, compiled as of now, and the rows behind each of them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy.orm import Session

from tracker.db.reading.audit import head
from tracker.db.reading.quarter import QuarterRows
from tracker.db.reading.quarter_concerns import concerns_behind
from tracker.domain.dates import Quarter, local_date
from tracker.domain.errors import NotFound
from tracker.domain.quarter import QuarterFigures, behind
from tracker.domain.quarter.behind import Narrowed, Span
from tracker.domain.quarter.concerns import number
from tracker.reports.compiling import Period, compiled_alone

ALWAYS_FRESH_BELOW = 3_000
"""Concerns up to which the figures are compiled anew after every change; it takes less than a page may."""

KEPT_FOR = timedelta(minutes=2)
"""How old the figures of a larger place may be on the page of figures, which says as of when they are."""

_UNCHANGED_FOR = timedelta(minutes=10)
_PLACES = 6


@dataclass(frozen=True)
class Overview:
    """Figures and what they were drawn from, both as it stood at ``span.now``."""

    rows: QuarterRows
    figures: QuarterFigures
    span: Span
    change: int
    _found: dict[tuple[str, Narrowed], int] = field(default_factory=dict, repr=False, compare=False)

    def count(self, what: str, narrowed: Narrowed) -> int:
        """Return how many concerns, meetings or branch-months the figure counts, counted once.

        Raises NotFound for a figure of no such name.
        """
        key = (what, narrowed)
        if key not in self._found:
            rows = self.rows
            self._found[key] = (
                behind.concerns_counted(what, rows.branches, rows.concerns.standings, narrowed)
                if what in behind.CONCERNS
                else len(self._held(what, narrowed))
            )
        return self._found[key]

    def page(self, session: Session, what: str, narrowed: Narrowed, page: int, size: int) -> list[Any]:
        """Return a page (from 1) of what the figure counts: concerns as rows, meetings or branch-months.

        Concerns are read now: exact while nothing changed, see ``overview_of``. Raises NotFound as above.
        """
        if what not in behind.CONCERNS:
            return self._held(what, narrowed)[size * (page - 1) : size * page]
        inside = [branch.id for branch in self.rows.branches if narrowed.takes(branch)]
        return list(concerns_behind(session, self.rows.regard, what, narrowed, inside, page, size))

    def _held(self, what: str, narrowed: Narrowed) -> list[Any]:
        rows = self.rows
        if what in behind.MONTHS:
            return list(behind.months_behind(what, rows.branches, rows.meetings, self.span, narrowed))
        if what in behind.MEETINGS:
            return list(behind.meetings_behind(what, rows.branches, rows.meetings, self.span, narrowed))
        raise NotFound("Không có số liệu nào tên như vậy.")


_kept: dict[tuple[str, int, Quarter], Overview] = {}
_lock = Lock()


def overview_of(
    session: Session, unit_id: int, quarter: Quarter, now: datetime, *, exact: bool = False
) -> Overview:
    """Return the unit's overview of the quarter, cut off today while it runs and compared with no other quarter.

    Kept in the process while nothing changed (the audit chain's end says so), for minutes only, since lateness
    comes by itself; a large place's also for ``KEPT_FOR`` after a change, unless it must be ``exact`` because
    rows are read beside it. ``span.now`` says as of when it is. Raises NotFound for a unit that isn't there in
    that quarter. Reads only.
    """
    key = (str(session.get_bind().engine.url), unit_id, quarter)
    change = head(session).seq
    kept = _kept.get(key)
    if kept is not None and _serves(kept, change, now, exact):
        return kept
    period = Period.usual(quarter, local_date(now))
    rows, figures = compiled_alone(session, unit_id, period, now)
    span = Span(quarter, period.start, period.end, period.cutoff_on, now)
    made = Overview(rows, figures, span, change)
    with _lock:
        _kept.pop(key, None)
        while len(_kept) >= _PLACES:
            _kept.pop(next(iter(_kept)))
        _kept[key] = made
    return made


def _serves(kept: Overview, change: int, now: datetime, exact: bool) -> bool:
    age = now - kept.span.now
    if age < timedelta(0) or local_date(kept.span.now) != local_date(now):
        return False
    if number(kept.rows.concerns.standings) <= ALWAYS_FRESH_BELOW:
        return kept.change == change and age < KEPT_FOR
    if kept.change == change:
        return age < _UNCHANGED_FOR
    return not exact and age < KEPT_FOR
