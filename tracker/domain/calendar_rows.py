"""The days of calendars as rows of a file: what a row says, or why it can't be taken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.calendar import DayKind
from tracker.domain.calendar_days import BASIS_WORDS, DayChange
from tracker.domain.calendar_years import Entry
from tracker.domain.calendars import NATION, Owner
from tracker.domain.errors import Invalid
from tracker.domain.evidence import Tag
from tracker.domain.org import OrgTree
from tracker.domain.text import fold

REQUIRED = ("on", "kind", "name")
OPTIONAL = ("hours", "basis", "source", "tag", "unit", "body")
COLUMNS = (*REQUIRED, *OPTIONAL)
"""``unit``: the unit's code; with ``body``, that of the body's committee. Both empty: the nation's day."""

_LENGTHS = {"name": 200, "hours": 100, "source": 1000}
_WORKING_WORDS = ("lam bu", "di lam", "ngay lam viec")
_HALF_WORDS = ("nua buoi", "nua ngay", "buoi sang", "buoi chieu")


@dataclass(frozen=True)
class Defaults:
    """What holds for rows that say nothing of it: whose day, how well it is known, and where it comes from."""

    source: str
    basis: str = "assumed"
    tag: str = Tag.SECONDARY
    owner: Owner = NATION


@dataclass(frozen=True)
class OwnerCodes:
    """The codes by which rows name units and bodies on one day."""

    tree: OrgTree

    def owner(self, unit: str, body: str) -> Owner:
        """Return whose row it is; raise Invalid for a code that nobody has."""
        unit_id = next((one.id for one in self.tree.units.values() if one.code == unit), None)
        if unit and unit_id is None:
            raise Invalid(f"Không có đơn vị mang mã “{unit[:40]}”.")
        if not body:
            return Owner(unit_id=unit_id)
        for one in self.tree.bodies.values():
            if (one.code, one.committee_id) == (body, unit_id):
                return Owner(body_id=one.id)
        where = f"của đơn vị “{unit[:40]}”" if unit else "dùng chung"
        raise Invalid(f"Không có đơn vị xử lý {where} mang mã “{body[:40]}”.")

    def codes(self, owner: Owner) -> dict[str, str] | None:
        """Return the owner's columns; None for one that is no longer there."""
        if owner.body_id is not None:
            body = self.tree.bodies.get(owner.body_id)
            unit = self.tree.units.get(body.committee_id or 0) if body else None
            return {"unit": unit.code if unit else "", "body": body.code} if body else None
        if owner.unit_id is not None:
            found = self.tree.units.get(owner.unit_id)
            return {"unit": found.code, "body": ""} if found else None
        return {"unit": "", "body": ""}


def row_of(entry: Entry, codes: Mapping[str, str]) -> dict[str, str]:
    """Return the day as a row, its owner by the codes given."""
    return {
        "on": entry.on.isoformat(),
        "kind": str(entry.kind),
        "name": entry.name,
        "hours": entry.hours,
        "basis": entry.basis,
        "source": entry.source,
        "tag": entry.tag,
        **codes,
    }


def completed(row: Mapping[str, str], defaults: Defaults, codes: OwnerCodes) -> dict[str, str]:
    """Return the row with the defaults where it says nothing, and its date as yyyy-mm-dd where it is one."""
    owner = {name: row.get(name, "") for name in ("unit", "body")}
    if not any(owner.values()):
        owner = codes.codes(defaults.owner) or owner
    known = {"basis": defaults.basis, "source": defaults.source, "tag": str(defaults.tag)}
    filled = {name: row.get(name, "") or value for name, value in known.items()}
    on = _day(row.get("on", ""))
    return {**{name: row.get(name, "") for name in COLUMNS}, **filled, **owner} | (
        {"on": on.isoformat()} if on else {}
    )


def change_of(row: Mapping[str, str], codes: OwnerCodes) -> DayChange:
    """Return the day that a completed row says; raise Invalid with the reason when it says none."""
    on = _day(row["on"])
    if on is None:
        raise Invalid(f"Ngày “{row['on'][:40]}” phải viết như 2026-09-02 hoặc 02/09/2026.")
    _one_of("Loại", row["kind"], DayKind)
    _one_of("Căn cứ", row["basis"], BASIS_WORDS)
    _one_of("Mức tin cậy", row["tag"], Tag)
    for name, words in (("name", "tên ngày"), ("source", "nguồn")):
        if not row[name]:
            raise Invalid(f"Thiếu {words}.")
    for name, most in _LENGTHS.items():
        if len(row[name]) > most:
            raise Invalid(f"Cột {name} dài quá {most} ký tự.")
    return DayChange(
        on,
        DayKind(row["kind"]),
        row["name"],
        row["hours"],
        row["basis"],
        row["source"],
        row["tag"],
        owner=codes.owner(row["unit"], row["body"]),
    )


def kind_by_name(name: str) -> DayKind:
    """Return what kind of day an event's name speaks of: a make-up day, half a day, else a day off."""
    folded = fold(name)
    if any(words in folded for words in _WORKING_WORDS):
        return DayKind.MAKEUP
    return DayKind.HALF if any(words in folded for words in _HALF_WORDS) else DayKind.HOLIDAY


def _one_of(what: str, value: str, known: Iterable[str]) -> None:
    if value not in set(known):
        raise Invalid(f"{what} “{value[:40]}” không có; chọn: {', '.join(known)}.")


def _day(text: str) -> date | None:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day, no instant
        except ValueError:
            continue
    return None
