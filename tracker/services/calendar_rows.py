"""Days of calendars as files: written out, and read back with a preview before anything is changed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy.orm import Session

from tracker.adapters.ics import read_events
from tracker.adapters.tables import check_size, read_table
from tracker.db.reading.calendar import all_entries
from tracker.db.reading.org import org_tree
from tracker.domain.calendar_days import DayChange
from tracker.domain.calendar_rows import (
    OPTIONAL,
    REQUIRED,
    Defaults,
    OwnerCodes,
    change_of,
    completed,
    kind_by_name,
    row_of,
)
from tracker.domain.calendar_years import Entry
from tracker.domain.calendars import Owner
from tracker.domain.dates import local_date
from tracker.domain.errors import Invalid
from tracker.domain.row_previews import Preview, State, to_write
from tracker.services.calendar import check_change, put_day
from tracker.services.reference import touch_reference
from tracker.services.unit import Unit

MOST_ROWS = 2000
"""More days than twenty years of a nation's have; each is checked and written by itself."""

Line = tuple[int, Mapping[str, str], str]
"""Where a row stands in its file, what it says, and why it can't be taken already."""


def read_days(name: str, data: bytes) -> list[Line]:
    """Return the rows of a file of days (.csv, .xlsx or .ics, by its name), one a day.

    Raises Invalid, naming the line where there is one, for a file that can't be read or is too large.
    """
    check_size(data)
    if not name.lower().endswith(".ics"):
        rows = read_table(name, data, REQUIRED, OPTIONAL, MOST_ROWS)
        return [(number, row, "") for number, row in enumerate(rows, start=2)]
    lines: list[Line] = []
    for event in read_events(data):
        row = {"on": "", "kind": str(kind_by_name(event.name)), "name": event.name}
        lines += [(event.line, row, event.because)] if event.because else []
        lines += [(event.line, {**row, "on": on.isoformat()}, "") for on in event.days]
    if len(lines) > MOST_ROWS:
        raise Invalid(f"Tệp có quá {MOST_ROWS} ngày; hãy chia nhỏ.")
    return lines


def export_days(session: Session, on: date) -> Iterator[dict[str, str]]:
    """Yield every day in use of every owner in the day's tree, the nation's first, by date."""
    codes = OwnerCodes(org_tree(session, on))
    for entry in all_entries(session):
        owner = codes.codes(entry.owner)
        if entry.is_active and owner is not None:
            yield row_of(entry, owner)


def preview_days(lines: Iterable[Line], defaults: Defaults, session: Session, on: date) -> list[Preview]:
    """Return what each row would do; reads only. A day is known by its owner and date."""
    codes = OwnerCodes(org_tree(session, on))
    known = {(entry.owner, entry.on): entry for entry in all_entries(session)}
    seen: set[tuple[Owner, date]] = set()
    found = []
    for number, row, because in lines:
        whole = completed(row, defaults, codes)
        try:
            if because:
                raise Invalid(because)
            change = change_of(whole, codes)
            check_change(change)
            if (key := (change.owner, change.on)) in seen:
                raise Invalid("Trùng với một dòng ở trên.")
            seen.add(key)
            found.append(Preview(number, _state(whole, known.get(key), codes), whole))
        except Invalid as invalid:
            found.append(Preview(number, State.ERROR, whole, invalid.sentence))
    return found


def import_days(previews: Iterable[Preview], *, unit: Unit) -> int:
    """Write the new and changed rows; return how many; flushes.

    Raises Invalid, naming the first line, when any row is wrong: then nothing is written.
    """
    wanted = to_write(previews)
    touch_reference(unit.session)  # its row lock makes all changes of rules wait for each other
    codes = OwnerCodes(org_tree(unit.session, local_date(unit.now)))
    ids = {(entry.owner, entry.on): entry.row_id for entry in all_entries(unit.session)}
    for one in wanted:
        change: DayChange = change_of(one.row, codes)
        put_day(change, ids.get((change.owner, change.on)), unit=unit)
    return len(wanted)


def _state(row: Mapping[str, str], entry: Entry | None, codes: OwnerCodes) -> State:
    if entry is None:
        return State.NEW
    same = entry.is_active and row_of(entry, codes.codes(entry.owner) or {}) == dict(row)
    return State.SAME if same else State.CHANGED
