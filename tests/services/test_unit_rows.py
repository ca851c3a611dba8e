import pytest

from tests.conftest import NOW
from tracker.domain.errors import Invalid
from tracker.domain.people import SYSTEM
from tracker.domain.row_previews import State
from tracker.services.unit import unit_of_work
from tracker.services.unit_rows import export_units, import_units, preview_units
from tracker.services.unit_rows import read_rows as read_file

HEAD = "code,name,kind,branch_type,parent,valid_from,valid_to\n"
ROWS = (
    HEAD
    + "24,Tỉnh ủy Bắc Ninh,provincial_committee,,,2025-07-01,\n"
    + "09370,Đảng ủy phường Tam Sơn,party_committee,,24,2025-07-01,\n"
    + "09370-01,Chi bộ thôn Hồi Quan,branch,khu_pho,09370,2025-07-01,\n"
)


def read_rows(text):
    return read_file("units.csv", text.encode())


@pytest.fixture
def unit(app):
    with unit_of_work(app.extensions["tracker"].wiring, actor=SYSTEM, now=NOW) as unit:
        yield unit


def states(text, unit):
    return [one.state for one in preview_units(read_rows(text), unit.session)]


def test_what_is_written_out_reads_back_as_the_same(unit):
    import_units(preview_units(read_rows(ROWS), unit.session), unit=unit)

    assert states(ROWS, unit) == [State.SAME] * 3
    assert {row["code"]: row["parent"] for row in export_units(unit.session)} == {
        "24": "",
        "09370": "24",
        "09370-01": "09370",
    }


def test_a_preview_tells_new_changed_and_same_and_writes_nothing(unit):
    assert states(ROWS, unit) == [State.NEW] * 3
    assert list(export_units(unit.session)) == []

    import_units(preview_units(read_rows(ROWS), unit.session), unit=unit)
    renamed = ROWS.replace("thôn Hồi Quan", "khu phố Hồi Quan")
    assert states(renamed, unit) == [State.SAME, State.SAME, State.CHANGED]


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("branch,", "club,", "Loại"),
        ("khu_pho", "somewhere", "Loại hình"),
        (",09370,2025", ",nowhere,2025", "cấp trên"),
        ("09370,2025-07-01,", "09370,01/07/2025,", "2025-07-01"),
        ("09370,2025-07-01,", "09370,2025-07-01,2025-07-01", "sau ngày bắt đầu"),
        ("Chi bộ thôn Hồi Quan", "", "Thiếu"),
        ("09370-01,Chi bộ thôn Hồi Quan,branch,khu_pho,09370", "09370,Chi bộ,branch,khu_pho,24", "Trùng"),
    ],
)
def test_one_wrong_row_says_why_and_nothing_is_written(unit, old, new, word):
    previews = preview_units(read_rows(ROWS.replace(old, new)), unit.session)

    assert previews[2].state is State.ERROR
    assert word in previews[2].because
    with pytest.raises(Invalid, match="Dòng 4"):
        import_units(previews, unit=unit)
    assert list(export_units(unit.session)) == []


def test_a_missing_column_is_refused():
    with pytest.raises(Invalid, match="valid_to"):
        read_rows("code,name\n1,x\n")
