import socketserver
import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from tracker.adapters.mail import FolderMailer, Letter, RecordingMailer, SmtpMailer, SmtpServer
from tracker.domain.errors import Invalid, Unavailable

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
SENDER = "Bám cơ sở <bcs@example.vn>"


def letter(**changes):
    values = {
        "to": "bi.thu@example.vn",
        "subject": "Ý kiến số 12 đã quá hạn",
        "text": "Kính gửi đồng chí,\nmời xem http://localhost/tickets/12\n",
        "reference": "notice-12",
        "at": AT,
    }
    return Letter(**{**values, **changes})


class _Desk(socketserver.StreamRequestHandler):
    """A mail server that knows just enough: it keeps what it is handed, or answers RCPT as it is told to."""

    def handle(self):
        self.wfile.write(b"220 ready\r\n")
        reading = False
        for raw in self.rfile:
            if reading:
                reading = raw != b".\r\n"
                self.server.lines.append(raw)
                if not reading:
                    self.wfile.write(b"250 kept\r\n")
                continue
            verb = raw.split()[0].upper()
            if verb == b"DATA":
                reading = True
                self.wfile.write(b"354 go on\r\n")
            elif verb == b"RCPT":
                self.wfile.write(self.server.answer)
            elif verb == b"EHLO":
                self.wfile.write(b"250-here\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def desk():
    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), _Desk) as server:
        server.lines, server.answer = [], b"250 ok\r\n"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@contextmanager
def mailer_to(desk, **changes):
    port = desk.server_address[1]
    mailer = SmtpMailer(SmtpServer("127.0.0.1", port, **{"security": "none", **changes}), SENDER)
    try:
        yield mailer
    finally:
        mailer.close()


def test_a_letter_in_the_folder_reads_as_it_was_written(tmp_path):
    FolderMailer(tmp_path / "mail", SENDER).send(letter())

    (file,) = (tmp_path / "mail").iterdir()
    text = file.read_text("utf-8")
    assert file.name == "20261125-notice-12.eml"
    assert "Subject: Ý kiến số 12 đã quá hạn" in text
    assert "Kính gửi đồng chí," in text
    assert "Message-ID: <notice-12@example.vn>" in text


def test_the_same_letter_sent_twice_is_one_file(tmp_path):
    mailer = FolderMailer(tmp_path, SENDER)
    mailer.send(letter())
    mailer.send(letter())

    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path):
    (tmp_path / "mail").write_text("a file stands where the folder should")

    with pytest.raises(Unavailable):
        FolderMailer(tmp_path / "mail", SENDER).send(letter())


def test_letters_go_over_one_connection_and_arrive_in_vietnamese(desk):
    with mailer_to(desk) as mailer:
        mailer.send(letter())
        mailer.send(letter(reference="notice-13"))

    arrived = b"".join(desk.lines).decode("utf-8")
    assert arrived.count("Kính gửi đồng chí,") == 2
    assert "Auto-Submitted: auto-generated" in arrived


def test_an_address_refused_for_good_is_invalid(desk):
    desk.answer = b"550 no such mailbox\r\n"

    with mailer_to(desk) as mailer, pytest.raises(Invalid):
        mailer.send(letter())


def test_an_address_refused_for_now_may_be_tried_later(desk):
    desk.answer = b"450 mailbox busy\r\n"

    with mailer_to(desk) as mailer, pytest.raises(Unavailable):
        mailer.send(letter())


def test_a_server_without_encryption_gets_no_letter_unless_told_so(desk):
    with mailer_to(desk, security="starttls") as mailer, pytest.raises(Unavailable):
        mailer.send(letter())
    assert desk.lines == []


def test_a_server_that_is_away_is_unavailable(desk):
    desk.server_close()

    with mailer_to(desk) as mailer, pytest.raises(Unavailable):
        mailer.send(letter())


@pytest.mark.parametrize(
    "changes", [{"subject": "Chào\nBcc: ai@example.vn"}, {"to": "a@b.vn\nBcc: c@d.vn"}, {"to": "không có"}]
)
def test_a_header_cannot_be_smuggled_in(changes):
    with pytest.raises(Invalid):
        RecordingMailer().send(letter(**changes))


def test_the_recording_mailer_keeps_letters_and_can_be_broken():
    mailer = RecordingMailer()
    mailer.send(letter())
    assert [kept.reference for kept in mailer.letters] == ["notice-12"]

    mailer.broken = Unavailable("away")
    with pytest.raises(Unavailable):
        mailer.send(letter())
