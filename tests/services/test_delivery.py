from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from tracker.db.base import db
from tracker.db.tables.notices import Notice
from tracker.db.tables.people import Account
from tracker.domain.errors import Invalid, Unavailable
from tracker.domain.people import SYSTEM
from tracker.services.delivery import BATCH, CLAIM, MOST_ATTEMPTS, Outcome, claim, settle
from tracker.services.unit import unit_of_work

URL = "http://localhost"


@pytest.fixture
def work(app):
    """Open a unit of work so long after the beginning."""
    return lambda **later: unit_of_work(
        app.extensions["tracker"].wiring, actor=SYSTEM, now=NOW + timedelta(**later)
    )


@pytest.fixture
def outbox(app):
    """Put so many notices to one person into the outbox, due at the beginning."""

    def fill(count=1):
        account = Account(
            username="bi.thu", display_name="x", email="a@example.vn", password_hash="x", created_at=NOW
        )
        db.session.add(account)
        db.session.flush()
        for number in range(count):
            db.session.add(
                Notice(
                    account_id=account.id,
                    event_key=f"e{number}",
                    sentence=f"Ý kiến số {number} đã quá hạn.",
                    created_at=NOW,
                    next_try_at=NOW,
                )
            )
        db.session.commit()

    return fill


def state():
    db.session.rollback()
    return db.session.scalars(select(Notice)).one()


def test_a_letter_tells_the_sentence_and_where_to_look(outbox, work):
    outbox()
    with work() as unit:
        (outgoing,) = claim(URL, unit=unit)

    assert outgoing.letter.to == "a@example.vn"
    assert outgoing.letter.subject == "Ý kiến số 0 đã quá hạn."
    assert f"{URL}/" in outgoing.letter.text


def test_a_claimed_letter_is_left_alone_until_the_claim_runs_out(outbox, work):
    outbox()
    with work() as unit:
        assert len(claim(URL, unit=unit)) == 1

    with work(minutes=5) as unit:
        assert claim(URL, unit=unit) == []
    with work(seconds=CLAIM.total_seconds()) as unit:
        (again,) = claim(URL, unit=unit)
    assert again.letter.reference.startswith("notice-")
    assert again.attempts == 2


def test_a_taken_letter_is_never_claimed_again(outbox, work):
    outbox()
    with work() as unit:
        (outgoing,) = claim(URL, unit=unit)
        settle([Outcome(outgoing)], unit=unit)

    with work(days=9) as unit:
        assert claim(URL, unit=unit) == []
    assert state().mail_state == "sent"


@pytest.mark.parametrize(
    ("error", "attempts", "expected"),
    [
        (Invalid("no such mailbox"), 1, "refused"),
        (Unavailable("away"), 1, "waiting"),
        (Unavailable("away"), MOST_ATTEMPTS, "refused"),
    ],
)
def test_what_may_be_taken_later_waits_and_the_rest_is_given_up(outbox, work, error, attempts, expected):
    outbox()
    with work() as unit:
        unit.session.scalars(select(Notice)).one().attempts = attempts - 1
        unit.session.flush()
        (outgoing,) = claim(URL, unit=unit)
        settle([Outcome(outgoing, error)], unit=unit)

    assert state().mail_state == expected
    assert state().last_error == error.sentence


def test_more_than_a_batch_takes_several_rounds(outbox, work):
    outbox(BATCH + 3)

    with work() as unit:
        sizes = [len(claim(URL, unit=unit)), len(claim(URL, unit=unit)), len(claim(URL, unit=unit))]

    assert sizes == [BATCH, 3, 0]
