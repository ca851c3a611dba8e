"""Reads what moved a ticket's clocks: pauses and granted extensions, as values of the domain."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from tracker.db.tables.clocks import Clock, Extension, Pause
from tracker.domain.deadlines import Extension as Extended
from tracker.domain.deadlines import Pause as Paused
from tracker.domain.time_limits import LimitUnit

RUNNING_ROWS: tuple[ColumnElement[bool], ...] = (Clock.met_at.is_(None), Clock.stopped_at.is_(None))
"""The clocks that are neither met nor stopped."""

LASTING_PAUSE = and_(Pause.clock_id == Clock.id, Pause.ended_at.is_(None))
"""Joins a clock with the pause in which it stands, if there is one."""

ClockIds = Iterable[int] | Select[int]
"""Ids of clocks, or the query that finds them: a query meets no limit of parameters."""


def pauses_of(session: Session, clock_ids: ClockIds) -> dict[int, tuple[Paused, ...]]:
    """Return the pauses of each clock that has any, in order; one that lasts reaches to its promised day. One query.

    What was paused is read from history, never from a counter. A pause that was ended at once credits nothing.
    """
    ends_at = func.coalesce(Pause.ended_at, Pause.promised_at)
    rows = session.execute(
        select(Pause.clock_id, Pause.begins_at, ends_at, Pause.reason)
        .where(Pause.clock_id.in_(_listed(clock_ids)), ends_at > Pause.begins_at)
        .order_by(Pause.clock_id, Pause.begins_at)
    )
    found: dict[int, tuple[Paused, ...]] = {}
    for clock_id, begins, ends, reason in rows:
        found[clock_id] = (*found.get(clock_id, ()), Paused(begins, ends, reason))
    return found


def extensions_of(session: Session, clock_ids: ClockIds) -> dict[int, tuple[Extended, ...]]:
    """Return the granted extensions of each clock that has any, in the order in which they were granted. One query."""
    rows = session.execute(
        select(Extension.clock_id, Extension.amount, Extension.unit, Extension.reason)
        .where(Extension.clock_id.in_(_listed(clock_ids)), Extension.state == "granted")
        .order_by(Extension.clock_id, Extension.decided_at, Extension.id)
    )
    found: dict[int, tuple[Extended, ...]] = {}
    for clock_id, amount, unit, reason in rows:
        found[clock_id] = (*found.get(clock_id, ()), Extended(amount, LimitUnit(unit), reason))
    return found


def _listed(clock_ids: ClockIds) -> list[int] | Select[int]:
    return clock_ids if isinstance(clock_ids, Select) else list(clock_ids)
