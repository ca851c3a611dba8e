"""Noting that something which must go on by itself has just done its work."""

from datetime import timedelta

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError

from tracker.db.tables.runtime import Heartbeat
from tracker.services.unit import Unit

CLOCKS_DIFFER = timedelta(minutes=1)
"""What lies further ahead was written by a wrong clock, not by a neighbour whose clock is a little fast."""


def beat(name: str, *, unit: Unit) -> None:
    """Note the unit's time under the name, moving back only what a wrong clock wrote; flushes.

    Not audited: nothing was decided.
    """
    if _move(name, unit):
        return
    try:
        with unit.session.begin_nested():
            unit.session.add(Heartbeat(name=name, at=unit.now))
    except IntegrityError:
        _move(name, unit)  # another process wrote the first one in between


def _move(name: str, unit: Unit) -> bool:
    """Set an existing heartbeat to the unit's time; return whether there is one."""
    known = unit.session.get(Heartbeat, name, populate_existing=True)
    if known is None:
        return False
    behind = or_(Heartbeat.at < unit.now, Heartbeat.at > unit.now + CLOCKS_DIFFER)
    unit.session.execute(update(Heartbeat).where(Heartbeat.name == name, behind).values(at=unit.now))
    return True
