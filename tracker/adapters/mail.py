"""Sending letters: by SMTP, as files while no server is configured, or into a list in tests."""

import contextlib
import os
import re
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol

from tracker.domain.errors import Invalid, Unavailable

TIMEOUT = 10
"""Seconds that a mail server may take to answer one command."""

_REFERENCE = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True)
class Letter:
    """A letter in plain text. ``reference`` names it for good (A–Z, 0–9, "-"): the same one is the same letter.

    Subject and text hold a number and a link, never the words of a concern: mail is read by many machines.
    """

    to: str
    subject: str
    text: str
    reference: str
    at: datetime


class Mailer(Protocol):
    """Sends letters one by one."""

    def send(self, letter: Letter) -> None:
        """Send it; raise Invalid when it will never be taken, Unavailable when it may be taken later."""

    def close(self) -> None:
        """Let go of the connection, if one is open."""


@dataclass(frozen=True)
class SmtpServer:
    """Where and how to hand letters over. ``security`` is starttls, ssl or none."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


class SmtpMailer:
    """Sends by SMTP over one connection, opened at the first letter and again when the server has closed it."""

    def __init__(self, server: SmtpServer, sender: str) -> None:
        self._server = server
        self._sender = sender
        self._connection: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> None:
        message = compose(letter, self._sender)
        with _told_in_our_words():
            if self._connection is None or not self._alive():
                self._connection = self._open()
            self._connection.send_message(message)

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._connection = None

    def _alive(self) -> bool:
        assert self._connection is not None
        try:
            return self._connection.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _open(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "ssl":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        try:
            if server.security == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
        except Exception:
            connection.close()
            raise
        return connection


class FolderMailer:
    """Lays each letter as a readable file into a folder. The same reference again replaces its file."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, letter: Letter) -> None:
        content = bytes(compose(letter, self._sender))
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            aside = self._folder / f".{letter.reference}.{os.getpid()}"
            aside.write_bytes(content)
            aside.replace(self._folder / f"{letter.at:%Y%m%d}-{letter.reference}.eml")
        except OSError as error:
            raise Unavailable("Không ghi được thư vào thư mục dữ liệu.") from error

    def close(self) -> None:
        """Nothing is held open."""


@dataclass
class RecordingMailer:
    """A mailer for tests: keeps the letters, or refuses them all while ``broken`` is set."""

    broken: Exception | None = None
    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        if self.broken:
            raise self.broken
        compose(letter, "test@localhost")
        self.letters.append(letter)

    def close(self) -> None:
        """Nothing is held open."""


def compose(letter: Letter, sender: str) -> EmailMessage:
    """Return the letter as a message in UTF-8, readable as it lies; raise Invalid when it can't be one."""
    if not _REFERENCE.fullmatch(letter.reference):
        raise ValueError(f"not a reference: {letter.reference!r}")
    message = EmailMessage(policy=policy.SMTPUTF8.clone(linesep="\n", cte_type="8bit"))
    try:
        message["From"] = sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
    except ValueError as error:  # a line break would start a header of the writer's choice
        raise Invalid("Địa chỉ hoặc tiêu đề thư không hợp lệ.") from error
    if "@" not in parseaddr(letter.to)[1]:
        raise Invalid("Địa chỉ thư không hợp lệ.")
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{letter.reference}@{domain}>"
    message["Date"] = format_datetime(letter.at)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="8bit")
    return message


@contextlib.contextmanager
def _told_in_our_words() -> Iterator[None]:
    """Turn what the mail library raises into Invalid (for good) or Unavailable (for now)."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _ in error.recipients.values()):
            raise Invalid("Máy chủ thư không nhận địa chỉ người nhận.") from error
        raise Unavailable("Máy chủ thư tạm chưa nhận thư.") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable("Không gửi được thư qua máy chủ thư.") from error
