"""Units as rows of a table: written out, and read back with a preview before anything is changed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from tracker.adapters.tables import read_table
from tracker.db.tables.org import Unit as UnitRow
from tracker.db.tables.org import UnitVersion
from tracker.domain.org import BranchType, UnitKind
from tracker.domain.row_previews import Preview, State, to_write
from tracker.services.following import follow_branches
from tracker.services.reference import touch_reference
from tracker.services.unit import Unit

COLUMNS = ("code", "name", "kind", "branch_type", "parent", "valid_from", "valid_to")


def export_units(session: Session) -> Iterator[dict[str, str]]:
    """Yield every version of every unit, parents named by their code of that day, in a steady order."""
    parent = aliased(UnitVersion)
    rows = session.execute(
        select(UnitVersion, parent.code)
        .outerjoin(
            parent,
            (parent.unit_id == UnitVersion.parent_id)
            & (parent.valid_from <= UnitVersion.valid_from)
            & (parent.valid_to.is_(None) | (parent.valid_to > UnitVersion.valid_from)),
        )
        .order_by(UnitVersion.code, UnitVersion.valid_from)
    )
    for version, parent_code in rows:
        yield {
            "code": version.code,
            "name": version.name,
            "kind": version.kind,
            "branch_type": version.branch_type or "",
            "parent": parent_code or "",
            "valid_from": version.valid_from.isoformat(),
            "valid_to": version.valid_to.isoformat() if version.valid_to else "",
        }


def read_rows(name: str, data: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV or Excel file, tidied; raise Invalid when a column is missing or unknown."""
    return read_table(name, data, COLUMNS)


def preview_units(rows: Iterable[Mapping[str, str]], session: Session) -> list[Preview]:
    """Return what each row would do; reads only. A version is known by its code and first day."""
    listed = list(rows)
    known = {(row["code"], row["valid_from"]): row for row in export_units(session)}
    codes = {code for code, _ in known} | {row["code"] for row in listed}
    seen: set[tuple[str, str]] = set()
    found = []
    for line, row in enumerate(listed, start=2):
        key = (row["code"], row["valid_from"])
        because = _wrong(row, codes) or ("Trùng với một dòng ở trên." if key in seen else "")
        seen.add(key)
        old = known.get(key)
        state = State.NEW if old is None else State.SAME if old == dict(row) else State.CHANGED
        found.append(Preview(line, State.ERROR if because else state, row, because))
    return found


def _wrong(row: Mapping[str, str], codes: set[str]) -> str:
    """Return why the row can't be taken, in one sentence; empty when it can."""
    if not row["code"] or not row["name"]:
        return "Thiếu mã hoặc tên."
    if row["kind"] not in set(UnitKind):
        return f"Loại “{row['kind']}” không có; chọn: {', '.join(UnitKind)}."
    if row["branch_type"] and row["branch_type"] not in set(BranchType):
        return f"Loại hình chi bộ “{row['branch_type']}” không có; chọn: {', '.join(BranchType)}."
    if row["parent"] and (row["parent"] not in codes or row["parent"] == row["code"]):
        return f"Không có đơn vị cấp trên mang mã “{row['parent']}”."
    return _wrong_days(row)


def _wrong_days(row: Mapping[str, str]) -> str:
    try:
        begins = date.fromisoformat(row["valid_from"])
        ends = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    except ValueError:
        return "Ngày phải viết như 2025-07-01."
    if ends and ends <= begins:
        return "Ngày hết hiệu lực phải sau ngày bắt đầu."
    return ""


def import_units(previews: Iterable[Preview], *, unit: Unit) -> int:
    """Write the new and changed rows; return how many; flushes.

    Raises Invalid, naming the first line, when any row is wrong: then nothing is written.
    """
    wanted = to_write(previews)
    ids = _ids(unit.session, [one.row["code"] for one in wanted])
    for one in wanted:
        _write(one, ids, unit)
    if wanted:
        touch_reference(unit.session)
        follow_branches(unit=unit, branch_ids=[ids[one.row["code"]] for one in wanted])
    return len(wanted)


def _ids(session: Session, codes: Iterable[str]) -> dict[str, int]:
    """Return code → internal id of every known unit, with new ids for the codes that have none."""
    ids = {code: unit_id for code, unit_id in session.execute(select(UnitVersion.code, UnitVersion.unit_id))}
    for code in dict.fromkeys(codes):
        if code not in ids:
            made = UnitRow()
            session.add(made)
            session.flush()
            ids[code] = made.id
    return ids


def _write(one: Preview, ids: Mapping[str, int], unit: Unit) -> None:
    row = one.row
    begins = date.fromisoformat(row["valid_from"])
    unit_id = ids[row["code"]]
    version = unit.session.scalar(
        select(UnitVersion).where(UnitVersion.unit_id == unit_id, UnitVersion.valid_from == begins)
    )
    if version is None:
        version = UnitVersion(unit_id=unit_id, valid_from=begins)
        unit.session.add(version)
    version.code, version.name, version.kind = row["code"], row["name"], row["kind"]
    version.branch_type = row["branch_type"] or None
    version.parent_id = ids[row["parent"]] if row["parent"] else None
    version.valid_to = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    unit.session.flush()
    unit.record("unit", unit_id, "imported", state=str(one.state), valid_from=row["valid_from"])
