"""Tables of words in files: CSV and Excel (.xlsx), bounded in size, read as text and written as text.

What reads Excel is loaded with the first such file: it would take each process 8 MB and a fifth of a second.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tracker.domain.errors import Invalid
from tracker.domain.text import tidy

MOST_BYTES = 4 * 1024 * 1024
MOST_UNPACKED = 10 * MOST_BYTES
"""A packed file may not grow beyond this: a small one can be made to fill the memory."""
MOST_ROWS = 20_000

Rows = list[dict[str, str]]


def is_xlsx(name: str) -> bool:
    """Return whether the file's name says that it is an Excel workbook."""
    return name.lower().endswith(".xlsx")


def read_table(
    name: str, data: bytes, required: Sequence[str], optional: Sequence[str] = (), most: int = MOST_ROWS
) -> Rows:
    """Return the rows as tidied text by the names of the columns, the first being row 2 of the file.

    Blank rows at the end are left out; others are kept, so that rows can be counted. Raises Invalid for a file
    that is too large or can't be read, and when a column is missing or unknown.
    """
    check_size(data)
    table = _xlsx(data) if is_xlsx(name) else _csv(data)
    heads = _heads(next(table, []), required, optional)
    rows: Rows = []
    for number, cells in enumerate(table, start=2):
        if number > most + 1:
            raise Invalid(f"Tệp có quá {most} dòng; hãy chia nhỏ.")
        if any(cells[len(heads) :]):
            raise Invalid(f"Dòng {number} có nhiều ô hơn số cột; xem lại dấu phẩy và dấu nháy.")
        words = zip(heads, map(tidy, cells), strict=False)
        rows.append(dict.fromkeys([*required, *optional], "") | dict(words))
    while rows and not any(rows[-1].values()):
        rows.pop()
    return rows


def _heads(cells: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> list[str]:
    heads = [tidy(cell) for cell in cells]
    while heads and not heads[-1]:
        heads.pop()
    whole = set(required) <= set(heads) <= {*required, *optional}
    if not whole or len(set(heads)) != len(heads):
        more = f"; có thể thêm: {', '.join(optional)}" if optional else ""
        raise Invalid(f"Tệp phải có đúng các cột: {', '.join(required)}{more}.")
    return heads


def check_size(data: bytes) -> None:
    """Raise Invalid for a file that is larger than any of these tables."""
    if len(data) > MOST_BYTES:
        raise Invalid(f"Tệp lớn quá {MOST_BYTES // 1024 // 1024} MB.")


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return the rows as CSV with a heading."""
    page = io.StringIO()
    writer = csv.DictWriter(page, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return page.getvalue()


def table_file(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return the rows as the file that its name says: an Excel workbook, or CSV."""
    if not is_xlsx(name):
        return csv_text(columns, rows).encode()
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("rows")
    sheet.append(columns)
    for row in rows:
        sheet.append([_text_cell(sheet, row[column]) for column in columns])
    page = io.BytesIO()
    book.save(page)
    return page.getvalue()


def _text_cell(sheet: Any, text: str) -> Any:
    """Return a cell that is text whatever it begins with: "=" would make it a formula."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _csv(data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("Tệp không phải văn bản UTF-8.") from error
    try:
        yield from csv.reader(io.StringIO(text), strict=True)
    except csv.Error as error:
        raise Invalid(f"Tệp CSV không đọc được: {error}.") from error


def _xlsx(data: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise Invalid("Tệp Excel mở ra quá lớn.")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=50, values_only=True):
            yield [_words(value) for value in row]
        book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError) as error:
        raise Invalid("Tệp Excel không đọc được; hãy lưu lại thành .xlsx hoặc .csv.") from error


def _words(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
