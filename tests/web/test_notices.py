"""What a person was told, and the audit page."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.stories import LIGHTS, RESTRICTED, Ward
from tracker.db.base import db
from tracker.db.tables.audit import AuditRow
from tracker.db.tables.notices import Notice
from tracker.domain.people import Actor, Role


@pytest.fixture
def ward(app: Flask, make: Makers, clock: SettableClock) -> Ward:
    return Ward(make, clock)


def test_a_notice_is_opened_once_and_leads_to_its_ticket(ward: Ward) -> None:
    (ticket_id,) = ward.file(LIGHTS)
    client = ward.make.log_in(ward.official)
    notice_id = db.session.scalars(
        sa.select(Notice.id).where(Notice.account_id == ward.official.account_id)
    ).one()

    page = client.get("/thong-bao").text
    assert "TAS-2026-0001" in page
    assert "Đèn đường" not in page
    assert client.post(f"/thong-bao/{notice_id}/mo").headers["Location"] == f"/kien-nghi/{ticket_id}"
    assert "Chưa đọc" not in client.get("/thong-bao").text


def test_all_are_marked_as_read_but_nobody_elses(ward: Ward) -> None:
    ward.file(LIGHTS)
    other = ward.make.person(Role.OFFICIAL, ward.body)
    ward.file("Đèn đường tắt ở ngõ 5")
    ward.make.log_in(ward.official).post("/thong-bao/da-doc")

    unread = db.session.scalars(sa.select(Notice.account_id).where(Notice.read_at.is_(None)))
    assert set(unread) == {other.account_id}


def test_somebody_elses_notice_is_unknown(ward: Ward) -> None:
    ward.file(LIGHTS)
    notice_id = db.session.scalars(sa.select(Notice.id)).first()

    assert ward.make.log_in(ward.office).post(f"/thong-bao/{notice_id}/mo").status_code == 404


def test_the_audit_is_told_in_plain_words_and_verified(ward: Ward) -> None:
    ward.file(LIGHTS)
    client = ward.make.log_in(ward.inspector)

    page = client.get("/nhat-ky").text
    assert "Kiến nghị TAS-2026-0001 được ghi nhận." in page
    assert "Đèn đường" not in page
    assert "Nhật ký nguyên vẹn" in client.post("/nhat-ky/kiem-tra", data={"anchor": ""}).text
    wrong = client.post("/nhat-ky/kiem-tra", data={"anchor": "x"})
    assert (wrong.status_code, "Mốc viết như trên báo cáo quý" in wrong.text) == (422, True)
    db.session.execute(sa.update(AuditRow).where(AuditRow.seq == 1).values(mac="0" * 64))
    db.session.commit()
    assert "Nhật ký hỏng từ dòng 1" in client.post("/nhat-ky/kiem-tra", data={"anchor": ""}).text


def numbers_told(ward: Ward, reader: Actor) -> set[str]:
    """Return the ticket numbers on the reader's audit page, and ids told in their place."""
    page = ward.make.log_in(reader).get("/nhat-ky").text
    assert "Kiến nghị" in page
    return set(re.findall(r"TAS-2026-\d+|Kiến nghị số \d+", page))


def test_the_audit_names_a_ticket_only_to_who_may_read_it(ward: Ward) -> None:
    """Its number, its id and which are restricted stay unknown to the commissions of other wards and to operators."""
    own = {ward.ticket(one).number for one in ward.file(LIGHTS, RESTRICTED)}
    other_ward = ward.make.unit("party_committee", "Đảng ủy phường Phù Khê", ward.province, code="09380")
    stranger = ward.make.person(Role.INSPECTION, other_ward)
    admin = ward.make.person(Role.ADMINISTRATOR, ward.province)

    assert numbers_told(ward, ward.inspector) == own, "the control: they stand on the page"
    assert numbers_told(ward, stranger) == set()
    assert numbers_told(ward, admin) == set()


def test_who_may_not_read_the_audit_is_refused(ward: Ward) -> None:
    assert ward.make.log_in(ward.office).get("/nhat-ky").status_code == 403
