"""The meeting sheet on screen: opened, typed, refused, sent once, corrected."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from tests.makers import Makers
from tests.sheet_fields import concern, fields, scored
from tests.sheets import concern as filed
from tests.sheets import sheet
from tracker.db.base import db
from tracker.db.tables.meetings import Assessment, Conclusion, Meeting, MeetingRevision
from tracker.db.tables.people import RoleGrant
from tracker.db.tables.tickets import Raiser, Ticket
from tracker.domain.people import Actor, Role
from tracker.services.meetings import submit_sheet
from tracker.services.reference import reference_on
from tracker.services.unit import unit_of_work

NEW = "/phieu-hop/moi"
DRAIN = "Rãnh thoát nước ngõ 12 bị tắc, mưa là ngập"
LAMP = "Đèn đường xóm Đông hỏng từ tháng 9, tối đi lại khó"


@pytest.fixture
def branch(make: Makers) -> int:
    """A branch whose ward has a section for economy, infrastructure and town planning."""
    _province, ward, branch_id = make.ward()
    make.body("UBND_KTHT", ward, "Phòng Kinh tế, Hạ tầng và Đô thị")
    return branch_id


@pytest.fixture
def secretary(make: Makers, branch: int) -> Actor:
    return make.person(Role.BRANCH_SECRETARY, branch)


@pytest.fixture
def inside(make: Makers, secretary: Actor) -> FlaskClient:
    """A client in which the branch's secretary is logged in."""
    return make.log_in(secretary)


def rows(table: type) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def error_of(page: str, field_id: str) -> str:
    """Return the sentence beside the field, "" when there is none."""
    found = re.search(rf'id="{field_id}-error">(.*?)</p>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


def submit(make: Makers, actor: Actor, branch_id: int, key: str, on: date, **more: object) -> int:
    """Record a sheet as the service does and return its id."""
    clock = make.app.extensions["tracker"].clock
    with unit_of_work(make.wiring, actor=actor, now=clock()) as unit:
        command = sheet(branch_id, request_key=key, held_on=on, **more)
        return submit_sheet(command, unit=unit, reference=reference_on(unit.session, clock().date()))


def test_each_concern_becomes_a_ticket_and_the_receipt_says_where_it_went_and_why(
    inside: FlaskClient,
) -> None:
    answer = inside.post(NEW, data=fields() | concern(0, DRAIN) | concern(1, LAMP))
    receipt = inside.get(answer.location)

    assert answer.status_code == 302
    assert re.findall(r"TAS-2026-\d{4}", receipt.text) == ["TAS-2026-0001", "TAS-2026-0002"]
    assert "Phòng Kinh tế, Hạ tầng và Đô thị" in receipt.text
    assert "rãnh thoát nước" in receipt.text
    assert "Hạn trả lời" in receipt.text


def test_the_next_sheet_starts_from_the_last_one(inside: FlaskClient) -> None:
    inside.post(NEW, data=fields())
    page = inside.get(NEW).text

    assert 'value="Nguyễn Văn Chủ"' in page
    assert re.search(r'id="official"[^>]*value="28"', page)
    assert not re.search(r'id="present"[^>]*value="2', page)


def test_a_scored_sheet_keeps_points_reasons_and_vote(inside: FlaskClient) -> None:
    answer = inside.post(NEW, data=scored())
    page = inside.get(answer.location.removesuffix("/da-gui")).text

    assert "93/100" in page
    assert "Buổi họp dài 105 phút" in page
    assert "22/23" in page


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"present": "26"}, "present", "thừa 1 người"),
        ({"official": "mười"}, "official", "Nhập số nguyên"),
        ({"ends": "18:30"}, "ends", "Giờ kết thúc phải sau giờ bắt đầu"),
        ({"held_on": "03/12/2026"}, "held_on", "chưa tới"),
        ({"held_on": "31/11/2026"}, "held_on", "ngày có thật"),
        ({"held_on": "   "}, "held_on", "ngày có thật"),
        ({"chair": " "}, "chair", "Ghi người chủ trì"),
        ({"superior_attended": "y"}, "superior_name", "cấp trên nào về dự"),
        (concern(0, ""), "concerns-0-text", "Ghi nội dung ý kiến"),
        (concern(0, "ă" * 20_000), "concerns-0-text", "20000"),
        (concern(0, DRAIN) | concern(1, ""), "concerns-1-text", "Ghi nội dung ý kiến"),
        (concern(0, DRAIN, body_code="KHONG_CO"), "concerns-0-body_code", "Chọn một dòng"),
        (concern(0, DRAIN, resolved_on_spot="y"), "concerns-0-settled_by", "Ghi ai đã giải quyết"),
        (
            {"conclusions-0-task": "Sửa rãnh", "conclusions-0-due_on": "mai"},
            "conclusions-0-due_on",
            "ngày có thật",
        ),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_written(
    inside: FlaskClient, wrong: dict[str, str], field: str, words: str
) -> None:
    answer = inside.post(NEW, data=fields(place="Sân đình làng Hồi Quan") | wrong)

    assert answer.status_code == 422
    assert words in error_of(answer.text, field)
    assert "<title>Lỗi: " in answer.text
    assert f'href="#{field}"' in answer.text
    assert 'value="Sân đình làng Hồi Quan"' in answer.text
    assert rows(Meeting) == rows(Ticket) == 0


@pytest.mark.parametrize(
    ("name", "count", "row"),
    [
        ("concerns", 120, lambda at: concern(at, f"{LAMP} số {at}")),
        ("conclusions", 101, lambda at: {f"conclusions-{at}-task": f"Việc số {at}"}),
    ],
    ids=["concerns", "conclusions"],
)
def test_more_rows_than_a_sheet_takes_are_told_beside_the_part_and_all_kept(
    inside: FlaskClient, name: str, count: int, row: Callable[[int], dict[str, str]]
) -> None:
    answer = inside.post(NEW, data=fields() | {k: v for at in range(count) for k, v in row(at).items()})
    part = answer.text.split(f'<div id="{name}" tabindex="-1" class="group-errors">')[1].split("</div>")[0]

    assert answer.status_code == 422
    assert f"phiếu này có {count}" in part
    assert f'href="#{name}"' in answer.text
    assert len(re.findall(rf' số {count - 1}(?=["<])', answer.text)) >= 1
    assert len(set(re.findall(rf'name="({name}-\d+)-', answer.text))) == count
    assert rows(Meeting) == rows(Ticket) == 0


def test_as_many_rows_as_a_sheet_takes_are_taken(inside: FlaskClient) -> None:
    many = {k: v for at in range(60) for k, v in concern(at, f"{LAMP} số {at}").items()}

    assert inside.post(NEW, data=fields() | many).status_code == 302
    assert rows(Ticket) == 60


def test_rows_past_all_measure_are_refused_in_words_and_nothing_is_written(inside: FlaskClient) -> None:
    many = {f"conclusions-{at}-task": "Việc" for at in range(401)}
    answer = inside.post(NEW, data=fields() | many)

    assert answer.status_code == 422
    assert "có 401 dòng" in answer.text
    assert rows(Meeting) == 0


def test_points_and_votes_that_cannot_be_are_told_with_the_rest(inside: FlaskClient) -> None:
    wrong = {"score-discussion": "26", "score-ending": "", "votes_total": "40", "present": "24"}
    answer = inside.post(NEW, data=scored() | wrong)

    assert "Điểm phải từ 0 đến 25" in error_of(answer.text, "score-discussion")
    assert "Chưa chấm điểm" in error_of(answer.text, "score-ending")
    assert "biểu quyết" in error_of(answer.text, "votes_total")
    assert "thiếu 1 người" in error_of(answer.text, "present")
    assert rows(Meeting) == 0


def test_a_sheet_that_was_not_scored_says_so_in_one_sentence(inside: FlaskClient) -> None:
    data = fields()
    del data["score_later"]
    answer = inside.post(NEW, data=data)

    assert "Chưa chấm điểm mục nào" in error_of(answer.text, "score_later")
    assert "Chưa chấm điểm “" not in answer.text


def test_a_second_regular_meeting_in_the_month_is_refused_and_a_thematic_one_is_not(
    inside: FlaskClient,
) -> None:
    inside.post(NEW, data=fields())
    again = inside.post(NEW, data=fields(request_key="phieu-0002-abcd", held_on="10/11/2026"))
    thematic = inside.post(
        NEW, data=fields(request_key="phieu-0002-abcd", held_on="10/11/2026", kind="thematic")
    )

    assert "đã có buổi sinh hoạt thường kỳ" in error_of(again.text, "kind")
    assert thematic.status_code == 302
    assert rows(Meeting) == 2


def test_decomposed_letters_and_control_characters_are_tidied(inside: FlaskClient) -> None:
    inside.post(NEW, data=fields() | concern(0, unicodedata.normalize("NFD", DRAIN) + "\x00\u202e"))

    assert db.session.execute(select(Ticket.text)).scalar_one() == DRAIN


def test_a_double_click_gives_one_sheet_and_the_same_receipt(inside: FlaskClient) -> None:
    data = scored() | concern(0, DRAIN)
    first, second = (inside.post(NEW, data=data) for _ in range(2))

    assert first.location == second.location
    assert rows(Meeting) == rows(Ticket) == rows(Assessment) == 1


def test_a_sheet_for_somebody_elses_branch_is_refused(make: Makers, inside: FlaskClient) -> None:
    other = make.branch(make.unit("party_committee", "Đảng ủy phường Phù Khê"))

    assert inside.get(f"{NEW}?chi_bo={other}").status_code == 403
    assert inside.post(f"{NEW}?chi_bo={other}", data=fields()).status_code == 403
    assert (
        inside.post(f"/phieu-hop/nhap/phieu-0001-abcd?chi_bo={other}", json={"values": {}}).status_code == 403
    )
    assert rows(Meeting) == 0


def test_a_secretary_of_two_branches_chooses(make: Makers, branch: int) -> None:
    ward = make.unit("party_committee", "Đảng ủy phường Phù Khê")
    other = make.branch(ward, "Chi bộ khu phố Trịnh Xá")
    both = make.person(Role.BRANCH_SECRETARY, branch, "hai")
    make._keep(
        RoleGrant(
            account_id=both.account_id, role="branch_secretary", unit_id=other, valid_from=date(2025, 7, 1)
        )
    )
    page = make.log_in(both).get(NEW).text

    assert "Chi bộ khu phố Trịnh Xá" in page
    assert '<form method="post" id="sheet"' not in page


def test_rows_come_and_go_without_a_script_and_everything_typed_stays(inside: FlaskClient) -> None:
    data = fields(do="add-concerns") | concern(0, DRAIN) | concern(1, LAMP)
    more = inside.post(NEW, data=data).text
    less = inside.post(NEW, data=data | {"do": "remove-concerns-0"}).text

    assert 'id="concerns-2-text"' in more
    assert DRAIN in more
    assert DRAIN not in less
    assert re.search(rf'id="concerns-0-text"[^>]*>\s*{LAMP}', less)
    assert "Lỗi: " not in more
    assert rows(Meeting) == 0


TWO = "Mất điện cả xóm từ sáng. Rãnh thoát nước ngõ 12 bị tắc, mưa là ngập."


def test_a_line_that_holds_two_matters_is_divided_in_its_place_without_a_script(
    inside: FlaskClient,
) -> None:
    data = fields(do="split-concerns-0") | concern(0, TWO) | concern(1, LAMP)
    page = inside.post(NEW, data=data | {"concerns-0-place": "ngõ 12"}).text

    texts = [re.search(rf'id="concerns-{row}-text"[^>]*>\s*([^<]*)</textarea>', page)[1] for row in range(3)]
    assert texts == ["Mất điện cả xóm từ sáng.", "Rãnh thoát nước ngõ 12 bị tắc, mưa là ngập.", LAMP]
    assert page.count('value="ngõ 12"') == 2
    assert "Đã tách thành 2 ý kiến" in page
    assert rows(Meeting) == 0


@pytest.mark.parametrize("do", ["split-concerns-1", "split-concerns-9", "split-concerns-x", "split-"])
def test_what_holds_one_matter_or_isnt_there_stays_as_typed(inside: FlaskClient, do: str) -> None:
    page = inside.post(NEW, data=fields(do=do) | concern(0, TWO) | concern(1, LAMP)).text

    assert TWO in page
    assert 'id="concerns-2-text"' not in page
    assert "chưa thấy có hai việc" in page


def test_a_text_longer_than_a_concern_may_be_is_not_divided(inside: FlaskClient) -> None:
    page = inside.post(NEW, data=fields(do="split-concerns-0") | concern(0, f"{TWO} {'dài ' * 1000}")).text

    assert 'id="concerns-1-text"' not in page
    assert "dài quá 4000 chữ cái" in page


def test_the_suggestion_names_the_matters_of_a_line(inside: FlaskClient, branch: int) -> None:
    told = [
        inside.post(f"/phieu-hop/de-xuat?chi_bo={branch}", json={"text": text, "category": ""}).json
        for text in (TWO, LAMP)
    ]

    assert [len(one["matters"]) for one in told] == [2, 0]


def test_a_conclusion_left_blank_is_dropped(inside: FlaskClient) -> None:
    lines = {
        "conclusions-0-task": "",
        "conclusions-0-assignee": "",
        "conclusions-0-due_on": "",
        "conclusions-4-task": "Nạo vét rãnh ngõ 12",
        "conclusions-4-assignee": "Tổ tự quản",
        "conclusions-4-due_on": "30/11/2026",
    }
    assert inside.post(NEW, data=fields() | lines).status_code == 302
    line = db.session.execute(select(Conclusion)).scalar_one()
    assert (line.position, line.task, line.due_on) == (1, "Nạo vét rãnh ngõ 12", date(2026, 11, 30))


def test_the_raisers_name_is_sealed_and_on_no_page(inside: FlaskClient) -> None:
    answer = inside.post(NEW, data=fields() | concern(0, DRAIN, raiser_name="Lê Thị Kín"))
    sheet_page = answer.location.removesuffix("/da-gui")
    pages = [answer.location, sheet_page, f"{sheet_page}/sua", "/", "/phieu-hop", "/phieu-bao-lai"]

    assert "Lê Thị Kín".encode() not in db.session.execute(select(Raiser.sealed_name)).scalar_one()
    assert [page for page in pages if "Lê Thị Kín" in inside.get(page).text] == []


def test_the_person_sees_the_body_and_the_reasons_while_typing(inside: FlaskClient) -> None:
    found = inside.post("/phieu-hop/de-xuat", json={"text": "ranh thoat nuoc ngo 12 bi tac"}).json
    none = inside.post("/phieu-hop/de-xuat", json={"text": ["không phải chữ"]}).json

    assert found["body_code"] == "UBND_KTHT"
    assert any("thoát nước" in reason for reason in found["because"])
    assert none == {"words": ""}


def test_the_figures_are_worked_out_as_they_are_typed(inside: FlaskClient) -> None:
    figures = inside.post("/phieu-hop/tinh", data=scored()).json
    half = inside.post("/phieu-hop/tinh", data={"official": "28", "present": "30", "starts": "19:00"}).json

    assert figures["rate"] == "25/27 (92,5\u00a0%)"
    assert "phải dự 27" in figures["rate_why"]
    assert figures["duration"].startswith("105 phút")
    assert "93/100" in figures["total"]
    assert "đủ 5 điểm" in figures["measured-duration"]
    assert "thừa 2" in half["roll_problem"]
    assert half["duration"] == half["total"] == ""


def test_a_correction_keeps_what_stood_before(inside: FlaskClient) -> None:
    inside.post(NEW, data=scored() | concern(0, DRAIN))
    page = inside.get("/phieu-hop/1/sua").text
    data = scored(
        request_key="sua-phieu-0001", present="24", excused="3", version="1", reason="Đếm nhầm một người"
    )
    answer = inside.post("/phieu-hop/1/sua", data=data | concern(0, LAMP))
    shown = inside.get("/phieu-hop/1").text

    assert "TAS-2026-0001" in page
    assert DRAIN not in page
    assert answer.status_code == 302
    assert "24/27" in shown
    assert "Đếm nhầm một người" in shown
    assert "Bản trước khi sửa" in shown
    assert (rows(Ticket), rows(MeetingRevision), rows(Assessment)) == (2, 1, 2)
    assert inside.post("/phieu-hop/1/sua", data=data | concern(0, LAMP)).status_code == 302
    assert (rows(Ticket), rows(MeetingRevision)) == (2, 1)


def test_a_stale_correction_keeps_what_was_typed_and_shows_the_way_on(
    make: Makers, branch: int, inside: FlaskClient
) -> None:
    colleague = make.log_in(make.person(Role.BRANCH_SECRETARY, branch))
    inside.post(NEW, data=fields())
    mine = fields(
        request_key="sua-phieu-0001", version="1", reason="Sửa nơi họp cho đúng", place="Trường tiểu học"
    )
    colleague.post("/phieu-hop/1/sua", data=mine | {"place": "Đình làng", "request_key": "sua-phieu-0002"})
    stale = inside.post("/phieu-hop/1/sua", data=mine)
    again = inside.post("/phieu-hop/1/sua", data=mine | {"version": "2"})

    assert stale.status_code == 409
    assert "vừa được người khác sửa" in stale.text
    assert 'value="Trường tiểu học"' in stale.text
    assert re.search(r'name="version"[^>]*value="2"', stale.text)
    assert again.status_code == 302


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_correction_that_meets_another_in_the_same_month_is_told_beside_the_kind(
    inside: FlaskClient,
) -> None:
    """Two sheets are moved into one month at once: the later one saw the month free and meets the constraint."""
    for month in ("09", "10"):
        inside.post(NEW, data=fields(request_key=f"phieu-thang-{month}", held_on=f"03/{month}/2026"))
    first, second = db.session.scalars(select(Meeting.id).order_by(Meeting.held_on))
    db.session.rollback()

    others = iter([update(Meeting).where(Meeting.id == first)])

    def when_the_month_was_seen_free(session: Session, *_more: object) -> None:
        if (
            any(isinstance(row, Meeting) for row in session.dirty)
            and (other := next(others, None)) is not None
        ):
            with db.engine.begin() as connection:
                connection.execute(other.values(held_on=date(2026, 11, 5), month=date(2026, 11, 1)))

    event.listen(Session, "before_flush", when_the_month_was_seen_free)
    data = fields(request_key="sua-phieu-0002", version="1", reason="Ghi nhầm tháng", place="Đình làng")
    answer = inside.post(f"/phieu-hop/{second}/sua", data=data)
    event.remove(Session, "before_flush", when_the_month_was_seen_free)

    assert answer.status_code == 422
    assert "Vừa có người gửi phiếu sinh hoạt thường kỳ của tháng này" in error_of(answer.text, "kind")
    assert 'value="Đình làng"' in answer.text
    assert db.session.get_one(Meeting, second).held_on == date(2026, 10, 3)


def test_a_correction_needs_a_reason(inside: FlaskClient) -> None:
    inside.post(NEW, data=fields())
    answer = inside.post(
        "/phieu-hop/1/sua", data=fields(request_key="sua-phieu-0001", version="1", reason="")
    )

    assert "vì sao" in error_of(answer.text, "reason")


def test_the_office_reads_the_sheet_but_not_a_restricted_concern(
    make: Makers, branch: int, inside: FlaskClient
) -> None:
    ward = reference_on(db.session(), date(2026, 11, 25)).tree.unit(branch).parent_id
    inside.post(NEW, data=fields() | concern(0, DRAIN, wants_restricted="y"))
    office = make.log_in(make.person(Role.OFFICE, ward))

    assert DRAIN in inside.get("/phieu-hop/1").text
    assert DRAIN not in office.get("/phieu-hop/1").text
    assert office.get("/phieu-hop/1").status_code == 200
    assert office.get("/phieu-hop/1/sua").status_code == 403
    assert DRAIN not in office.get(f"/phieu-bao-lai?chi_bo={branch}").text


def test_list_and_desk_ask_the_database_as_often_for_thirty_as_for_three(
    make: Makers,
    secretary: Actor,
    branch: int,
    inside: FlaskClient,
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    def both() -> None:
        assert inside.get("/phieu-hop").status_code == 200
        assert inside.get("/").status_code == 200
        assert inside.get("/phieu-bao-lai").status_code == 200

    for n in range(3):
        submit(make, secretary, branch, f"it-{n}-abcdef", date(2026, 8 + n, 3), concerns=(filed(DRAIN),))
    both()
    few = count_queries(both)
    for n in range(27):
        spot = filed(LAMP, resolved_on_spot=True, settled_by="Trưởng thôn", settled_how="Đã thay bóng mới.")
        on = date(2026, 11, 1 + n % 20)
        submit(
            make, secretary, branch, f"nhieu-{n}-abcdef", on, kind="thematic", concerns=(filed(DRAIN), spot)
        )
    assert count_queries(both) == few


def test_the_list_says_whether_the_month_is_done(make: Makers, branch: int, inside: FlaskClient) -> None:
    before = inside.get("/phieu-hop").text
    inside.post(NEW, data=fields())
    after = inside.get("/phieu-hop").text
    ward = reference_on(db.session(), date(2026, 11, 25)).tree.unit(branch).parent_id
    office = make.log_in(make.person(Role.OFFICE, ward)).get("/phieu-hop").text

    assert "tháng 11/2026" in before
    assert "tháng 12/2026" in after
    assert "<b>1</b>/1" in office
