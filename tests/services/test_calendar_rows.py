"""Days as files: written out and read back, previewed row by row; one wrong row, and nothing is written."""

from datetime import date

import pytest

from tests.conftest import NOW
from tests.makers import Makers
from tracker.adapters.tables import table_file
from tracker.domain.calendar import DayKind
from tracker.domain.calendar_rows import COLUMNS, Defaults
from tracker.domain.calendars import Owner
from tracker.domain.errors import Invalid
from tracker.domain.people import SYSTEM
from tracker.domain.row_previews import Preview, State
from tracker.services.calendar import drop_day, row_id_of
from tracker.services.calendar_rows import MOST_ROWS, export_days, import_days, preview_days, read_days
from tracker.services.reference import reference_on
from tracker.services.unit import Unit, unit_of_work

TODAY = date(2026, 11, 25)
ON = date(2027, 6, 1)
HEAD = "on,kind,name\n"
GOOD = HEAD + "01/06/2027,holiday,Ngày hội\n2027-06-05,makeup,Làm bù cho 01/06\n"


@pytest.fixture
def unit(make: Makers):
    _, ward, _ = make.ward()
    make.body("DD", ward)
    make.body("DL", None)
    with unit_of_work(make.wiring, actor=SYSTEM, now=NOW) as unit:
        yield unit


def previews(text: str | bytes, unit: Unit, name: str = "lich.csv", **defaults) -> list[Preview]:
    data = text if isinstance(text, bytes) else text.encode()
    return preview_days(
        read_days(name, data), Defaults(**{"source": "Thông báo 1", **defaults}), unit.session, TODAY
    )


def states(text: str | bytes, unit: Unit, name: str = "lich.csv") -> list[State]:
    return [one.state for one in previews(text, unit, name)]


@pytest.mark.parametrize("name", ["lich.csv", "lich.xlsx"])
def test_what_is_written_out_reads_back_as_the_same(unit: Unit, name: str) -> None:
    import_days(
        previews(
            HEAD.strip()
            + ",unit,body\n2027-06-01,holiday,Hội,09370,DD\n2027-06-01,half,Hội,,DL\n2027-06-01,half,Hội,09370,\n",
            unit,
        ),
        unit=unit,
    )
    rows = list(export_days(unit.session, TODAY))

    assert len(rows) > 90
    assert [(row["unit"], row["body"]) for row in rows[-3:]] == [("09370", "DD"), ("", "DL"), ("09370", "")]
    assert set(states(table_file(name, COLUMNS, rows), unit, name)) == {State.SAME}


def test_a_preview_tells_new_changed_and_same_and_writes_nothing(unit: Unit) -> None:
    assert states(GOOD, unit) == [State.NEW, State.NEW]
    assert row_id_of(unit.session, ON) is None

    assert import_days(previews(GOOD, unit), unit=unit) == 2
    assert states(GOOD.replace("Ngày hội", "Ngày hội làng"), unit) == [State.CHANGED, State.SAME]
    assert import_days(previews(GOOD, unit), unit=unit) == 0
    calendar = reference_on(unit.session, TODAY).calendar
    assert [calendar.day(on).is_open for on in (ON, date(2027, 6, 5))] == [False, True]


def test_a_day_that_was_dropped_is_taken_up_again(unit: Unit) -> None:
    import_days(previews(GOOD, unit), unit=unit)
    drop_day(row_id_of(unit.session, ON), None, unit=unit)

    assert states(GOOD, unit) == [State.CHANGED, State.SAME]
    import_days(previews(GOOD, unit), unit=unit)
    assert not reference_on(unit.session, TODAY).calendar.day(ON).is_open


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("01-06-2027,holiday,x", "Ngày “01-06-2027” phải viết như"),
        ("2027-02-30,holiday,x", "phải viết như"),
        ("9999-01-01,holiday,x", "1945–2199"),
        ("2027-06-01,feast,x", "Loại “feast” không có"),
        ("2027-06-01,holiday,", "Thiếu tên ngày"),
        ("2027-06-01,holiday," + "x" * 201, "dài quá 200"),
        ("2027-06-01,holiday,x,07:30-11:30", "không thể có giờ làm việc"),
        ("2027-06-01,half,x,07:30-11:30 11:00-12:00", "trùng nhau"),
        ("2027-06-01,half,x,sáng", "không đọc được"),
        ("2027-06-01,holiday,x,,guessed", "Căn cứ “guessed” không có"),
        ("2027-06-01,holiday,x,,decided,QĐ,Z", "Mức tin cậy “Z” không có"),
        ("2027-06-01,holiday,x,,decided,QĐ,S,nowhere", "Không có đơn vị mang mã “nowhere”"),
        (
            "2027-06-01,holiday,x,,decided,QĐ,S,09370,XX",
            "Không có đơn vị xử lý của đơn vị “09370” mang mã “XX”",
        ),
        ("2027-06-01,holiday,x,,decided,QĐ,S,,DD", "Không có đơn vị xử lý dùng chung mang mã “DD”"),
        ("2027-06-05,holiday,x", "Trùng với một dòng ở trên"),
    ],
)
def test_one_wrong_row_says_why_and_nothing_is_written(unit: Unit, row: str, word: str) -> None:
    text = ",".join(COLUMNS) + "\n2027-06-05,makeup,Làm bù\n" + row + "\n2027-06-07,holiday,Sau\n"
    found = previews(text, unit)

    assert [one.state for one in found] == [State.NEW, State.ERROR, State.NEW]
    assert word in found[1].because
    with pytest.raises(Invalid, match=r"Dòng 3: .* Chưa ghi gì cả"):
        import_days(found, unit=unit)
    assert row_id_of(unit.session, date(2027, 6, 5)) is None


def test_rows_that_say_nothing_of_it_take_the_defaults_also_whose_they_are(unit: Unit) -> None:
    land = next(one.id for one in reference_on(unit.session, TODAY).tree.bodies.values() if one.code == "DD")
    found = previews(GOOD, unit, owner=Owner(body_id=land), basis="decided", tag="S")
    import_days(found, unit=unit)

    assert {(one.row["unit"], one.row["body"], one.row["source"]) for one in found} == {
        ("09370", "DD", "Thông báo 1")
    }
    calendars = reference_on(unit.session, TODAY).calendars
    assert [calendars.of_body(land).day(ON).is_open, calendars.national.day(ON).is_open] == [False, True]


def ics(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}END:VCALENDAR\n".encode()


def test_an_ics_is_read_as_one_row_a_day_its_kind_by_its_name(unit: Unit) -> None:
    data = ics(
        "DTSTART;VALUE=DATE:20270601\nDTEND;VALUE=DATE:20270603\nSUMMARY:Nghỉ lễ",
        "DTSTART;VALUE=DATE:20270605\nSUMMARY:Đi làm bù ngày 01/06",
        "DTSTART;VALUE=DATE:20270607\nSUMMARY:Nghỉ buổi chiều",
    )
    found = previews(data, unit, "nghi-le.ics")

    assert [(one.row["on"], one.row["kind"]) for one in found] == [
        ("2027-06-01", DayKind.HOLIDAY),
        ("2027-06-02", DayKind.HOLIDAY),
        ("2027-06-05", DayKind.MAKEUP),
        ("2027-06-07", DayKind.HALF),
    ]
    assert [one.line for one in found] == [4, 4, 9, 13]
    assert import_days(found, unit=unit) == 4


def test_an_event_that_is_no_day_keeps_the_whole_ics_out(unit: Unit) -> None:
    data = ics("DTSTART;VALUE=DATE:20270601\nSUMMARY:Nghỉ lễ", "DTSTART:20270602T080000Z\nSUMMARY:Họp")
    with pytest.raises(Invalid, match="Dòng 8: Sự kiện phải là cả ngày"):
        import_days(previews(data, unit, "x.ics"), unit=unit)
    assert row_id_of(unit.session, ON) is None


def test_too_many_days_are_refused() -> None:
    many = ics(*("DTSTART;VALUE=DATE:20270601\nDURATION:P60D\nSUMMARY:x" for _ in range(MOST_ROWS // 60 + 1)))
    with pytest.raises(Invalid, match="quá 2000 ngày"):
        read_days("x.ics", many)
    with pytest.raises(Invalid, match="quá 2000 dòng"):
        read_days("x.csv", (HEAD + "2027-06-01,holiday,x\n" * (MOST_ROWS + 1)).encode())


def test_a_preview_asks_the_database_as_often_for_many_rows_as_for_few(unit: Unit, count_queries) -> None:
    few = count_queries(lambda: previews(GOOD, unit))
    many = HEAD + "".join(f"2040-01-{number:02},holiday,x\n" for number in range(1, 31))
    assert count_queries(lambda: previews(many, unit)) == few
