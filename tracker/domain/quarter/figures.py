"""The quarter of one unit, compiled from its rows as they stood at the cut-off, and frozen."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tracker.domain.dates import Quarter
from tracker.domain.quarter.branches import BranchFigures, branch_figures
from tracker.domain.quarter.concerns import (
    ConcernCounts,
    ConcernFigures,
    concern_figures,
    counts_of,
    per_branch,
)
from tracker.domain.quarter.meetings import (
    GradeCounts,
    MeetingFigures,
    by_branch,
    due_months,
    held_share,
    meeting_figures,
)
from tracker.domain.quarter.numbers import Share
from tracker.domain.quarter.plain import from_plain, to_plain
from tracker.domain.quarter.rows import BranchRow, MeetingRow, TicketRow, UnitHead
from tracker.domain.quarter.standings import Concerns, Standing, concerns_of, seen_at


@dataclass(frozen=True)
class TypeFigures:
    """One type of branches: meetings, classes (official, else the branch's own) and concerns."""

    branch_type: str
    branches: int
    held: Share
    grades: GradeCounts
    superior: Share
    concerns: ConcernCounts


@dataclass(frozen=True)
class Headline:
    """The few figures that are set beside those of the quarter before."""

    quarter: str
    held: Share
    good: Share
    points: Decimal | None
    in_time: Share
    at_next_meeting: Share
    accepted: Share
    overdue: int
    superior: Share


@dataclass(frozen=True)
class QuarterFigures:
    """All figures of one unit's quarter. The period runs from ``period_from`` to before ``period_to``.

    The cut-off day is counted whole. ``as_of`` is the instant at which open and overdue were looked at.
    """

    unit: UnitHead
    quarter: str
    period_from: date
    period_to: date
    cutoff_on: date
    as_of: datetime
    meetings: MeetingFigures
    concerns: ConcernFigures
    types: tuple[TypeFigures, ...]
    branches: tuple[BranchFigures, ...]
    before: Headline | None = None

    @property
    def headline(self) -> Headline:
        """This quarter's figures as the next quarter will compare with them."""
        grades = self.meetings.all_grades
        points = self.meetings.points.value
        return Headline(
            quarter=self.quarter,
            held=self.meetings.held,
            good=Share(grades.tot, grades.total),
            points=None if points is None else points.quantize(Decimal("0.01")),
            in_time=self.concerns.whole.in_time,
            at_next_meeting=self.concerns.whole.at_next_meeting,
            accepted=self.concerns.whole.accepted,
            overdue=self.concerns.overdue,
            superior=self.meetings.superiors.attended,
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain dicts, lists, strings and integers, fit to be kept as JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "QuarterFigures":
        """Return the figures that ``to_json`` wrote; raise TypeError, KeyError or ValueError for another shape."""
        figures: QuarterFigures = from_plain(cls, plain)
        return figures


def _types(
    branches: Sequence[BranchRow],
    meetings: Sequence[MeetingRow],
    standings: Sequence[Standing],
    due: Sequence[date],
) -> tuple[TypeFigures, ...]:
    kinds: dict[str, list[BranchRow]] = defaultdict(list)
    for branch in branches:
        kinds[branch.branch_type].append(branch)
    figures = []
    for kind, group in kinds.items():
        ids = {branch.id for branch in group}
        rows = [row for row in meetings if row.branch_id in ids]
        figures.append(
            TypeFigures(
                branch_type=kind,
                branches=len(group),
                held=held_share(group, rows, due),
                grades=GradeCounts.of(row.grade for row in rows),
                superior=Share(sum(row.superior_attended for row in rows), len(rows)),
                concerns=counts_of(one for one in standings if one.branch_id in ids),
            )
        )
    return tuple(sorted(figures, key=lambda kind: (-kind.branches, kind.branch_type)))


def _last_day(period_to: date, cutoff_on: date) -> date:
    return min(period_to - timedelta(days=1), cutoff_on)


def meetings_within(
    branches: Sequence[BranchRow],
    meetings: Sequence[MeetingRow],
    period_from: date,
    period_to: date,
    cutoff_on: date,
) -> list[MeetingRow]:
    """Return the branches' meetings held in the period by the cut-off day, in the order given."""
    ids = {branch.id for branch in branches}
    last = _last_day(period_to, cutoff_on)
    return [row for row in meetings if row.branch_id in ids and period_from <= row.held_on <= last]


def quarter_figures(
    unit: UnitHead,
    quarter: Quarter,
    period_from: date,
    period_to: date,
    cutoff_on: date,
    branches: Sequence[BranchRow],
    meetings: Sequence[MeetingRow],
    tickets: Sequence[TicketRow],
    previous: QuarterFigures | None,
    now: datetime,
    criteria: Mapping[str, str] | None = None,
) -> QuarterFigures:
    """Return the quarter's figures from concerns one by one; see ``figures_of`` and ``concerns_of``."""
    concerns = concerns_of(branches, tickets, period_from, period_to, cutoff_on, now)
    return figures_of(
        unit,
        quarter,
        period_from,
        period_to,
        cutoff_on,
        branches,
        meetings,
        concerns,
        previous,
        now,
        criteria,
    )


def figures_of(
    unit: UnitHead,
    quarter: Quarter,
    period_from: date,
    period_to: date,
    cutoff_on: date,
    branches: Sequence[BranchRow],
    meetings: Sequence[MeetingRow],
    concerns: Concerns,
    previous: QuarterFigures | None,
    now: datetime,
    criteria: Mapping[str, str] | None = None,
) -> QuarterFigures:
    """Return the quarter's figures.

    ``period_to`` is exclusive, ``cutoff_on`` inclusive: what happened after the cut-off day is left to the next
    report. ``concerns`` are those of the branches, seen at the same instant. ``branches`` keep the order given.
    ``criteria`` maps criterion groups to names in the order of the frame. Raises ValueError when the period is empty.
    """
    if not period_from < period_to:
        raise ValueError("the period is empty")
    as_of = seen_at(now, cutoff_on)
    held = meetings_within(branches, meetings, period_from, period_to, cutoff_on)
    names = dict(criteria or {})
    told = [one for one in concerns.standings if not one.is_restricted]
    raised = [one for one in told if one.is_new]
    raised_by = per_branch(raised)
    overdue_by = per_branch(one for one in told if one.is_overdue)
    return QuarterFigures(
        unit=unit,
        quarter=str(quarter),
        period_from=period_from,
        period_to=period_to,
        cutoff_on=cutoff_on,
        as_of=as_of,
        meetings=meeting_figures(branches, held, quarter.months, cutoff_on, names),
        concerns=concern_figures(branches, concerns, as_of),
        types=_types(branches, held, raised, due_months(quarter.months, cutoff_on)),
        branches=tuple(
            branch_figures(
                branch,
                rows,
                quarter.months,
                cutoff_on,
                names,
                raised_by[branch.id],
                overdue_by[branch.id],
            )
            for branch, rows in by_branch(branches, held)
        ),
        before=previous.headline if previous else None,
    )
