"""What comes due, what climbed and why, and the dry run: by reach, in constant queries, writing nothing."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.conftest import NOW, SettableClock
from tests.late import Late
from tests.makers import Makers
from tracker.db.base import db
from tracker.db.tables.audit import AuditRow
from tracker.db.tables.clocks import Escalation
from tracker.db.tables.notices import Notice
from tracker.db.tables.runtime import Heartbeat
from tracker.db.tables.tickets import TicketEvent
from tracker.domain.dates import ZONE
from tracker.domain.people import Role
from tracker.services.escalation import sweep

SOON = datetime(2026, 11, 27, 17, 0, tzinfo=ZONE)


def test_what_comes_due_stands_under_its_day_and_in_the_grid(make: Makers) -> None:
    late = Late(make)
    late.tickets(2, due_at=SOON)
    late.tickets(due_at=SOON + timedelta(days=60))
    page = make.log_in(late.office).get("/sap-den-han").text
    assert "Thứ sáu, 27/11/2026" in page
    assert "TAS-2026-0002" in page
    assert "TAS-2026-0003" not in page
    assert "<strong>2</strong> việc" in page


def test_the_secretary_sees_restricted_ones_that_the_office_does_not(make: Makers) -> None:
    late = Late(make)
    late.tickets(due_at=SOON, is_restricted=True)
    assert "TAS-2026-0001" in make.log_in(late.secretary).get("/sap-den-han").text
    for person in (late.office, late.standing, late.member):
        page = make.log_in(person).get("/sap-den-han").text
        assert "TAS-2026-0001" not in page
        assert "<strong>1</strong> việc" not in page


def test_another_body_sees_nothing_of_it(make: Makers) -> None:
    late = Late(make)
    late.tickets(due_at=SOON)
    sweep(make.wiring, NOW)
    other = make.person(Role.OFFICIAL, make.body("UBND_VHXH", late.ward, "Phòng Văn hóa"))
    for page in ("/sap-den-han", "/da-don-doc"):
        assert "TAS-2026-0001" not in make.log_in(other).get(page).text


def test_more_rows_cost_no_more_queries(make: Makers, count_queries) -> None:
    late = Late(make)
    late.tickets(due_at=SOON)
    late.tickets()
    sweep(make.wiring, NOW)
    browser = make.log_in(late.office)
    pages = ("/sap-den-han", "/da-don-doc")
    for page in pages:
        browser.get(page)  # the rules are read once
    few = [count_queries(lambda page=page: browser.get(page)) for page in pages]
    late.tickets(15, due_at=SOON)
    late.tickets(3)
    sweep(make.wiring, NOW)
    assert [count_queries(lambda page=page: browser.get(page)) for page in pages] == few


def test_a_chosen_day_and_clock_narrow_the_list(make: Makers) -> None:
    late = Late(make)
    late.tickets(due_at=SOON)
    browser = make.log_in(late.office)
    assert "TAS-2026-0001" in browser.get("/sap-den-han?ngay=2026-11-27&kind=answer").text
    assert "TAS-2026-0001" not in browser.get("/sap-den-han?ngay=2026-11-26").text
    assert "TAS-2026-0001" not in browser.get("/sap-den-han?kind=route").text


def test_what_climbed_is_told_with_its_level_and_reason(make: Makers) -> None:
    late = Late(make)
    late.tickets()
    sweep(make.wiring, NOW)
    browser = make.log_in(late.office)
    page = browser.get("/da-don-doc").text
    assert db.session.scalars(select(Escalation.because)).first() in page
    assert "Tới:" in page
    assert "Trưởng đơn vị" in page or "Thường trực" in page
    assert "TAS-2026-0001" not in browser.get("/da-don-doc?tu=01/10/2026&den=02/10/2026").text


def written() -> list[int]:
    tables = (Escalation, TicketEvent, Notice, AuditRow, Heartbeat)
    return [db.session.scalar(select(func.count()).select_from(one)) or 0 for one in tables]


def test_a_dry_run_tells_what_would_climb_and_writes_nothing(make: Makers) -> None:
    late = Late(make)
    late.tickets()
    browser = make.log_in(late.standing)
    before = written()
    page = browser.get("/don-doc-thu?ngay=30/11/2026").text
    assert "TAS-2026-0001" in page
    assert "30/11/2026" in page
    assert "báo Thường trực cấp ủy" in page
    assert written() == before
    sweep(make.wiring, NOW)
    assert written() != before


def test_a_dry_run_hides_what_the_reader_may_not_read(make: Makers) -> None:
    late = Late(make)
    late.tickets(is_restricted=True)
    page = make.log_in(late.office).get("/don-doc-thu").text
    assert "TAS-2026-0001" not in page
    assert "Không có bậc nào phải đôn đốc." in page
    page = make.log_in(make.person(Role.ADMINISTRATOR, late.province)).get("/don-doc-thu").text
    assert "TAS-2026-0001" not in page
    assert "Ngoài phạm vi xem" in page
    assert make.log_in(late.official).get("/don-doc-thu").status_code == 403


def test_a_holiday_is_named_and_a_common_day_off_is_not_said_twice(
    make: Makers, clock: SettableClock
) -> None:
    clock.now = datetime(2026, 12, 21, 9, 0, tzinfo=ZONE)
    late = Late(make)
    page = make.log_in(late.office).get("/sap-den-han").text
    assert "Tết Dương lịch" in page
    assert "Chủ nhật, nghỉ" not in page


@pytest.mark.parametrize(
    ("address", "typed", "says"),
    [
        ("/sap-den-han?ngay=31/11/2026", "31/11/2026", "không phải ngày có thật"),
        ("/sap-den-han?ngay=30/12/2026", "30/12/2026", "Chọn ngày không sau 08/12/2026"),
        ("/sap-den-han?ngay=24/11/2026", "24/11/2026", "Chọn từ ngày 25/11/2026 trở đi"),
        ("/da-don-doc?tu=hom-qua&den=20/11/2026", "hom-qua", "không phải ngày có thật"),
        ("/da-don-doc?den=1/13/2026", "1/13/2026", "không phải ngày có thật"),
        ("/da-don-doc?tu=21/11/2026&den=20/11/2026", "21/11/2026", "Chọn ngày không sau 20/11/2026"),
        ("/don-doc-thu?ngay=25-11", "25-11", "không phải ngày có thật"),
        ("/don-doc-thu?ngay=01/01/2030", "01/01/2030", "Chọn ngày không sau 24/01/2027"),
    ],
)
def test_a_mistyped_day_is_told_beside_its_box_and_kept(
    make: Makers, address: str, typed: str, says: str
) -> None:
    late = Late(make)
    answer = make.log_in(late.office).get(address)
    box = next(one for one in re.findall(r"<input[^>]*>", answer.text) if f'value="{typed}"' in one)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in box
    (error_id,) = re.findall(r'aria-describedby="(?:\S+ )?(\S+-error)"', box)
    assert says in answer.text.partition(f'id="{error_id}"')[2].partition("</p>")[0]
    assert "<title>Lỗi: " in answer.text


@pytest.mark.parametrize(
    "address", ["/sap-den-han?ngay=2026-11-27", "/da-don-doc?tu=1/11/2026", "/don-doc-thu"]
)
def test_a_day_that_can_be_read_is_no_error(make: Makers, address: str) -> None:
    answer = make.log_in(Late(make).office).get(address)

    assert answer.status_code == 200
    assert "aria-invalid" not in answer.text


def test_each_week_of_the_grid_is_named_by_a_row_header(make: Makers) -> None:
    page = make.log_in(Late(make).office).get("/sap-den-han").text
    grid = page.partition("Lịch 14 ngày")[2].partition("</table>")[0]

    assert re.findall(r'<th scope="row"[^>]*>([^<]+)</th>', grid) == [
        "23/11 – 29/11",
        "30/11 – 06/12",
        "07/12 – 13/12",
    ]
