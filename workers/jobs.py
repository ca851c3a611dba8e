"""The jobs: thin, named, ids only. Each finds what is due in the database, so running it twice does no harm."""

from tracker.domain.readiness import SWEEP
from tracker.services.heartbeats import beat
from workers.application import system_unit


def sweep() -> None:
    """Climb every level of the ladder that is due."""
    with system_unit() as unit:
        beat(SWEEP, unit=unit)
