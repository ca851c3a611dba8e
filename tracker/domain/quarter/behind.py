"""What is behind a figure: each figure of the overview leads to exactly the meetings or concerns it counts.

The same rows, the same instant and the same words as ``figures_of``; restricted concerns are in none. The concerns
themselves are read by ``db.reading.quarter_concerns``, a page at a time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.dates import Quarter
from tracker.domain.quarter.concerns import number
from tracker.domain.quarter.figures import meetings_within
from tracker.domain.quarter.meetings import due_months, is_due
from tracker.domain.quarter.rows import BranchRow, MeetingRow
from tracker.domain.quarter.standings import Standing, seen_at


@dataclass(frozen=True)
class Narrowed:
    """What the rows are narrowed to; None narrows nothing. ``body`` is (code, name), empty for triage."""

    body: tuple[str, str] | None = None
    branch_type: str | None = None
    branch_id: int | None = None
    committee_id: int | None = None
    month: date | None = None

    def takes(self, branch: BranchRow) -> bool:
        """Return whether the branch is within."""
        return (
            self.branch_type in (None, branch.branch_type)
            and self.branch_id in (None, branch.id)
            and self.committee_id in (None, branch.committee_id)
        )


@dataclass(frozen=True)
class Span:
    """The days looked at: from ``start`` to before ``end``, cut off after ``cutoff_on``, seen at ``now``."""

    quarter: Quarter
    start: date
    end: date
    cutoff_on: date
    now: datetime

    @property
    def as_of(self) -> datetime:
        """The instant at which open and overdue are looked at."""
        return seen_at(self.now, self.cutoff_on)


_Test = Callable[[Standing], bool]

OF_RAISED: Mapping[str, _Test] = {
    "raised": lambda one: True,
    "on_the_spot": lambda one: one.on_the_spot,
    "in_time": lambda one: one.is_late is False,
    "not_in_time": lambda one: one.is_late is True,
    "told": lambda one: one.is_told is True,
    "not_told": lambda one: one.is_told is False,
    "accepted": lambda one: one.is_answered and one.is_accepted,
    "not_accepted": lambda one: one.is_answered and not one.is_accepted,
    "reopened": lambda one: one.is_reopened,
    "new_overdue": lambda one: one.is_overdue,
    "open": lambda one: one.is_open,
}
"""Figures on the concerns raised in the period."""

OF_BOTH: Mapping[str, _Test] = {
    "overdue": lambda one: one.is_overdue,
    **{
        f"level-{level}": (lambda one, level=level: one.is_open and one.level == level)  # type: ignore[misc]
        for level in range(1, 10)
    },
}
"""Figures that regard concerns raised in the period and those carried into it."""

OF_CARRIED: Mapping[str, _Test] = {"carried": lambda one: True}

CONCERNS = frozenset({*OF_RAISED, *OF_BOTH, *OF_CARRIED})
"""Names of the figures that count concerns."""


def regarded(what: str) -> tuple[bool | None, Callable[[Standing], bool]]:
    """Return whether the figure regards concerns raised in the period (True), carried (False) or both, and its test.

    Raises KeyError for a figure of no such name.
    """
    if what in OF_BOTH:
        return None, OF_BOTH[what]
    return (True, OF_RAISED[what]) if what in OF_RAISED else (False, OF_CARRIED[what])


def concerns_counted(
    what: str, branches: Sequence[BranchRow], standings: Iterable[Standing], narrowed: Narrowed
) -> int:
    """Return how many concerns the figure counts; raise KeyError for a figure of no such name."""
    is_new, test = regarded(what)
    inside = {branch.id for branch in branches if narrowed.takes(branch)}
    return number(
        one
        for one in standings
        if not one.is_restricted
        and is_new in (None, one.is_new)
        and one.branch_id in inside
        and narrowed.body in (None, (one.body_code, one.body_name))
        and test(one)
    )


MEETINGS: Mapping[str, Callable[[MeetingRow], bool]] = {
    "meetings": lambda row: True,
    "thematic": lambda row: row.is_thematic,
    "official": lambda row: row.is_official,
    "undecided": lambda row: not row.is_official and row.self_grade is not None,
    "unscored": lambda row: row.grade is None,
    "attended": lambda row: row.superior_attended,
    "not_attended": lambda row: not row.superior_attended,
    **{
        f"grade-{grade}": (lambda row, grade=grade: row.grade == grade)  # type: ignore[misc]
        for grade in ("tot", "kha", "trung_binh", "kem")
    },
}
"""Figures that count meetings."""

MONTHS = frozenset({"held", "missed"})
"""Figures that count branch-months: a branch that held, or didn't hold, the month's regular meeting."""


def meetings_behind(
    what: str, branches: Sequence[BranchRow], meetings: Sequence[MeetingRow], span: Span, narrowed: Narrowed
) -> list[MeetingRow]:
    """Return the meetings that the figure counts, latest first; raise KeyError for a figure of no such name."""
    inside = {branch.id for branch in branches if narrowed.takes(branch)}
    found = [
        row
        for row in meetings_within(branches, meetings, span.start, span.end, span.cutoff_on)
        if row.branch_id in inside
        and narrowed.month in (None, row.held_on.replace(day=1))
        and MEETINGS[what](row)
    ]
    return sorted(found, key=lambda row: (row.held_on, row.id), reverse=True)


@dataclass(frozen=True)
class BranchMonth:
    """A month in which a branch's regular meeting was due, and that meeting, None when it wasn't held."""

    branch: BranchRow
    month: date
    meeting: MeetingRow | None


def months_behind(
    what: str, branches: Sequence[BranchRow], meetings: Sequence[MeetingRow], span: Span, narrowed: Narrowed
) -> list[BranchMonth]:
    """Return the branch-months held or missed, in the order of the branches; see MONTHS."""
    within = meetings_within(branches, meetings, span.start, span.end, span.cutoff_on)
    held = {(row.branch_id, row.held_on.replace(day=1)): row for row in within if row.is_regular}
    return [
        BranchMonth(branch, month, held.get((branch.id, month)))
        for branch in branches
        if narrowed.takes(branch)
        for month in due_months(span.quarter.months, span.cutoff_on)
        if is_due(branch, month)
        and narrowed.month in (None, month)
        and ((branch.id, month) in held) == (what == "held")
    ]
