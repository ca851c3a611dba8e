"""The administrator's screens: who may open them, what they refuse, and that a change holds from its day on."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.makers import Makers
from tracker.db.base import db
from tracker.db.tables.audit import AuditRow
from tracker.db.tables.routing import ConcernCategory
from tracker.domain.dates import date_words
from tracker.domain.people import Role
from tracker.services.reference import reference_on

TODAY = date(2026, 11, 25)
SOON = date(2026, 12, 1)
LISTS = [
    "",
    "don-vi",
    "don-vi-xu-ly",
    "linh-vuc",
    "quy-tac-chuyen",
    "thoi-han",
    "don-doc",
    "lich/",
    "tai-khoan/",
]
FORMS = [
    *(f"{name}/{page}" for name in LISTS[1:-2] for page in ("them", "1", "1/thoi-ap-dung")),
    "quy-tac-chuyen/thu",
    "lich/ngay",
    "lich/ngay/1",
]


@pytest.fixture
def admin(make: Makers) -> FlaskClient:
    """A client in which the administrator of a ward with a branch is logged in."""
    province, ward, _ = make.ward()
    make.body("UBND_KTHT", ward, "Phòng Kinh tế, Hạ tầng và Đô thị")
    return make.log_in(make.person(Role.ADMINISTRATOR, province, "quantri"))


@pytest.mark.parametrize("path", LISTS + FORMS)
def test_each_screen_opens_for_the_administrator(admin: FlaskClient, path: str) -> None:
    assert admin.get(f"/quan-tri/{path}").status_code == 200


@pytest.mark.parametrize("role", [Role.OFFICE, Role.STANDING_COMMITTEE, Role.INSPECTION])
def test_nobody_else_may_open_them(app: Flask, make: Makers, role: Role) -> None:
    client = make.log_in(make.person(role, make.ward()[1]))

    assert {path: client.get(f"/quan-tri/{path}").status_code for path in LISTS + FORMS} == dict.fromkeys(
        LISTS + FORMS, 403
    )


def category(**more: object) -> dict[str, object]:
    """Return a good form of a field of concerns; None leaves one out."""
    typed = {
        "code": "thu_cung",
        "name": "Thú nuôi",
        "position": "190",
        "source": "Nghị quyết 12-NQ/ĐU ngày 20/11/2026",
        "tag": "S",
        "valid_from": date_words(SOON),
    }
    return {name: value for name, value in {**typed, **more}.items() if value is not None}


def held(on: date) -> dict[str, str]:
    """Return the names of the fields of concerns on the day, by code."""
    db.session.rollback()
    book = reference_on(db.session(), on).book
    return {one.code: one.name for one in book.categories if book.category(one.code, on) is one}


def test_a_change_holds_from_its_day_on_and_not_before(admin: FlaskClient) -> None:
    assert held(SOON)["dat_dai"] == "Đất đai"
    answer = admin.post("/quan-tri/linh-vuc/1", data=category(code=None, name="Đất đai, nhà ở", version="1"))

    assert answer.status_code == 302
    assert held(SOON - timedelta(days=1))["dat_dai"] == "Đất đai"
    assert held(SOON)["dat_dai"] == "Đất đai, nhà ở"
    rows = db.session.execute(
        sa.select(ConcernCategory.valid_from, ConcernCategory.valid_to)
        .where(ConcernCategory.code == "dat_dai")
        .order_by(ConcernCategory.valid_from)
    ).all()
    assert [tuple(row) for row in rows] == [(date(2025, 7, 1), SOON), (SOON, None)]
    assert "sắp áp dụng" in admin.get("/quan-tri/linh-vuc").text.lower()


def test_every_change_is_written_in_the_chain(admin: FlaskClient) -> None:
    admin.post("/quan-tri/linh-vuc/them", data=category())

    row = db.session.scalars(sa.select(AuditRow).order_by(AuditRow.seq.desc())).first()
    assert (row.subject, '"action":"added"' in row.body) == ("concern_category", True)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"code": "dat_dai"}, "Mã này đã có"),
        ({"code": "có dấu"}, "Mã gồm 1 đến 40"),
        ({"position": "nhiều"}, "Nhập số nguyên"),
        ({"valid_from": "31/02/2026"}, "Ghi ngày có thật"),
        ({"valid_to": date_words(SOON)}, "Ngày thôi áp dụng phải sau"),
        ({"source": ""}, "Ghi nguồn"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_kept(
    admin: FlaskClient, typed: dict[str, object], sentence: str
) -> None:
    answer = admin.post("/quan-tri/linh-vuc/them", data=category(name="Thú nuôi lạ", **typed))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Thú nuôi lạ" in answer.text
    assert all(str(value) in answer.text for value in typed.values())
    assert "thu_cung" not in held(SOON)


def test_overlapping_periods_are_refused(admin: FlaskClient) -> None:
    admin.post("/quan-tri/linh-vuc/1", data=category(code=None, version="1"))

    answer = admin.post(
        "/quan-tri/linh-vuc/1", data=category(code=None, version="2", valid_from="28/11/2026")
    )

    assert answer.status_code == 422
    assert "Trùng thời gian" in answer.text


def test_an_edit_of_what_a_colleague_changed_meanwhile_is_refused_and_kept(admin: FlaskClient) -> None:
    admin.post("/quan-tri/linh-vuc/1", data=category(code=None, version="1"))

    answer = admin.post("/quan-tri/linh-vuc/1", data=category(code=None, version="1", name="Tên gõ dở"))

    assert answer.status_code == 409
    assert "Người khác vừa sửa" in answer.text
    assert "Tên gõ dở" in answer.text


def test_what_was_in_force_keeps_what_it_said(admin: FlaskClient) -> None:
    answer = admin.post(
        "/quan-tri/linh-vuc/1", data=category(code=None, version="1", valid_from="01/07/2025")
    )

    assert answer.status_code == 422
    assert "được giữ nguyên" in answer.text


def test_a_thing_is_ended_from_a_day_on(admin: FlaskClient) -> None:
    answer = admin.post(
        "/quan-tri/linh-vuc/1/thoi-ap-dung", data={"valid_to": date_words(SOON), "version": "1"}
    )

    assert answer.status_code == 302
    assert "dat_dai" in held(SOON - timedelta(days=1))
    assert "dat_dai" not in held(SOON)
