"""Rows that come and go on a sheet: numbered again after each change, so that ids and positions agree."""

import re
from collections.abc import Iterable, Sequence

from werkzeug.datastructures import MultiDict

from tracker.domain.errors import Invalid

MOST_ROWS = 400
"""Far more rows than any sheet takes: so many are shown again as typed, more are refused before they cost anything."""


def renumber(data: MultiDict[str, str], lists: Iterable[str], without: str = "") -> MultiDict[str, str]:
    """Return the fields with the rows of each list numbered 0, 1, 2… in their order.

    ``without`` names one row to leave out, such as "concerns-3". Raises Invalid for more rows than ``MOST_ROWS``.
    """
    fields = MultiDict(data)
    for name in lists:
        rows: dict[int, list[str]] = {}
        for key in data:
            found = re.fullmatch(rf"{name}-(\d{{1,6}})-\w+", key, re.ASCII)
            if found:
                rows.setdefault(int(found[1]), []).append(key)
            elif key.startswith(name):
                # WTForms would take "concerns-²-x" for a row and fail, and any number of rows beyond six digits.
                fields.poplist(key)
        for keys in rows.values():
            for key in keys:
                fields.poplist(key)
        kept = [row for row in sorted(rows) if f"{name}-{row}" != without]
        if len(kept) > MOST_ROWS:
            raise Invalid(
                f"Phiếu này có {len(kept)} dòng ở một phần, nhiều hơn phần mềm đọc được; chưa gửi gì cả."
            )
        for position, row in enumerate(kept):
            for key in rows[row]:
                fields.setlist(f"{name}-{position}-{key.rsplit('-', 1)[1]}", data.getlist(key))
    return fields


def with_rows_after(
    data: MultiDict[str, str], name: str, at: int, field: str, texts: Sequence[str]
) -> MultiDict[str, str]:
    """Return the fields with the row's ``field`` set to the first text and a copy of the row after it for each other.

    The copies keep what else was chosen in the row. Expects rows numbered 0, 1, 2… (see ``renumber``).
    """
    fields: MultiDict[str, str] = MultiDict()
    for key, value in data.items(multi=True):
        row = re.fullmatch(rf"{name}-(\d+)-(\w+)", key, re.ASCII)
        if row is None or int(row[1]) < at:
            fields.add(key, value)
            continue
        number = int(row[1])
        if number > at:
            fields.add(f"{name}-{number + len(texts) - 1}-{row[2]}", value)
            continue
        for step, text in enumerate(texts):
            fields.add(f"{name}-{at + step}-{row[2]}", text if row[2] == field else value)
    return fields


def drop_blank(data: MultiDict[str, str], name: str) -> MultiDict[str, str]:
    """Return the fields without the rows of the list in which nothing was typed, numbered again."""
    rows = {key.split("-")[1] for key in data if re.fullmatch(rf"{name}-\d{{1,6}}-\w+", key, re.ASCII)}
    filled = {
        key.split("-")[1]
        for key in data
        if key.startswith(f"{name}-") and any(v.strip() for v in data.getlist(key))
    }
    kept = MultiDict(
        (key, value)
        for key, value in data.items(multi=True)
        if not (key.startswith(f"{name}-") and key.split("-")[1] in rows - filled)
    )
    return renumber(kept, [name])
