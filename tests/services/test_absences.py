"""Absences in the database: who is told, who may act, what is written of it. On both databases."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.makers import Makers
from tests.stories import ANSWER, LIGHTS, Ward
from tracker.db.base import db
from tracker.db.reading.people import actor_of_account, holdings
from tracker.db.tables.audit import AuditRow
from tracker.db.tables.notices import Notice
from tracker.db.tables.people import Absence as Row
from tracker.domain.absences import Absence
from tracker.domain.audit_words import audit_acting_for
from tracker.domain.errors import Invalid, NotFound, Refused
from tracker.domain.people import Actor, Role
from tracker.services import tickets
from tracker.services.absences import end_absence, note_absence
from tracker.services.unit import unit_of_work

TODAY = date(2026, 11, 25)


@pytest.fixture
def ward(make: Makers, app: Flask) -> Ward:
    return Ward(make, app.extensions["tracker"].clock)


@pytest.fixture
def deputy(ward: Ward) -> Actor:
    """Another official of the office that answers."""
    return ward.make.person(Role.OFFICIAL, ward.body, "phophong")


def note(ward: Ward, who: Actor, there: Actor, *, by: Actor | None = None, days: int = 5) -> int:
    new = Absence(who.account_id, there.account_id, TODAY, TODAY + timedelta(days=days), "Đi học")
    with unit_of_work(ward.make.wiring, actor=by or who, now=ward.clock()) as unit:
        return note_absence(new, unit=unit, tree=ward.reference.tree)


def now(actor: Actor) -> Actor:
    found = actor_of_account(db.session(), actor.account_id, TODAY)
    assert found is not None
    return found


def told(actor: Actor) -> list[str]:
    rows = sa.select(Notice.sentence).where(Notice.account_id == actor.account_id).order_by(Notice.id)
    return list(db.session.scalars(rows))


def test_the_substitute_is_told_in_place_of_the_one_away(ward: Ward, deputy: Actor) -> None:
    """osTicket#6213: name a stand-in while away."""
    note(ward, ward.official, deputy)
    ward.file(LIGHTS)
    assert any("kiến nghị mới" in line for line in told(deputy))
    assert not any("kiến nghị mới" in line for line in told(ward.official))


def test_both_hear_of_the_absence_once(ward: Ward, deputy: Actor) -> None:
    note(ward, ward.official, deputy)
    assert told(deputy) == ["Đồng chí thay đồng chí canbo từ 25/11/2026 đến hết 29/11/2026"]
    assert len(told(ward.official)) == 1


def test_the_rights_follow_and_the_one_away_keeps_the_own(ward: Ward, deputy: Actor) -> None:
    note(ward, ward.head, deputy)
    assert now(deputy).has(Role.BODY_HEAD)
    assert now(ward.head).has(Role.BODY_HEAD)
    after = actor_of_account(db.session(), deputy.account_id, TODAY + timedelta(days=5))
    assert not after.has(Role.BODY_HEAD)


def test_an_act_for_another_is_written_into_event_and_chain(ward: Ward) -> None:
    other = ward.make.person(Role.OFFICE, ward.ward, "vanphong2")
    admin = ward.make.person(Role.ADMINISTRATOR, ward.ward, "quantri")
    note(ward, ward.official, other, by=admin)
    (ticket_id,) = ward.file(LIGHTS)
    version = ward.ticket(ticket_id).version
    ward.do(now(other), tickets.answer, ticket_id, version, ANSWER)
    bodies = db.session.scalars(
        sa.select(AuditRow.body).where(AuditRow.subject == "ticket").order_by(AuditRow.seq.desc())
    ).all()
    assert [audit_acting_for(body) for body in bodies[:2]] == [ward.official.account_id, None]
    page = ward.make.log_in(ward.secretary).get(f"/kien-nghi/{ticket_id}").text
    assert "Đ/c vanphong2, thay đồng chí canbo" in page


def test_an_act_of_ones_own_is_not(ward: Ward, deputy: Actor) -> None:
    """The control of the one above: the deputy is an official of the office as well."""
    note(ward, ward.official, deputy)
    (ticket_id,) = ward.file(LIGHTS)
    ward.do(now(deputy), tickets.answer, ticket_id, ward.ticket(ticket_id).version, ANSWER)
    assert "thay đồng chí" not in ward.make.log_in(ward.secretary).get(f"/kien-nghi/{ticket_id}").text


def test_who_comes_back_is_told_again(ward: Ward, deputy: Actor) -> None:
    absence_id = note(ward, ward.official, deputy)
    with unit_of_work(ward.make.wiring, actor=ward.official, now=ward.clock()) as unit:
        end_absence(ward.official.account_id, absence_id, unit=unit)
    ward.file(LIGHTS)
    assert any("kiến nghị mới" in line for line in told(ward.official))
    assert db.session.scalars(sa.select(Row)).all() == []


def test_a_substitute_whose_account_was_closed_stands_for_nobody(ward: Ward, deputy: Actor) -> None:
    note(ward, ward.official, deputy)
    assert any(one.acting_for for one in holdings(db.session(), TODAY))
    db.session.execute(
        sa.text("UPDATE account SET is_active = :no WHERE id = :id"), {"no": False, "id": deputy.account_id}
    )
    db.session.commit()
    assert not any(one.acting_for or one.is_away for one in holdings(db.session(), TODAY))


def test_what_cannot_be_is_refused_and_nothing_is_kept(ward: Ward, deputy: Actor) -> None:
    note(ward, deputy, ward.official)
    with pytest.raises(Invalid, match="vòng lại"):
        note(ward, ward.official, deputy)
    with pytest.raises(Invalid, match="cùng đơn vị"):
        note(ward, ward.head, ward.leader)
    with pytest.raises(Refused, match="chính mình"):
        note(ward, ward.head, deputy, by=ward.office)
    with pytest.raises(NotFound), unit_of_work(ward.make.wiring, actor=ward.head, now=ward.clock()) as unit:
        end_absence(ward.head.account_id, 1, unit=unit)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Row)) == 1


def test_the_own_screen_notes_and_ends_and_refuses_beside_the_field(ward: Ward, deputy: Actor) -> None:
    browser = ward.make.log_in(ward.official)
    page = browser.get("/tai-khoan/vang-mat").text
    assert "phophong" in page
    assert "thuongtruc" not in page
    typed = {"substitute": deputy.account_id, "valid_from": "30/11/2026", "valid_to": "27/11/2026"}
    refused = browser.post("/tai-khoan/vang-mat", data=typed)
    assert refused.status_code == 422
    assert "không thể trước ngày đầu" in refused.text
    assert browser.post("/tai-khoan/vang-mat", data=typed | {"valid_to": "04/12/2026"}).status_code == 302
    assert "từ 30/11/2026 đến hết 04/12/2026" in browser.get("/tai-khoan/vang-mat").text
    (row,) = db.session.scalars(sa.select(Row)).all()
    assert browser.post(f"/tai-khoan/vang-mat/{row.id}/tro-lai").status_code == 302
    assert db.session.scalars(sa.select(Row)).all() == []


def test_the_administrator_notes_anybodys(ward: Ward) -> None:
    admin = ward.make.log_in(ward.make.person(Role.ADMINISTRATOR, ward.ward, "quantri"))
    typed = {"substitute": ward.leader.account_id, "valid_from": "25/11/2026", "valid_to": "27/11/2026"}
    address = f"/quan-tri/tai-khoan/{ward.head.account_id}"
    assert admin.post(f"{address}/vang-mat", data=typed).status_code == 302
    assert "người thay: Đ/c thuongtruc" in admin.get(address).text
    assert ward.make.log_in(ward.office).post(f"{address}/vang-mat", data=typed).status_code == 403
    (row,) = db.session.scalars(sa.select(Row)).all()
    assert admin.post(f"{address}/vang-mat/{row.id}/tro-lai").status_code == 302
