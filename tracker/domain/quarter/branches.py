"""The annex: one row a branch, its points month by month, what was deducted, and the quarter put together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.domain.quarter.meetings import due_months, is_due
from tracker.domain.quarter.rows import BranchRow, MeetingRow
from tracker.domain.quarter_class import MonthResult, QuarterClass, quarter_class
from tracker.domain.rubric import Grade


@dataclass(frozen=True)
class MonthMark:
    """One month of one branch. ``grade`` is None for a meeting not scored yet."""

    month: date
    is_due: bool
    is_held: bool
    grade: str | None = None
    points: Decimal | None = None
    is_official: bool = False


@dataclass(frozen=True)
class Deduction:
    """Points lost in one criterion group over the quarter, and in which months."""

    code: str
    points: Decimal
    months: tuple[date, ...]


@dataclass(frozen=True)
class BranchFigures:
    """One row of the annex. ``quarter_grade`` is None while it can't be told; ``because`` says why in words."""

    code: str
    name: str
    branch_type: str
    committee_name: str
    months: tuple[MonthMark, ...]
    has_thematic: bool
    superior_attended: int
    raised: int
    overdue: int
    quarter_grade: str | None
    because: str
    deductions: tuple[Deduction, ...]


def _mark(branch: BranchRow, month: date, meetings: Sequence[MeetingRow], due: Sequence[date]) -> MonthMark:
    here = [row for row in meetings if row.held_on.replace(day=1) == month]
    chosen = next((row for row in here if row.is_regular), None)
    if chosen is None:
        return MonthMark(month, month in due and is_due(branch, month), False)
    return MonthMark(
        month, month in due and is_due(branch, month), True, chosen.grade, chosen.total, chosen.is_official
    )


def _deductions(meetings: Sequence[MeetingRow], criteria: Mapping[str, str]) -> tuple[Deduction, ...]:
    lost: dict[str, Decimal] = defaultdict(Decimal)
    when: dict[str, list[date]] = defaultdict(list)
    for row in meetings:
        for code, (got, possible) in row.lines.items():
            if got < possible:
                lost[code] += possible - got
                when[code].append(row.held_on.replace(day=1))
    order = {code: rank for rank, code in enumerate(criteria)}
    codes = sorted(lost, key=lambda code: (-lost[code], order.get(code, len(order)), code))
    return tuple(Deduction(code, lost[code], tuple(dict.fromkeys(when[code]))) for code in codes)


def compiled_class(marks: Sequence[MonthMark], has_thematic: bool) -> QuarterClass:
    """Return the class put together from the months due or held; see ``quarter_class`` for the rule [G].

    Accepted reasons for a month without meeting and overdue reports aren't recorded yet, so neither is looked at.
    """
    months = [
        MonthResult(mark.is_held, Grade(mark.grade) if mark.grade else None, mark.points)
        for mark in marks
        if mark.is_due or mark.is_held
    ]
    return quarter_class(months, has_thematic, reports_overdue=0)


def branch_figures(
    branch: BranchRow,
    meetings: Sequence[MeetingRow],
    months: Sequence[date],
    cutoff_on: date,
    criteria: Mapping[str, str],
    raised: int,
    overdue: int,
) -> BranchFigures:
    """Return the branch's row. ``meetings`` are its own in the order of their days; counts leave restricted ones out."""
    due = due_months(months, cutoff_on)
    marks = tuple(_mark(branch, month, meetings, due) for month in months)
    has_thematic = any(row.is_thematic for row in meetings)
    compiled = compiled_class(marks, has_thematic)
    return BranchFigures(
        code=branch.code,
        name=branch.name,
        branch_type=branch.branch_type,
        committee_name=branch.committee_name,
        months=marks,
        has_thematic=has_thematic,
        superior_attended=sum(row.superior_attended for row in meetings),
        raised=raised,
        overdue=overdue,
        quarter_grade=compiled.grade,
        because=compiled.because,
        deductions=_deductions(meetings, criteria),
    )
