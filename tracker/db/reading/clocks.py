"""Reads what moved a ticket's clocks: pauses and granted extensions, as values of the domain."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.db.tables.clocks import Pause
from tracker.domain.deadlines import Pause as Paused


def pauses_of(session: Session, clock_ids: Iterable[int]) -> dict[int, tuple[Paused, ...]]:
    """Return the pauses of each clock that has any, in order; one that lasts reaches to its promised day. One query.

    What was paused is read from history, never from a counter. A pause that was ended at once credits nothing.
    """
    ends_at = func.coalesce(Pause.ended_at, Pause.promised_at)
    rows = session.execute(
        select(Pause.clock_id, Pause.begins_at, ends_at, Pause.reason)
        .where(Pause.clock_id.in_(list(clock_ids)), ends_at > Pause.begins_at)
        .order_by(Pause.clock_id, Pause.begins_at)
    )
    found: dict[int, tuple[Paused, ...]] = {}
    for clock_id, begins, ends, reason in rows:
        found[clock_id] = (*found.get(clock_id, ()), Paused(begins, ends, reason))
    return found
