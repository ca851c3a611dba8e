"""Versions of one thing in time: half-open periods that never overlap. What was in force is ended, not rewritten."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.domain.dates import date_words
from tracker.domain.errors import Invalid

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True)
class Version:
    """One row's period: from ``valid_from`` (inclusive) to ``valid_to`` (exclusive; None: with no end yet)."""

    id: int
    valid_from: date
    valid_to: date | None

    def holds_on(self, on: date) -> bool:
        """Return whether it is in force on the day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True)
class DatedChange:
    """What shall hold of a thing from a day on. ``version`` is that of the row the person saw; None for a new thing."""

    values: Mapping[str, Any]
    valid_from: date
    valid_to: date | None = None
    version: int | None = None


@dataclass(frozen=True)
class Placing:
    """Where a new version goes: which row it ends on its first day, or which row, not yet in force, it replaces."""

    ends: int | None = None
    replaces: int | None = None


def check_code(code: str) -> None:
    """Raise Invalid, on ``code``, for a code that isn't of plain letters, digits, - and _ (1 to 40)."""
    if not _CODE.fullmatch(code):
        sentence = "Mã gồm 1 đến 40 chữ cái không dấu, chữ số, dấu - hoặc _."
        raise Invalid(sentence, {"code": sentence})


def check_period(valid_from: date, valid_to: date | None) -> None:
    """Raise Invalid, on ``valid_to``, for a period that ends before it has begun."""
    if valid_to is not None and valid_to <= valid_from:
        sentence = "Ngày thôi áp dụng phải sau ngày bắt đầu áp dụng."
        raise Invalid(sentence, {"valid_to": sentence})


def place_version(
    versions: Sequence[Version], valid_from: date, valid_to: date | None, today: date
) -> Placing:
    """Return how a version with that period joins the others; raise Invalid when it would overlap a later one.

    The one in force on the first day is ended that day. A row that was in force already keeps what it said, so
    a second version from the very same day is refused unless that day is still to come, or is today.
    """
    check_period(valid_from, valid_to)
    later = min((one.valid_from for one in versions if one.valid_from > valid_from), default=None)
    if later is not None and (valid_to is None or valid_to > later):
        sentence = (
            f"Trùng thời gian: đã có bản ghi áp dụng từ ngày {date_words(later)}. "
            "Ghi ngày thôi áp dụng không sau ngày đó, hoặc sửa bản ghi kia."
        )
        raise Invalid(sentence, {"valid_to": sentence})
    same = next((one for one in versions if one.valid_from == valid_from), None)
    if same is not None and valid_from < today:
        sentence = (
            f"Bản ghi áp dụng từ ngày {date_words(valid_from)} đã có hiệu lực nên được giữ nguyên. "
            "Chọn ngày áp dụng sau ngày đó."
        )
        raise Invalid(sentence, {"valid_from": sentence})
    if same is not None:
        return Placing(replaces=same.id)
    held = next((one for one in versions if one.holds_on(valid_from)), None)
    return Placing(ends=held.id if held else None)


def check_end(version: Version, on: date) -> None:
    """Raise Invalid, on ``valid_to``, when the version can't be ended on that day."""
    check_period(version.valid_from, on)
    if version.valid_to is not None and on > version.valid_to:
        sentence = f"Bản ghi này đã thôi áp dụng từ ngày {date_words(version.valid_to)}."
        raise Invalid(sentence, {"valid_to": sentence})
