"""The jobs: thin, named, ids only. Each finds what is due in the database, so running it twice does no harm."""

from tracker.domain.readiness import DELIVERY
from tracker.services import compiling, delivery, digests, escalation, following, learning, reports
from tracker.services.heartbeats import beat
from workers.application import application, parts, press, system_unit
from workers.delivering import mailer_for


def sweep() -> None:
    """Climb every level of the ladder that is due."""
    with application().app_context():
        made_of = parts()
        escalation.sweep(made_of.wiring, made_of.clock())


def deliver_notices() -> None:
    """Send by mail what the outbox holds."""
    with application().app_context():
        made_of = parts()
        mailer = mailer_for(made_of.settings)
        try:
            delivery.deliver(made_of.wiring, mailer, made_of.settings.base_url, made_of.clock())
        finally:
            mailer.close()
    with system_unit() as unit:
        beat(DELIVERY, unit=unit)


def write_digests() -> None:
    """Write the day's digest for who chose one and has not had it."""
    with application().app_context():
        made_of = parts()
        digests.write_digests(made_of.wiring, made_of.clock())


def compile_report(report_id: int) -> None:
    """Compile the quarter's report, unless it is finished or another worker has it."""
    with application().app_context():
        compiling.compile_report(report_id, press())


def resend_reports() -> None:
    """Ask again for compilations that the queue lost or whose worker died."""
    with system_unit() as unit:
        reports.resend_pending(unit=unit)


def follow_branches() -> None:
    """Let the records of branches that stand under another committee since today follow them, once a day."""
    with system_unit() as unit:
        following.follow_branches_once_a_day(unit=unit)


def learn_routing() -> None:
    """Learn anew where concerns go, when an example, a rule or a correction is new since the last time."""
    with application().app_context():
        made_of = parts()
        learning.learn_anew(made_of.wiring, made_of.clock())
