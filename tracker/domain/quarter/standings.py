"""Where concerns stood at one instant: one by one, or counted together where they are alike in all that figures ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.domain.dates import midnight
from tracker.domain.quarter.rows import BranchRow, TicketRow

OLDEST_SHOWN = 10
"""Concerns open longest that a report names."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where ``count`` concerns alike stood at one instant, drawn from their times and not from their later state.

    ``is_new``: raised in the period, else carried into it. ``is_late`` and ``is_told`` (answer brought back in the
    branch's next meeting) are None while they can't be told.
    """

    branch_id: int
    body_code: str
    body_name: str
    level: int
    is_new: bool
    is_restricted: bool
    is_answered: bool
    is_accepted: bool
    is_late: bool | None
    is_told: bool | None
    is_reopened: bool
    on_the_spot: bool
    count: int = 1

    @property
    def is_open(self) -> bool:
        return not self.is_accepted

    @property
    def is_overdue(self) -> bool:
        """Whether the answer is still awaited although its time has run out."""
        return not self.is_answered and self.is_late is True


@dataclass(frozen=True)
class Concerns:
    """All that a quarter's figures take of its concerns; ``oldest`` are open, unrestricted, oldest first."""

    standings: tuple[Standing, ...]
    oldest: tuple[TicketRow, ...]


def seen_at(now: datetime, cutoff_on: date) -> datetime:
    """Return the instant at which open and overdue are looked at: now, or the end of the cut-off day."""
    return min(now, midnight(cutoff_on + timedelta(days=1)))


def standing(row: TicketRow, as_of: datetime, *, is_new: bool = True) -> Standing:
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
    return Standing(
        branch_id=row.branch_id,
        body_code=row.body_code,
        body_name=row.body_name,
        level=row.level,
        is_new=is_new,
        is_restricted=row.is_restricted,
        is_answered=answered is not None,
        is_accepted=row.accepted_at is not None and row.accepted_at < as_of,
        is_late=late,
        is_told=row.answered_at_next_meeting,
        is_reopened=row.reopened_count > 0,
        on_the_spot=row.resolved_on_spot,
    )


def concerns_of(
    branches: Sequence[BranchRow],
    tickets: Sequence[TicketRow],
    period_from: date,
    period_to: date,
    cutoff_on: date,
    now: datetime,
) -> Concerns:
    """Return the branches' concerns raised in the period by the cut-off day, and those carried into it open.

    ``period_to`` is exclusive, ``cutoff_on`` inclusive; rows outside are left out, so more may be given. The
    database counts by the same rule (``db.reading.quarter_concerns``).
    """
    ids = {branch.id for branch in branches}
    last, begin, as_of = (
        min(period_to - timedelta(days=1), cutoff_on),
        midnight(period_from),
        seen_at(now, cutoff_on),
    )
    pairs = [
        (row, standing(row, as_of, is_new=row.raised_on >= period_from))
        for row in tickets
        if row.branch_id in ids
        and row.raised_on <= last
        and (row.raised_on >= period_from or standing(row, begin).is_open)
    ]
    waiting = [row for row, one in pairs if one.is_open and not one.is_restricted]
    oldest = sorted(waiting, key=lambda row: (row.raised_on, row.number))[:OLDEST_SHOWN]
    return Concerns(tuple(one for _row, one in pairs), tuple(oldest))
