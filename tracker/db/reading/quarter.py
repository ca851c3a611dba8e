"""Reads what a quarter is compiled from: a constant number of queries, whatever the number of branches and concerns.

No concern's words and no raiser's name are read. What was entered after the cut-off day is left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.db.reading.org import org_tree
from tracker.db.reading.quarter_concerns import Regard, quarter_concerns
from tracker.db.reading.rubrics import rubrics_by_code
from tracker.db.tables.meetings import Assessment, Meeting
from tracker.db.tables.org import UnitVersion
from tracker.db.tables.reports import QuarterReport
from tracker.domain.dates import Quarter, midnight
from tracker.domain.org import OrgTree, UnitKind
from tracker.domain.quarter import BranchRow, MeetingRow, QuarterFigures, UnitHead
from tracker.domain.quarter.standings import Concerns, seen_at
from tracker.domain.text import sort_key


@dataclass(frozen=True)
class QuarterRows:
    """All that ``figures_of`` takes of the database, and the name of the unit above for the heading."""

    unit: UnitHead
    superior_name: str
    branches: tuple[BranchRow, ...]
    meetings: tuple[MeetingRow, ...]
    regard: Regard
    concerns: Concerns
    criteria: Mapping[str, str]


def quarter_rows(
    session: Session, unit_id: int, period_from: date, period_to: date, cutoff_on: date, now: datetime
) -> QuarterRows:
    """Return the rows of the unit and all below it; ``period_to`` is exclusive, the cut-off day counts whole.

    Concerns are counted as they stand at ``now`` or stood at the end of the cut-off day.

    Units and bodies bear their names of the period's last day. Raises NotFound for a unit that isn't there then.
    """
    last = min(period_to - timedelta(days=1), cutoff_on)
    tree = org_tree(session, last)
    unit = tree.unit(unit_id)
    cut = midnight(cutoff_on + timedelta(days=1))
    branches = _branches(session, tree, unit_id, period_from, last)
    ids = [branch.id for branch in branches]
    regard = Regard(tuple(ids), tree.bodies, period_from, last, cutoff_on, seen_at(now, cutoff_on))
    return QuarterRows(
        unit=UnitHead(unit.code, unit.name, unit.kind),
        superior_name=tree.unit(unit.parent_id).name if unit.parent_id else "",
        branches=branches,
        meetings=_meetings(session, ids, period_from, last, cut),
        regard=regard,
        concerns=quarter_concerns(session, regard),
        criteria=_criteria(session),
    )


def frozen_figures(session: Session, unit_id: int, quarter: Quarter) -> QuarterFigures | None:
    """Return the figures frozen last for the unit's quarter, in its report or a supplement; None without any."""
    plain = session.scalar(
        select(QuarterReport.figures)
        .where(
            QuarterReport.unit_id == unit_id,
            QuarterReport.quarter == str(quarter),
            QuarterReport.figures.is_not(None),
        )
        .order_by(QuarterReport.supplement.desc())
        .limit(1)
    )
    return QuarterFigures.from_json(plain) if plain else None


def _criteria(session: Session) -> dict[str, str]:
    """Return titles of criterion groups by code, those of the tables in use last so that theirs stand."""
    rubrics = sorted(rubrics_by_code(session).values(), key=lambda rubric: rubric.valid_from, reverse=True)
    titles: dict[str, str] = {}
    for rubric in rubrics:
        for group in rubric.groups:
            titles.setdefault(group.code, group.title)
    return titles


def _branches(
    session: Session, tree: OrgTree, unit_id: int, period_from: date, last: date
) -> tuple[BranchRow, ...]:
    """Return the branches that stood below the unit at some time of the period, each as it was called last."""
    first = (
        select(UnitVersion.unit_id, func.min(UnitVersion.valid_from).label("since"))
        .group_by(UnitVersion.unit_id)
        .subquery()
    )
    found = session.execute(
        select(UnitVersion, first.c.since)
        .join(first, first.c.unit_id == UnitVersion.unit_id)
        .where(
            UnitVersion.kind == UnitKind.BRANCH,
            UnitVersion.valid_from <= last,
            or_(UnitVersion.valid_to.is_(None), UnitVersion.valid_to > period_from),
        )
        .order_by(UnitVersion.valid_from)
    )
    latest = {version.unit_id: (version, since) for version, since in found}
    inside = {node.id for node in tree.below(unit_id)}
    rows = [
        _branch(version, since, tree)
        for version, since in latest.values()
        if version.unit_id in inside or version.parent_id in inside
    ]
    return tuple(sorted(rows, key=lambda row: (sort_key(row.committee_name), row.code, row.id)))


def _branch(version: UnitVersion, since: date, tree: OrgTree) -> BranchRow:
    parent = tree.units.get(version.parent_id) if version.parent_id else None
    return BranchRow(
        id=version.unit_id,
        code=version.code,
        name=version.name,
        branch_type=version.branch_type or "",
        committee_id=version.parent_id or 0,
        committee_name=parent.name if parent else "",
        is_model=version.is_model,
        is_difficult=version.is_difficult,
        valid_from=since,
        valid_to=version.valid_to,
    )


def _held(ids: Sequence[int], period_from: date, last: date, cut: datetime) -> ColumnElement[bool]:
    return and_(
        Meeting.branch_id.in_(ids),
        Meeting.held_on.between(period_from, last),
        Meeting.submitted_at < cut,
    )


def _meetings(
    session: Session, ids: Sequence[int], period_from: date, last: date, cut: datetime
) -> tuple[MeetingRow, ...]:
    """Return the meetings with their scores as they stood at the cut-off; two queries."""
    inside = _held(ids, period_from, last, cut)
    scores: dict[int, dict[str, Any]] = defaultdict(dict)
    for score in session.execute(
        select(
            Assessment.meeting_id,
            Assessment.source,
            Assessment.total,
            Assessment.reachable,
            Assessment.grade,
            Assessment.lines,
        )
        .join(Meeting, Meeting.id == Assessment.meeting_id)
        .where(inside, Assessment.decided_at < cut)
        .order_by(Assessment.version)
    ):
        scores[score.meeting_id][score.source] = score
    found = session.execute(
        select(
            Meeting.id,
            Meeting.branch_id,
            Meeting.kind,
            Meeting.held_on,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.present,
            Meeting.excused,
            Meeting.unexcused,
            Meeting.superior_attended,
        )
        .where(inside)
        .order_by(Meeting.held_on, Meeting.id)
    )
    return tuple(_meeting(row, scores[row.id]) for row in found)


def _meeting(row: Any, scores: Mapping[str, Any]) -> MeetingRow:
    own, official = scores.get("self"), scores.get("official")
    decided = official or own
    return MeetingRow(
        id=row.id,
        branch_id=row.branch_id,
        kind=row.kind,
        held_on=row.held_on,
        minutes=int((row.ends_at - row.starts_at).total_seconds()) // 60,
        present=row.present,
        expected=row.present + row.excused + row.unexcused,
        superior_attended=row.superior_attended,
        self_total=_on_hundred(own),
        self_grade=own.grade if own else None,
        official_total=_on_hundred(official),
        official_grade=official.grade if official else None,
        lines=_groups(decided.lines) if decided else {},
    )


def _on_hundred(score: Any) -> Decimal | None:
    """Return the points on a scale of 100, to a tenth: a month without a thematic part may reach 95 only."""
    if score is None or not score.reachable:
        return None
    exact = Decimal(100) * score.total / score.reachable
    return exact.quantize(Decimal("0.1"))


def _groups(lines: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Decimal, Decimal]]:
    """Return points and most points of each group; a criterion that didn't apply counts in neither."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for line in lines:
        if line["points"] is None:
            continue
        points, most = sums.get(line["group"], (Decimal(0), Decimal(0)))
        sums[line["group"]] = (points + Decimal(line["points"]), most + Decimal(line["max_points"]))
    return sums
