"""The jobs: thin, named, ids only. Each finds what is due in the database, so running it twice does no harm."""

from tracker.domain.readiness import DELIVERY, SWEEP
from tracker.services.heartbeats import beat
from workers.application import parts, system_unit
from workers.delivering import deliver_all, mailer_for


def sweep() -> None:
    """Climb every level of the ladder that is due."""
    with system_unit() as unit:
        beat(SWEEP, unit=unit)


def deliver_notices() -> None:
    """Send by mail what the outbox holds."""
    settings = parts().settings
    mailer = mailer_for(settings)
    try:
        deliver_all(mailer, settings.base_url)
    finally:
        mailer.close()
    with system_unit() as unit:
        beat(DELIVERY, unit=unit)
