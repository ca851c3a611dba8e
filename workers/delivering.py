"""One round of letters: claim, send, settle, until nothing is due or the mail server is away."""

from pathlib import Path

from tracker.adapters.mail import FolderMailer, Mailer, SmtpMailer, SmtpServer
from tracker.domain.errors import TrackerError, Unavailable
from tracker.services.delivery import Outcome, Outgoing, claim, settle
from tracker.settings import Settings
from workers.application import system_unit


def mailer_for(settings: Settings) -> Mailer:
    """Return the mailer that the settings ask for: SMTP, or files in the data folder without a server."""
    if not settings.smtp_host:
        return FolderMailer(settings.folder.mail, settings.mail_from)
    password = ""
    if settings.smtp_password_file:
        password = Path(settings.smtp_password_file).read_text("utf-8").strip()
    server = SmtpServer(
        settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_user, password
    )
    return SmtpMailer(server, settings.mail_from)


def deliver_all(mailer: Mailer, base_url: str) -> int:
    """Send what is due; return how many letters were taken. Commits batch by batch."""
    sent = 0
    while True:
        with system_unit() as unit:
            claimed = claim(base_url, unit=unit)
        outcomes = [_send(mailer, one) for one in claimed]
        with system_unit() as unit:
            settle(outcomes, unit=unit)
        sent += sum(outcome.error is None for outcome in outcomes)
        if not claimed or any(isinstance(outcome.error, Unavailable) for outcome in outcomes):
            return sent


def _send(mailer: Mailer, outgoing: Outgoing) -> Outcome:
    try:
        mailer.send(outgoing.letter)
    except TrackerError as error:
        return Outcome(outgoing, error)
    return Outcome(outgoing)
