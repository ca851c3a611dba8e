"""Figures on concerns: answered in time, brought back, accepted, reopened, escalated, overdue. No words of theirs."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.dates import local_date
from tracker.domain.quarter.numbers import NO_SHARE, HiddenCount, Share, hide_small
from tracker.domain.quarter.rows import BranchRow, TicketRow
from tracker.domain.quarter.standings import Concerns, Standing, standing


@dataclass(frozen=True)
class ConcernCounts:
    """The counts of a group of concerns, each rate beside its denominator.

    ``in_time``: answered within the limit, out of those answered or whose limit has passed.
    ``at_next_meeting``: answer brought back in the branch's next meeting, out of those where that can be told.
    ``accepted``: accepted by the branch, out of those answered. ``overdue``: answer awaited after the limit.
    """

    raised: int = 0
    on_the_spot: int = 0
    in_time: Share = NO_SHARE
    at_next_meeting: Share = NO_SHARE
    accepted: Share = NO_SHARE
    reopened: int = 0
    overdue: int = 0
    open: int = 0


@dataclass(frozen=True)
class BodyFigures:
    """One responsible body; code and name are empty for what waits in triage."""

    code: str
    name: str
    counts: ConcernCounts


@dataclass(frozen=True)
class LevelCount:
    """How many concerns stand at a level of the ladder."""

    level: int
    count: int


@dataclass(frozen=True)
class OldConcern:
    """One of the concerns open longest: number and place, never its words."""

    number: str
    branch_name: str
    body_name: str
    raised_on: date
    days_open: int
    level: int
    is_overdue: bool
    is_answered: bool


@dataclass(frozen=True)
class ConcernFigures:
    """Section III of the report. Restricted concerns are in ``restricted`` and nowhere else.

    ``whole`` and ``bodies`` count the concerns raised in the period; ``carried`` those raised before it that
    were open when it began. ``overdue`` and ``oldest`` regard both.
    """

    whole: ConcernCounts
    bodies: tuple[BodyFigures, ...]
    carried: ConcernCounts
    levels: tuple[LevelCount, ...]
    overdue: int
    oldest: tuple[OldConcern, ...]
    restricted: HiddenCount


def counts_of(standings: Iterable[Standing]) -> ConcernCounts:
    """Return the counts of the concerns."""
    all_of = tuple(standings)
    answered = number(all_of, lambda one: one.is_answered)
    return ConcernCounts(
        raised=number(all_of),
        on_the_spot=number(all_of, lambda one: one.on_the_spot),
        in_time=Share(
            number(all_of, lambda one: one.is_late is False),
            number(all_of, lambda one: one.is_late is not None),
        ),
        at_next_meeting=Share(
            number(all_of, lambda one: one.is_told is True),
            number(all_of, lambda one: one.is_told is not None),
        ),
        accepted=Share(number(all_of, lambda one: one.is_answered and one.is_accepted), answered),
        reopened=number(all_of, lambda one: one.is_reopened),
        overdue=number(all_of, lambda one: one.is_overdue),
        open=number(all_of, lambda one: one.is_open),
    )


def number(standings: Iterable[Standing], test: Callable[[Standing], bool] = lambda one: True) -> int:
    """Return how many concerns pass the test."""
    return sum(one.count for one in standings if test(one))


def per_branch(standings: Iterable[Standing]) -> Counter[int]:
    """Return how many concerns each branch has, by its id."""
    found: Counter[int] = Counter()
    for one in standings:
        found[one.branch_id] += one.count
    return found


def _bodies(standings: Iterable[Standing]) -> tuple[BodyFigures, ...]:
    grouped: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for one in standings:
        grouped[one.body_code, one.body_name].append(one)
    figures = [BodyFigures(code, name, counts_of(group)) for (code, name), group in grouped.items()]
    return tuple(sorted(figures, key=lambda body: (-body.counts.raised, body.code, body.name)))


def _oldest(
    rows: Iterable[TicketRow], branches: Iterable[BranchRow], as_of: datetime
) -> tuple[OldConcern, ...]:
    names, today = {branch.id: branch.name for branch in branches}, local_date(as_of)
    return tuple(
        OldConcern(
            number=row.number,
            branch_name=names.get(row.branch_id, ""),
            body_name=row.body_name,
            raised_on=row.raised_on,
            days_open=(today - row.raised_on).days,
            level=row.level,
            is_overdue=one.is_overdue,
            is_answered=one.is_answered,
        )
        for row, one in ((row, standing(row, as_of)) for row in rows)
    )


def _restricted(standings: Iterable[Standing], branches: Sequence[BranchRow]) -> HiddenCount:
    """Branches and committees have reports of their own: the whole must not give away a part they hide."""
    committee = {branch.id: branch.committee_id for branch in branches}
    by_branch = per_branch(standings)
    by_committee: Counter[int] = Counter()
    for branch_id, count in by_branch.items():
        by_committee[committee.get(branch_id, 0)] += count
    groupings = [counts.values() for counts in (by_branch, by_committee) if len(counts) > 1]
    return hide_small(by_branch.total(), groupings)


def concern_figures(branches: Sequence[BranchRow], concerns: Concerns, as_of: datetime) -> ConcernFigures:
    """Return the figures of the concerns raised in the period and of those carried into it, as they stood at ``as_of``."""
    told = [one for one in concerns.standings if not one.is_restricted]
    raised = [one for one in told if one.is_new]
    levels: Counter[int] = Counter()
    for one in told:
        if one.level > 0 and one.is_open:
            levels[one.level] += one.count
    return ConcernFigures(
        whole=counts_of(raised),
        bodies=_bodies(raised),
        carried=counts_of(one for one in told if not one.is_new),
        levels=tuple(LevelCount(level, levels[level]) for level in sorted(levels)),
        overdue=number(told, lambda one: one.is_overdue),
        oldest=_oldest(concerns.oldest, branches, as_of),
        restricted=_restricted(
            [one for one in concerns.standings if one.is_restricted and one.is_new], branches
        ),
    )
