"""Figures on concerns: answered in time, brought back, accepted, reopened, escalated, overdue. No words of theirs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.dates import local_date
from tracker.domain.quarter.numbers import NO_SHARE, HiddenCount, Share, hide_small
from tracker.domain.quarter.rows import BranchRow, TicketRow

OLDEST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one concern stood at one instant, drawn from its times and not from its later state."""

    row: TicketRow
    answered_at: datetime | None
    is_accepted: bool
    is_late: bool | None

    @property
    def is_open(self) -> bool:
        return not self.is_accepted

    @property
    def is_overdue(self) -> bool:
        """Whether its answer is still awaited although its time has run out."""
        return self.answered_at is None and self.is_late is True


def standing(row: TicketRow, as_of: datetime) -> Standing:
    """Return where the concern stood just before ``as_of`` (exclusive).

    ``is_late`` is None while it can't be told: no time limit, or not answered and the limit not reached.
    A reopened concern is judged by its running round, whose limit and answer the row carries. One settled on
    the spot had nothing to be in time for.
    """
    answered = row.answered_at if row.reopened_count else row.answered_at or row.first_answered_at
    if answered is not None and answered >= as_of:
        answered = None
    late: bool | None = None
    if row.due_at is not None and not row.resolved_on_spot:
        if answered is not None:
            late = answered > row.due_at
        elif row.due_at < as_of:
            late = True
    accepted = row.accepted_at is not None and row.accepted_at < as_of
    return Standing(row, answered, accepted, late)


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
    decided = [one for one in all_of if one.is_late is not None]
    told = [one.row.answered_at_next_meeting for one in all_of]
    told_known = [value for value in told if value is not None]
    answered = [one for one in all_of if one.answered_at is not None]
    return ConcernCounts(
        raised=len(all_of),
        on_the_spot=sum(one.row.resolved_on_spot for one in all_of),
        in_time=Share(sum(not one.is_late for one in decided), len(decided)),
        at_next_meeting=Share(sum(told_known), len(told_known)),
        accepted=Share(sum(one.is_accepted for one in answered), len(answered)),
        reopened=sum(one.row.reopened_count > 0 for one in all_of),
        overdue=sum(one.is_overdue for one in all_of),
        open=sum(one.is_open for one in all_of),
    )


def _bodies(standings: Iterable[Standing]) -> tuple[BodyFigures, ...]:
    grouped: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for one in standings:
        grouped[one.row.body_code, one.row.body_name].append(one)
    figures = [BodyFigures(code, name, counts_of(group)) for (code, name), group in grouped.items()]
    return tuple(sorted(figures, key=lambda body: (-body.counts.raised, body.code, body.name)))


def _oldest(
    standings: Iterable[Standing], names: Mapping[int, str], as_of: datetime
) -> tuple[OldConcern, ...]:
    waiting = sorted(
        (one for one in standings if one.is_open), key=lambda one: (one.row.raised_on, one.row.number)
    )
    today = local_date(as_of)
    return tuple(
        OldConcern(
            number=one.row.number,
            branch_name=names.get(one.row.branch_id, ""),
            body_name=one.row.body_name,
            raised_on=one.row.raised_on,
            days_open=(today - one.row.raised_on).days,
            level=one.row.level,
            is_overdue=one.is_overdue,
            is_answered=one.answered_at is not None,
        )
        for one in waiting[:OLDEST_SHOWN]
    )


def _restricted(tickets: Iterable[TicketRow], branches: Sequence[BranchRow]) -> HiddenCount:
    """Branches and committees have reports of their own: the whole must not give away a part they hide."""
    committee = {branch.id: branch.committee_id for branch in branches}
    per_branch = Counter(row.branch_id for row in tickets)
    per_committee: Counter[int] = Counter()
    for branch_id, count in per_branch.items():
        per_committee[committee.get(branch_id, 0)] += count
    groupings = [counts.values() for counts in (per_branch, per_committee) if len(counts) > 1]
    return hide_small(per_branch.total(), groupings)


def concern_figures(
    branches: Sequence[BranchRow], raised: Sequence[TicketRow], carried: Sequence[TicketRow], as_of: datetime
) -> ConcernFigures:
    """Return the figures of the concerns raised in the period and of those carried into it, as they stood at ``as_of``."""
    names = {branch.id: branch.name for branch in branches}
    now_raised = [standing(row, as_of) for row in raised if not row.is_restricted]
    before = [standing(row, as_of) for row in carried if not row.is_restricted]
    both = now_raised + before
    levels = Counter(one.row.level for one in both if one.row.level > 0 and one.is_open)
    return ConcernFigures(
        whole=counts_of(now_raised),
        bodies=_bodies(now_raised),
        carried=counts_of(before),
        levels=tuple(LevelCount(level, levels[level]) for level in sorted(levels)),
        overdue=sum(one.is_overdue for one in both),
        oldest=_oldest(both, names, as_of),
        restricted=_restricted([row for row in raised if row.is_restricted], branches),
    )
