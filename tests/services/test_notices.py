"""Notices: told once, in the transaction of what they tell, never with a concern's words."""

from sqlalchemy import select

from tests.conftest import NOW
from tracker.db.base import db
from tracker.db.tables.notices import Notice
from tracker.domain.people import SYSTEM
from tracker.services.notices import notify
from tracker.services.unit import unit_of_work


def told(account_id: int) -> list[Notice]:
    db.session.rollback()
    return list(db.session.scalars(select(Notice).where(Notice.account_id == account_id).order_by(Notice.id)))


def test_the_same_event_is_told_to_a_person_once(make, queue) -> None:
    someone = make.person(None)
    for _ in range(3):
        with unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
            notify(unit, [someone.account_id] * 2, event_key="a:1", sentence="Một việc.")
            notify(unit, [someone.account_id], event_key="a:2", sentence="Việc khác.")
    assert [one.event_key for one in told(someone.account_id)] == ["a:1", "a:2"]
    assert [job[0] for job in queue.jobs] == ["deliver_notices"] * 3


def test_one_address_inside_another_mutes_nobody(make) -> None:
    """zammad notification.rb: "already notified" was searched as text, a notice to lan@x muted an@x."""
    lan, an = make.person(None, username="lan"), make.person(None, username="an")
    for person in (lan, an):
        with unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
            notify(unit, [person.account_id], event_key="a:1", sentence="Một việc.")
    assert len(told(an.account_id)) == len(told(lan.account_id)) == 1


def test_without_an_address_the_notice_stands_in_the_application_alone(make, queue) -> None:
    someone = make.person(None, email=None)
    with unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
        notify(unit, [someone.account_id], event_key="a:1", sentence="Một việc.")
    (notice,) = told(someone.account_id)
    assert (notice.mail_state, notice.next_try_at) == ("none", None)
    assert queue.jobs == []


def test_what_waits_for_the_mail_may_go_at_once(make) -> None:
    someone = make.person(None)
    with unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
        notify(unit, [someone.account_id], event_key="a:1", sentence="Một việc.")
    (notice,) = told(someone.account_id)
    assert (notice.mail_state, notice.next_try_at) == ("waiting", NOW)


def test_a_disabled_account_is_told_nothing(make) -> None:
    someone = make.person(None, is_active=False)
    with unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
        notify(unit, [someone.account_id], event_key="a:1", sentence="Một việc.")
    assert told(someone.account_id) == []
