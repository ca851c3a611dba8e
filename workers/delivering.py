"""Which mailer the settings ask for."""

from pathlib import Path

from tracker.adapters.mail import FolderMailer, Mailer, SmtpMailer, SmtpServer
from tracker.settings import Settings


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
