"""Tables in files: CSV and Excel say the same, and neither can be too large, too wide or something else."""

import io
import zipfile

import pytest
from openpyxl import load_workbook

from tracker.adapters.tables import MOST_BYTES, MOST_UNPACKED, csv_text, read_table, table_file
from tracker.domain.errors import Invalid

COLUMNS = ("on", "name")
ROWS = [{"on": "2027-01-01", "name": "Tết Dương lịch"}, {"on": "2027-09-02", "name": "=1+1"}]


@pytest.mark.parametrize("name", ["lich.csv", "lich.XLSX"])
def test_what_is_written_reads_back_as_the_same(name: str) -> None:
    assert read_table(name, table_file(name, COLUMNS, ROWS), COLUMNS) == ROWS


def test_a_cell_that_begins_like_a_formula_is_text() -> None:
    book = load_workbook(io.BytesIO(table_file("x.xlsx", COLUMNS, ROWS)))
    assert book.worksheets[0]["B3"].data_type == "s"


def test_a_date_cell_is_read_as_its_day() -> None:
    from datetime import datetime

    from openpyxl import Workbook

    book, page = Workbook(), io.BytesIO()
    book.active.append(["on", "name", None])
    book.active.append([datetime(2027, 9, 2), 5])  # noqa: DTZ001 - Excel's dates have no zone
    book.save(page)
    assert read_table("x.xlsx", page.getvalue(), COLUMNS) == [{"on": "2027-09-02", "name": "5"}]


def test_optional_columns_may_be_missing_and_blank_rows_at_the_end_are_left_out() -> None:
    found = read_table("x.csv", b"\xef\xbb\xbfname,on\nA , 1\n,\n\n", COLUMNS, ("more",))
    assert found == [{"on": "1", "name": "A", "more": ""}]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "các cột: on, name"),
        (b"on\n1\n", "các cột: on, name"),
        (b"on,name,other\n", "các cột: on, name"),
        (b"on,on,name\n", "các cột: on, name"),
        (b"on,name\n1,a,b\n", "Dòng 2"),
        (b"on,name\n\xff\n", "UTF-8"),
        (b'on,name\n"1,a\n', "CSV không đọc được"),
        (b"on,name\n" + b"1,a\n" * 4, "quá 3 dòng"),
        (b"on,name\n" + b"x" * MOST_BYTES, "lớn quá 4 MB"),
    ],
)
def test_a_csv_that_cannot_be_taken_says_why(data: bytes, word: str) -> None:
    with pytest.raises(Invalid, match=word):
        read_table("x.csv", data, COLUMNS, most=3)


def _packed(size: int) -> bytes:
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return page.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"on,name\n", "Excel không đọc được"),
        (_packed(10), "không đọc được"),
        (_packed(MOST_UNPACKED + 1), "quá lớn"),
    ],
)
def test_a_workbook_that_cannot_be_taken_says_why(data: bytes, word: str) -> None:
    with pytest.raises(Invalid, match=word):
        read_table("x.xlsx", data, COLUMNS)


def test_csv_text_has_a_heading() -> None:
    assert csv_text(COLUMNS, ROWS).splitlines()[0] == "on,name"
