"""Clocks at which the sweep failed: tried again at once, when the operator has mended the cause."""

from sqlalchemy import select, update

from tracker.db.reading.clocks import RUNNING_ROWS
from tracker.db.tables.clocks import Clock, SetAside
from tracker.domain.errors import NotFound
from tracker.services.unit import Unit


def retry_now(clock_id: int, *, unit: Unit) -> None:
    """Let the next sweep try the clock; what failed so far stays noted until it goes well. Writes at once, audited.

    Raises NotFound for a clock that is not set aside, or that is met or stopped by now.
    """
    aside = select(SetAside.clock_id).where(SetAside.clock_id == clock_id)
    moved = unit.session.execute(
        update(Clock)
        .where(Clock.id == clock_id, Clock.id.in_(aside), *RUNNING_ROWS)
        .values(next_at=unit.now)
        .execution_options(synchronize_session=False)
    )
    if not moved.rowcount:  # type: ignore[attr-defined]
        raise NotFound("Thời hạn này không còn chờ thử lại.")
    unit.session.execute(
        update(SetAside)
        .where(SetAside.clock_id == clock_id)
        .values(retry_at=unit.now)
        .execution_options(synchronize_session=False)
    )
    unit.record("clock", clock_id, "retried")
