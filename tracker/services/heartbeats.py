"""Noting that something which must go on by itself has just done its work."""

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from tracker.db.tables.runtime import Heartbeat
from tracker.services.unit import Unit


def beat(name: str, *, unit: Unit) -> None:
    """Note the unit's time under the name, never moving it back; flushes. Not audited: nothing was decided."""
    if _move(name, unit):
        return
    try:
        with unit.session.begin_nested():
            unit.session.add(Heartbeat(name=name, at=unit.now))
    except IntegrityError:
        _move(name, unit)  # another process wrote the first one in between


def _move(name: str, unit: Unit) -> bool:
    """Move an existing heartbeat forward; return whether there is one."""
    known = unit.session.get(Heartbeat, name, populate_existing=True)
    if known is None:
        return False
    unit.session.execute(
        update(Heartbeat).where(Heartbeat.name == name, Heartbeat.at < unit.now).values(at=unit.now)
    )
    return True
