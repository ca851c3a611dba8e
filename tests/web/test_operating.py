"""The operator's page and what machines ask: is the sweep running, and what could it not do?"""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests.conftest import NOW, SettableClock
from tests.late import Late
from tests.makers import Makers
from tracker.db.base import db
from tracker.db.tables.audit import AuditRow
from tracker.db.tables.clocks import Clock, Escalation, SetAside
from tracker.db.tables.runtime import Heartbeat
from tracker.domain.people import Role
from tracker.domain.readiness import DELIVERY, SCHEDULE, SWEEP
from tracker.runtime.examining import examine
from tracker.services.escalation import sweep


def beaten(*names: str) -> None:
    db.session.add_all([Heartbeat(name=name, at=NOW) for name in names])
    db.session.commit()


def aside(late: Late) -> int:
    """Return the clock of a late ticket that is set aside for an hour."""
    ticket_id = late.tickets(is_restricted=True)[0]
    clock = db.session.scalars(select(Clock).where(Clock.ticket_id == ticket_id)).one()
    clock.next_at = NOW + timedelta(hours=1)
    db.session.add(
        SetAside(clock_id=clock.id, failures=3, since=NOW, retry_at=clock.next_at, error="Hỏng (KeyError)")
    )
    db.session.commit()
    return clock.id


def test_ready_turns_503_when_the_sweep_has_not_run(app: Flask, make: Makers, clock: SettableClock) -> None:
    beaten(SCHEDULE, DELIVERY, SWEEP)
    limit = timedelta(minutes=app.extensions["tracker"].settings.sweep_stale_minutes)
    asked = app.test_client()
    clock.now = NOW + limit
    assert asked.get("/readyz").status_code == 200
    clock.now = NOW + limit + timedelta(seconds=1)
    answer = asked.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert "Việc rà hạn chạy lần cuối cách đây" in answer.json["reasons"]["sweep"]


def test_a_clock_set_aside_is_shown_without_its_number_and_tried_again(make: Makers) -> None:
    late = Late(make)
    clock_id = aside(late)
    browser = make.log_in(make.person(Role.ADMINISTRATOR, late.province))
    page = browser.get("/van-hanh").text
    assert "Hỏng (KeyError)" in page
    assert "TAS-2026-0001" not in page
    sweep(make.wiring, NOW)
    assert not db.session.scalars(select(Escalation)).all()
    assert browser.post(f"/van-hanh/thu-lai/{clock_id}").status_code == 302
    assert db.session.scalars(select(AuditRow.subject).where(AuditRow.subject == "clock")).all() == ["clock"]
    sweep(make.wiring, NOW)
    assert db.session.scalars(select(Escalation)).all()
    assert "Không có thời hạn nào rà không được." in browser.get("/van-hanh").text
    assert browser.post(f"/van-hanh/thu-lai/{clock_id}").status_code == 404


def test_only_administrators_see_it(make: Makers) -> None:
    late = Late(make)
    clock_id = aside(late)
    for person in (late.office, late.standing):
        browser = make.log_in(person)
        assert browser.get("/van-hanh").status_code == 403
        assert browser.post(f"/van-hanh/thu-lai/{clock_id}").status_code == 403


def test_the_doctor_tells_of_clocks_set_aside(app: Flask, make: Makers) -> None:
    late = Late(make)

    def found() -> bool:
        about = "Thời hạn rà không được"
        return next(one.well for one in examine(app.extensions["tracker"]) if one.about == about)

    assert found()
    aside(late)
    assert not found()


def test_the_page_tells_what_does_not_run_and_when_the_chain_was_verified(
    make: Makers, clock: SettableClock
) -> None:
    late = Late(make)
    beaten(SCHEDULE, DELIVERY)
    browser = make.log_in(make.person(Role.ADMINISTRATOR, late.province))
    page = browser.get("/van-hanh").text
    assert "Việc rà hạn chưa chạy lần nào." in page
    assert "chưa lần nào" in page
    browser.post("/nhat-ky/kiem-tra")
    assert db.session.get(Heartbeat, "audit_verified") is not None
