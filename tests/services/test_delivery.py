"""Letters: one a person, claimed and settled, never twice on a retry, never with a concern's words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, url_for
from sqlalchemy import select, update

from tests.conftest import NOW
from tests.late import Late
from tests.makers import Makers
from tracker.adapters.mail import Letter, RecordingMailer
from tracker.db.base import db
from tracker.db.tables.notices import Notice
from tracker.db.tables.people import Account
from tracker.domain.errors import Invalid, Unavailable
from tracker.domain.people import SYSTEM, Actor
from tracker.services.delivery import (
    BATCH,
    CLAIM,
    GIVE_UP_AFTER,
    MOST_ATTEMPTS,
    DeliveryReport,
    address,
    claim,
    deliver,
)
from tracker.services.escalation import sweep
from tracker.services.notices import notify
from tracker.services.unit import unit_of_work

URL = "https://bam-co-so.example.vn"


@pytest.fixture
def mailer() -> RecordingMailer:
    return RecordingMailer()


@pytest.fixture
def send(make: Makers, mailer: RecordingMailer) -> Callable[..., DeliveryReport]:
    """Deliver so long after the beginning; return the tally."""
    return lambda **later: deliver(make.wiring, mailer, URL, NOW + timedelta(**later))


def tell(make: Makers, person: Actor, *keys: str) -> None:
    with unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
        for key in keys:
            notify(unit, [person.account_id], event_key=key, sentence=f"TAS-2026-{key}: đã quá hạn")


def states() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Notice.mail_state).order_by(Notice.id)))


def test_what_waits_for_one_person_is_one_letter(make, mailer, send) -> None:
    """frappe/helpdesk#3778 asks for it: a digest to each person instead of a letter an event."""
    lan, minh = make.person(None, username="lan"), make.person(None, username="minh")
    tell(make, lan, "0001", "0002", "0003")
    tell(make, minh, "0001")

    assert send() == DeliveryReport(sent=2, notices=4)
    assert [(letter.to, letter.subject) for letter in mailer.letters] == [
        ("lan@example.vn", "Bám cơ sở: 3 việc mới"),
        ("minh@example.vn", "Bám cơ sở: 1 việc mới"),
    ]
    assert all(f"TAS-2026-000{number}" in mailer.letters[0].text for number in (1, 2, 3))
    assert states() == ["sent"] * 4


def test_a_letter_holds_number_and_link_and_no_word_of_the_concern(make: Makers, mailer, send) -> None:
    (one,) = Late(make).tickets(text="Rãnh thoát nước trước nhà văn hóa bị tắc")
    sweep(make.wiring, NOW)
    send()
    for letter in mailer.letters:
        assert "TAS-2026-0001" in letter.text
        assert f"{URL}/kien-nghi/{one}" in letter.text
        assert "Rãnh" not in letter.text + letter.subject
        assert "TAS" not in letter.subject


def test_the_links_lead_to_pages_that_exist(app: Flask) -> None:
    with app.test_request_context():
        assert address(7, None) == url_for("tickets.show", ticket_id=7)
        assert address(None, 7) == url_for("reports.show", report_id=7)
        assert address(None, None) == url_for("desk.show")


def test_what_was_taken_is_never_sent_again(make, mailer, send) -> None:
    tell(make, make.person(None), "0001")
    for days in range(3):
        send(days=days)
    assert len(mailer.letters) == 1


def test_a_long_list_is_cut_and_the_rest_counted(make, mailer, send) -> None:
    tell(make, make.person(None), *(f"{number:04d}" for number in range(45)))
    send()
    (letter,) = mailer.letters
    assert letter.text.count("TAS-2026") == 30
    assert "15 việc khác" in letter.text
    assert states() == ["sent"] * 45


def test_an_outage_delays_and_each_wait_is_longer(make, mailer, send) -> None:
    tell(make, make.person(None), "0001")
    mailer.broken = Unavailable("Máy chủ thư đang nghỉ.")
    waits = []
    minutes = 0
    for _ in range(4):
        assert send(minutes=minutes) == DeliveryReport(later=1)
        due = db.session.scalars(select(Notice.next_try_at)).one()
        waits.append(int((due - NOW).total_seconds() // 60) - minutes)
        minutes += waits[-1]
    assert waits == [2, 4, 8, 16]
    mailer.broken = None
    assert send(minutes=minutes - 1) == DeliveryReport()
    assert send(minutes=minutes) == DeliveryReport(sent=1, notices=1)


def test_a_server_that_is_away_ends_the_round_and_costs_nobody_a_letter(make, mailer, send) -> None:
    for number in range(GIVE_UP_AFTER + 4):
        tell(make, make.person(None, username=f"n{number}"), "0001")
    mailer.broken = Unavailable("away")
    assert send() == DeliveryReport(later=GIVE_UP_AFTER)
    mailer.broken = None
    assert send(minutes=10) == DeliveryReport(sent=GIVE_UP_AFTER + 4, notices=GIVE_UP_AFTER + 4)


def test_a_refused_address_is_given_up_and_the_others_get_theirs(make, mailer, send) -> None:
    tell(make, make.person(None, username="a", email="khong-phai-dia-chi"), "0001")
    tell(make, make.person(None, username="b"), "0001")
    assert send() == DeliveryReport(sent=1, notices=1, refused=1)
    assert states() == ["refused", "sent"]
    assert db.session.scalars(select(Notice.last_error)).first() == "Địa chỉ thư không hợp lệ."


@pytest.mark.parametrize(
    ("error", "attempts", "expected"),
    [
        (Invalid("no such mailbox"), 1, "refused"),
        (Unavailable("away"), 1, "waiting"),
        (Unavailable("away"), MOST_ATTEMPTS, "refused"),
    ],
)
def test_what_may_be_taken_later_waits_and_the_rest_is_given_up(
    make, mailer, send, error, attempts, expected
) -> None:
    tell(make, make.person(None), "0001")
    db.session.execute(update(Notice).values(attempts=attempts - 1))
    db.session.commit()
    mailer.broken = error
    send()
    assert states() == [expected]
    assert db.session.scalars(select(Notice.last_error)).one() == error.sentence


class _Fragile(RecordingMailer):
    """Breaks at one address in a way that nobody foresaw."""

    def send(self, letter: Letter) -> None:
        if letter.to.startswith("xau"):
            raise RuntimeError("bug")
        super().send(letter)


def test_a_letter_that_breaks_the_mailer_stops_no_other(make: Makers) -> None:
    tell(make, make.person(None, username="xau"), "0001")
    tell(make, make.person(None, username="tot"), "0001")
    report = deliver(make.wiring, _Fragile(), URL, NOW)
    assert (report.sent, report.later) == (1, 1)
    assert states() == ["waiting", "sent"]


def test_a_claimed_letter_is_left_alone_until_the_claim_runs_out(make, mailer, send) -> None:
    """A process that dies after claiming: nothing is lost, and the letter keeps its name."""
    tell(make, make.person(None), "0001", "0002")
    with unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
        (dead,) = claim(URL, unit=unit)

    assert send(minutes=5) == DeliveryReport()
    assert send(seconds=CLAIM.total_seconds()) == DeliveryReport(sent=1, notices=2)
    assert mailer.letters[0].reference == dead.letter.reference


def test_who_was_disabled_meanwhile_is_sent_nothing(make, mailer, send) -> None:
    tell(make, make.person(None), "0001")
    db.session.execute(update(Account).values(is_active=False))
    db.session.commit()
    assert send() == DeliveryReport()
    assert (mailer.letters, states()) == ([], ["none"])


def test_more_persons_than_a_batch_take_several_rounds_of_one_delivery(make, mailer) -> None:
    for number in range(5):
        tell(make, make.person(None, username=f"n{number}"), "0001")
    assert BATCH > 5
    assert deliver(make.wiring, mailer, URL, NOW, limit=2).sent == 5
