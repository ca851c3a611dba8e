"""The administrator's screens: who may open them, what they refuse, and that a change holds from its day on."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import NOW
from tests.makers import Makers
from tests.sheets import concern, sheet
from tracker.db.base import db
from tracker.db.tables.audit import AuditRow
from tracker.db.tables.deadlines import CalendarDay, Rung, TimeLimit
from tracker.db.tables.org import BodyVersion
from tracker.db.tables.routing import ConcernCategory, RoutingRule
from tracker.domain.dates import date_words
from tracker.domain.people import Role
from tracker.domain.rubric import rubric_on
from tracker.services.meetings import submit_sheet
from tracker.services.reference import reference_on
from tracker.services.rubrics import rubric_rows
from tracker.services.unit import unit_of_work

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
    *(f"{name}/{page}" for name in LISTS[1:-3] for page in ("them", "1", "1/thoi-ap-dung")),
    "quy-tac-chuyen/thu",
    "lich/ngay",
    "lich/ngay/1",
    "lich/cua",
    "lich/?cua=u2",
    "lich/?nam=2031",
    "lich/ngay?ngay=2026-09-02&cua=u2",
    "lich/gio",
    "lich/gio?cua=b1",
    "lich/tep",
    "lich/tep?cua=u2",
    "lich/tep/lich.csv",
    "lich/tep/lich.xlsx",
    "bang-cham-diem/1",
    "bang-cham-diem/2",
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


def test_a_body_with_open_concerns_cannot_be_ended_and_the_count_is_told(
    admin: FlaskClient, make: Makers
) -> None:
    branch = next(u.id for u in reference_on(db.session(), TODAY).tree.units.values() if u.kind == "branch")
    secretary = make.person(Role.BRANCH_SECRETARY, branch)
    with unit_of_work(make.wiring, actor=secretary, now=NOW) as unit:
        reference = reference_on(unit.session, TODAY)
        submit_sheet(
            sheet(branch, concerns=(concern("Đèn đường tắt năm bóng"),)), unit=unit, reference=reference
        )

    answer = admin.post("/quan-tri/don-vi-xu-ly/1/thoi-ap-dung", data={"valid_to": date_words(SOON)})

    assert answer.status_code == 422
    assert "Còn 1 kiến nghị chưa xong" in answer.text


def test_a_body_without_open_concerns_can_be_ended(admin: FlaskClient) -> None:
    """The negative control of the one above."""
    answer = admin.post("/quan-tri/don-vi-xu-ly/1/thoi-ap-dung", data={"valid_to": date_words(SOON)})

    assert answer.status_code == 302
    assert reference_on(db.session(), SOON).tree.bodies == {}


def test_a_unit_and_a_body_are_listed_with_the_committee_they_belong_to(admin: FlaskClient) -> None:
    units = admin.get("/quan-tri/don-vi").text
    bodies = admin.get("/quan-tri/don-vi-xu-ly?q=Phòng").text

    assert re.search(r"Tỉnh ủy[^<]*</td>", units), "a ward stands below its province"
    assert re.search(r"Đảng ủy phường Tam Sơn\s*</td>", bodies)


def test_a_unit_with_units_below_cannot_be_ended(admin: FlaskClient) -> None:
    answer = admin.post("/quan-tri/don-vi/2/thoi-ap-dung", data={"valid_to": date_words(SOON)})

    assert answer.status_code == 422
    assert "Còn 1 đơn vị trực thuộc" in answer.text


def test_a_unit_cannot_be_put_below_itself_and_its_new_name_holds_from_its_day(admin: FlaskClient) -> None:
    typed = {
        "name": "Đảng ủy phường Tam Sơn mới",
        "code": "09370",
        "kind": "party_committee",
        "symbol": "TAS",
        "valid_from": date_words(SOON),
        "version": "1",
    }
    wrong = admin.post("/quan-tri/don-vi/2", data={**typed, "parent_id": "2"})
    right = admin.post("/quan-tri/don-vi/2", data={**typed, "parent_id": "1"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "không thể thuộc chính nó" in wrong.text
    assert reference_on(db.session(), TODAY).tree.unit(2).name == "Đảng ủy phường Tam Sơn"
    assert reference_on(db.session(), SOON).tree.unit(2).name == "Đảng ủy phường Tam Sơn mới"


def test_a_holiday_is_added_and_the_calendar_is_closed_that_day(admin: FlaskClient) -> None:
    on = date(2027, 11, 24)
    typed = {"on": date_words(on), "kind": "holiday", "name": "Ngày nghỉ thử", "basis": "decided"}
    typed |= {"source": "Quyết định thử", "tag": "S", "is_active": "y"}
    db.session.execute(sa.delete(CalendarDay).where(CalendarDay.on == on))
    db.session.commit()

    assert admin.post("/quan-tri/lich/ngay", data={**typed, "hours": "07:30-11:30"}).status_code == 422
    assert admin.post("/quan-tri/lich/ngay", data=typed).status_code == 302
    assert not reference_on(db.session(), TODAY).calendar.day(on).is_open
    twice = admin.post("/quan-tri/lich/ngay", data=typed)
    assert "Ngày này đã có trong lịch" in twice.text


def test_the_try_out_says_which_rule_and_words_decide(admin: FlaskClient) -> None:
    answer = admin.post("/quan-tri/quy-tac-chuyen/thu", data={"text": "Đèn đường tắt năm bóng"})

    assert answer.status_code == 200
    assert "đèn đường" in answer.text.lower()
    assert "R-0" in answer.text


def rule(**more: str) -> dict[str, str]:
    """Return the fields of a new rule that sends every drain to the province's department."""
    return {
        "code": "V-900",
        "kind": "body",
        "position": "5",
        "phrases": "rãnh thoát nước",
        "body_code": "SO_XD",
        "weight": "1",
        "valid_from": date_words(TODAY),
        "source": "Thử",
        "tag": "G",
        **more,
    }


def test_a_rule_is_tried_on_the_last_concerns_before_it_is_saved(admin: FlaskClient, make: Makers) -> None:
    make.body("UBND_KTHT", 2)
    make.body("SO_XD", None, "Sở Xây dựng")
    secretary = make.person(Role.BRANCH_SECRETARY, 3)
    with unit_of_work(make.wiring, actor=secretary, now=NOW) as unit:
        told = (concern("Rãnh thoát nước tắc"), concern("Đèn đường tắt năm bóng"))
        submit_sheet(sheet(3, concerns=told), unit=unit, reference=reference_on(unit.session, TODAY))
    rules = db.session.scalar(sa.select(sa.func.count()).select_from(RoutingRule))

    moving = admin.post("/quan-tri/quy-tac-chuyen/them", data=rule(do="try"))
    still = admin.post("/quan-tri/quy-tac-chuyen/them", data=rule(do="try", phrases="hỏa tiễn"))
    wrong = admin.post("/quan-tri/quy-tac-chuyen/them", data=rule(do="try", phrases=""))

    assert "trong 2 kiến nghị gần nhất, 1 kiến nghị sẽ đi nơi khác" in moving.text
    assert re.search(r"SO_XD\s*</td>", moving.text)
    assert "2 kiến nghị gần nhất vẫn đi như hiện nay" in still.text
    assert wrong.status_code == 422
    assert "Rãnh thoát nước tắc" not in moving.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RoutingRule)) == rules


def test_an_account_is_opened_its_password_shown_once_and_must_be_changed(
    admin: FlaskClient, app: Flask
) -> None:
    typed = {"username": "canbo.moi", "display_name": "Đ/c Mới", "email": ""}
    page = admin.get(admin.post("/quan-tri/tai-khoan/them", data=typed).headers["Location"])
    password = re.search(r"<code>([\w-]+)</code>", page.text)[1]

    assert password not in admin.get(page.request.path).text
    admin.post(
        f"{page.request.path}/vai-tro",
        data={"role": "branch_secretary", "unit_id": "3", "valid_from": date_words(TODAY)},
    )
    newcomer = app.test_client()
    newcomer.post("/dang-nhap", data={"username": "canbo.moi", "password": password})
    assert newcomer.get("/").headers["Location"] == "/tai-khoan"
    assert newcomer.get("/tai-khoan").status_code == 200


def test_a_role_holds_from_its_day_and_only_where_it_fits(admin: FlaskClient, make: Makers) -> None:
    person = make.person(None)
    path = f"/quan-tri/tai-khoan/{person.account_id}/vai-tro"
    typed = {"role": "branch_secretary", "valid_from": date_words(SOON)}

    wrong = admin.post(path, data={**typed, "unit_id": "2"})
    right = admin.post(path, data={**typed, "unit_id": "3"})
    twice = admin.post(path, data={**typed, "unit_id": "3"})

    assert (wrong.status_code, right.status_code, twice.status_code) == (422, 302, 422)
    assert "Bí thư giữ vai trò ở chi bộ" in wrong.text
    assert "Trùng thời gian" in twice.text
    held = [h.account_id for h in reference_on(db.session(), SOON).holdings]
    assert person.account_id in held
    assert person.account_id not in [h.account_id for h in reference_on(db.session(), TODAY).holdings]


def test_the_last_administrator_can_be_neither_closed_nor_stripped(admin: FlaskClient) -> None:
    admin.post("/quan-tri/tai-khoan/1/dong")
    closed = admin.get("/quan-tri/tai-khoan/1")
    stripped = admin.post("/quan-tri/tai-khoan/1/vai-tro/1/thoi", data={"valid_to": date_words(SOON)})

    assert "quản trị viên cuối cùng" in closed.text
    assert "quản trị viên cuối cùng" in stripped.text
    assert admin.get("/quan-tri/").status_code == 200


def test_another_scoring_table_is_used_from_a_day_on_and_the_former_ends(admin: FlaskClient) -> None:
    waiting = next(row for row in rubric_rows(db.session()) if not row.is_active)
    typed = {"valid_from": "01/01/2027", "version": str(waiting.version), "act": "use"}

    assert admin.post(f"/quan-tri/bang-cham-diem/{waiting.id}", data=typed).status_code == 302
    rubrics = reference_on(db.session(), TODAY).rubrics
    assert rubric_on(rubrics, date(2026, 12, 31)).code == "hd42"
    assert rubric_on(rubrics, date(2027, 1, 1)).code == waiting.code


def statements(client: FlaskClient, path: str) -> int:
    """Return how many statements the page needs once the rules of the day are read."""
    client.get(path)
    seen: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", count)
    client.get(path)
    sa.event.remove(db.engine, "before_cursor_execute", count)
    return len(seen)


@pytest.mark.parametrize("path", ["/quan-tri/don-vi", "/quan-tri/tai-khoan/"])
def test_lists_ask_the_database_as_often_for_many_rows_as_for_few(
    admin: FlaskClient, make: Makers, path: str
) -> None:
    few = statements(admin, path)
    for number in range(12):
        make.person(Role.BRANCH_SECRETARY, make.branch(2, f"Chi bộ số {number}"))

    assert statements(admin, path) == few


@pytest.mark.parametrize(
    ("path", "table", "typed"),
    [
        (
            "thoi-han/1",
            TimeLimit,
            {"name": "Tên mới", "amount": "3", "unit": "working_days", "start_event": "filed"},
        ),
        ("don-doc/1", Rung, {"name": "Tên mới", "level": "1", "recipient": "official", "at_percent": "60"}),
        (
            "quy-tac-chuyen/1",
            RoutingRule,
            {"position": "1", "category": "dat_dai", "phrases": "sổ đỏ\nbìa đỏ", "weight": "2,5"},
        ),
    ],
)
def test_a_new_version_keeps_what_the_form_does_not_ask_for(
    admin: FlaskClient, path: str, table: type, typed: dict[str, str]
) -> None:
    period = {"valid_from": date_words(SOON), "version": "1", "source": "Quyết định thử", "tag": "S"}

    answer = admin.post(f"/quan-tri/{path}", data={**typed, **period})

    assert answer.status_code == 302, answer.text
    first = db.session.get_one(table, 1)
    second = db.session.scalars(
        sa.select(table).where(table.code == first.code, table.valid_from == SOON)
    ).one()
    kept = ("kind",) if table is RoutingRule else ("clock",) if table is TimeLimit else ("code",)
    assert [getattr(second, name) for name in kept] == [getattr(first, name) for name in kept]
    assert first.valid_to == SOON
    reference_on(db.session(), SOON)  # the domain can still read all of it


def test_a_rule_names_its_body_for_all_wards_and_the_desk_leads_to_the_settings(
    make: Makers, admin: FlaskClient
) -> None:
    for ward in ("Phù Khê", "Đồng Nguyên"):
        unit = make.unit("party_committee", f"Đảng ủy phường {ward}", 1)
        make.body("UBND_KTHT", unit, f"Phòng Kinh tế phường {ward}", short_name="Phòng KT, HT và ĐT")

    assert "Phòng Kinh tế phường" not in admin.get("/quan-tri/quy-tac-chuyen").text
    assert (
        '<li><a href="/quan-tri/">Quản trị</a></li>'
        in admin.get("/").text.partition("Đồng chí có thể mở:")[2]
    )


def test_a_branch_that_is_a_body_itself_stays_where_it_is(admin: FlaskClient, make: Makers) -> None:
    """Opening its form offers its branch; sent back as it stood, it is not put into the shared ones."""
    body = make.body("CHI_BO", 3, "Chi ủy Chi bộ thôn Hồi Quan")
    row = db.session.scalars(sa.select(BodyVersion).where(BodyVersion.body_id == body)).one()

    page = admin.get(f"/quan-tri/don-vi-xu-ly/{row.id}").text

    chosen = page.split('name="committee_id"')[1].split("</select>")[0]
    assert 'selected value="3"' in chosen
