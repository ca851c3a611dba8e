"""Figures on meetings: held out of due, classes, criteria, self against official, evenness, superiors."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.domain.quarter.numbers import Mean, Share
from tracker.domain.quarter.rows import BranchRow, MeetingRow

GRADES = ("tot", "kha", "trung_binh", "kem")
GRADE_WORDS: Mapping[str, str] = {"tot": "Tốt", "kha": "Khá", "trung_binh": "Trung bình", "kem": "Kém"}


@dataclass(frozen=True)
class GradeCounts:
    """How many meetings have each class."""

    tot: int = 0
    kha: int = 0
    trung_binh: int = 0
    kem: int = 0

    @classmethod
    def of(cls, grades: Iterable[str | None]) -> "GradeCounts":
        """Return the counts of the classes; None is left out."""
        counts = Counter(grade for grade in grades if grade)
        return cls(**{grade: counts[grade] for grade in GRADES})

    @property
    def values(self) -> tuple[int, ...]:
        """The four counts from the best to the lowest class."""
        return (self.tot, self.kha, self.trung_binh, self.kem)

    @property
    def total(self) -> int:
        return sum(self.values)


@dataclass(frozen=True)
class MonthFigures:
    """One month: branches that held a regular meeting out of those due, and the classes of what was held.

    ``self_only`` holds the branches' own classes of meetings that nobody has decided yet; never added to
    ``official``. ``is_complete`` says whether the whole month lies before the cut-off.
    """

    month: date
    held: Share
    thematic: int
    official: GradeCounts
    self_only: GradeCounts
    unscored: int
    is_complete: bool


@dataclass(frozen=True)
class CriterionFigures:
    """One criterion group: points reached out of points possible over all scored meetings."""

    code: str
    name: str
    points: Decimal
    most: Decimal
    meetings: int

    @property
    def ratio(self) -> Decimal:
        """Points reached out of points possible, 0 to 1."""
        return self.points / self.most if self.most else Decimal(0)


@dataclass(frozen=True)
class Difference:
    """The branches' own scores against the decided ones, over meetings that have both."""

    mean: Mean
    raised: int
    same: int
    lowered: int


@dataclass(frozen=True)
class Spread:
    """How far apart the branches are: the lowest, middle and highest of their mean points."""

    branches: int
    lowest: Decimal | None = None
    middle: Decimal | None = None
    highest: Decimal | None = None

    @property
    def width(self) -> Decimal | None:
        if self.highest is None or self.lowest is None:
            return None
        return self.highest - self.lowest


@dataclass(frozen=True)
class SuperiorFigures:
    """Meetings that a member of the upper committee attended, and how evenly this was spread."""

    attended: Share
    branches_reached: Share
    model: Share
    difficult: Share
    others: Share
    strong: Share
    weak: Share


@dataclass(frozen=True)
class MeetingFigures:
    """Section I, II and IV of the report."""

    branches: int
    held: Share
    branches_complete: Share
    months: tuple[MonthFigures, ...]
    carried: int
    thematic_branches: Share
    roll: Share
    points: Mean
    official: GradeCounts
    self_only: GradeCounts
    unscored: int
    criteria: tuple[CriterionFigures, ...]
    difference: Difference
    spread: Spread
    superiors: SuperiorFigures

    @property
    def all_grades(self) -> GradeCounts:
        """Official classes, and the branches' own where none is decided yet."""
        both = zip(self.official.values, self.self_only.values, strict=True)
        return GradeCounts(*(one + other for one, other in both))

    @property
    def lowest_criterion(self) -> CriterionFigures | None:
        """The group with the smallest part of its points; None when nothing was scored."""
        return min(self.criteria, key=lambda group: (group.ratio, group.code), default=None)


def next_month(first: date) -> date:
    """Return the first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def is_due(branch: BranchRow, month: date) -> bool:
    """Return whether the branch existed through the month, so that a regular meeting was due."""
    if branch.valid_from and branch.valid_from > month:
        return False
    return not (branch.valid_to and branch.valid_to < next_month(month))


def due_months(months: Sequence[date], cutoff_on: date) -> tuple[date, ...]:
    """Return the months that have begun by the end of the cut-off day; meetings of later ones aren't due yet."""
    return tuple(month for month in months if month <= cutoff_on)


def held_share(
    branches: Sequence[BranchRow], meetings: Sequence[MeetingRow], months: Sequence[date]
) -> Share:
    """Return branch-months with a regular meeting out of branch-months due."""
    held = {(row.branch_id, row.held_on.replace(day=1)) for row in meetings if row.is_regular}
    due = [(branch.id, month) for month in months for branch in branches if is_due(branch, month)]
    return Share(sum(pair in held for pair in due), len(due))


def _scores(
    meetings: Sequence[MeetingRow],
) -> tuple[GradeCounts, GradeCounts, int]:
    official = GradeCounts.of(row.official_grade for row in meetings)
    own = GradeCounts.of(row.self_grade for row in meetings if not row.is_official)
    return official, own, len(meetings) - official.total - own.total


def _month(
    month: date, branches: Sequence[BranchRow], meetings: Sequence[MeetingRow], cutoff_on: date
) -> MonthFigures:
    here = [row for row in meetings if row.held_on.replace(day=1) == month]
    official, own, unscored = _scores(here)
    return MonthFigures(
        month=month,
        held=held_share(branches, here, (month,)),
        thematic=sum(row.is_thematic for row in here),
        official=official,
        self_only=own,
        unscored=unscored,
        is_complete=next_month(month) <= date.fromordinal(cutoff_on.toordinal() + 1),
    )


def _criteria(meetings: Sequence[MeetingRow], names: Mapping[str, str]) -> tuple[CriterionFigures, ...]:
    points: dict[str, Decimal] = defaultdict(Decimal)
    most: dict[str, Decimal] = defaultdict(Decimal)
    seen: Counter[str] = Counter()
    for row in meetings:
        for code, (got, possible) in row.lines.items():
            points[code] += got
            most[code] += possible
            seen[code] += 1
    order = {code: rank for rank, code in enumerate(names)}
    codes = sorted(seen, key=lambda code: (order.get(code, len(order)), code))
    return tuple(CriterionFigures(c, names.get(c, c), points[c], most[c], seen[c]) for c in codes)


def _difference(meetings: Sequence[MeetingRow]) -> Difference:
    gaps = [
        row.self_total - row.official_total
        for row in meetings
        if row.self_total is not None and row.official_total is not None
    ]
    ranks = [
        GRADES.index(row.official_grade) - GRADES.index(row.self_grade)
        for row in meetings
        if row.official_grade and row.self_grade
    ]
    return Difference(
        mean=Mean.of(gaps),
        raised=sum(rank < 0 for rank in ranks),
        same=sum(rank == 0 for rank in ranks),
        lowered=sum(rank > 0 for rank in ranks),
    )


def branch_means(meetings: Sequence[MeetingRow]) -> dict[int, Decimal]:
    """Return each branch's mean points over its scored meetings."""
    points: dict[int, list[Decimal]] = defaultdict(list)
    for row in meetings:
        if row.total is not None:
            points[row.branch_id].append(row.total)
    return {branch_id: sum(values, Decimal(0)) / len(values) for branch_id, values in points.items()}


def _spread(means: Mapping[int, Decimal]) -> Spread:
    if not means:
        return Spread(0)
    ordered = sorted(means.values())
    size = len(ordered)
    middle = (ordered[(size - 1) // 2] + ordered[size // 2]) / 2
    return Spread(size, ordered[0], middle, ordered[-1])


def _attended(meetings: Iterable[MeetingRow], belongs: Callable[[MeetingRow], bool]) -> Share:
    rows = [row for row in meetings if belongs(row)]
    return Share(sum(row.superior_attended for row in rows), len(rows))


def _superiors(
    branches: Sequence[BranchRow], meetings: Sequence[MeetingRow], means: Mapping[int, Decimal]
) -> SuperiorFigures:
    """A branch that is both model and difficult counts as difficult: that is where help is needed."""
    difficult = {branch.id for branch in branches if branch.is_difficult}
    model = {branch.id for branch in branches if branch.is_model} - difficult
    ranked = sorted(means, key=lambda branch_id: (means[branch_id], branch_id))
    third = len(ranked) // 3
    weak, strong = set(ranked[:third]), set(ranked[len(ranked) - third :])
    reached = {row.branch_id for row in meetings if row.superior_attended}
    return SuperiorFigures(
        attended=_attended(meetings, lambda row: True),
        branches_reached=Share(sum(branch.id in reached for branch in branches), len(branches)),
        model=_attended(meetings, lambda row: row.branch_id in model),
        difficult=_attended(meetings, lambda row: row.branch_id in difficult),
        others=_attended(meetings, lambda row: row.branch_id not in model | difficult),
        strong=_attended(meetings, lambda row: row.branch_id in strong),
        weak=_attended(meetings, lambda row: row.branch_id in weak),
    )


def meeting_figures(
    branches: Sequence[BranchRow],
    meetings: Sequence[MeetingRow],
    months: Sequence[date],
    cutoff_on: date,
    criteria: Mapping[str, str],
) -> MeetingFigures:
    """Return the figures of the meetings given, which are those of the period held by the cut-off day.

    ``months`` are the quarter's; one that begins after the cut-off day counts neither as held nor as due.
    ``criteria`` maps group codes to their names, in the order of the frame.
    """
    due = due_months(months, cutoff_on)
    official, own, unscored = _scores(meetings)
    means = branch_means(meetings)
    complete = [held_share((branch,), rows, due) for branch, rows in by_branch(branches, meetings)]
    return MeetingFigures(
        branches=len(branches),
        held=held_share(branches, meetings, due),
        branches_complete=Share(
            sum(share.rest == 0 for share in complete if share.denominator),
            sum(share.denominator > 0 for share in complete),
        ),
        months=tuple(_month(month, branches, meetings, cutoff_on) for month in due),
        carried=sum(row.held_on < months[0] for row in meetings),
        thematic_branches=Share(len({row.branch_id for row in meetings if row.is_thematic}), len(branches)),
        roll=Share(
            sum(min(row.present, row.expected) for row in meetings), sum(row.expected for row in meetings)
        ),
        points=Mean.of(row.total for row in meetings if row.total is not None),
        official=official,
        self_only=own,
        unscored=unscored,
        criteria=_criteria(meetings, criteria),
        difference=_difference(meetings),
        spread=_spread(means),
        superiors=_superiors(branches, meetings, means),
    )


def by_branch(
    branches: Sequence[BranchRow], meetings: Sequence[MeetingRow]
) -> list[tuple[BranchRow, list[MeetingRow]]]:
    """Return each branch with its meetings in the order of their days."""
    grouped: dict[int, list[MeetingRow]] = defaultdict(list)
    for row in sorted(meetings, key=lambda row: (row.held_on, row.id)):
        grouped[row.branch_id].append(row)
    return [(branch, grouped[branch.id]) for branch in branches]
