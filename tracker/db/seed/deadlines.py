"""Loads the shipped calendar, working hours, time limits and ladder (``tracker/data/deadlines``)."""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.base import Base
from tracker.db.tables.deadlines import CalendarDay, ExtensionRule, Rung, TimeLimit, WorkingHours
from tracker.domain.calendar import Slot

Row = dict[str, str]


def shipped_rows(name: str) -> Iterator[Row]:
    """Yield the rows of one shipped file, such as ``ladder.csv``."""
    text = files("tracker.data").joinpath("deadlines", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def seed_deadlines(session: Session) -> None:
    """Add the shipped rows that are missing; rows that are there stay as they are. Flushes, never commits."""
    _add_missing(session, CalendarDay, ("on",), "calendar_days.csv", _calendar_day)
    _add_missing(session, WorkingHours, ("weekday", "begins", "valid_from"), "working_hours.csv", _hours)
    _add_missing(session, TimeLimit, ("code", "valid_from"), "time_limits.csv", _time_limit)
    _add_missing(session, Rung, ("code", "valid_from"), "ladder.csv", _rung)
    _add_missing(session, ExtensionRule, ("code", "valid_from"), "extension_rules.csv", _extension_rule)
    session.flush()


def _add_missing(
    session: Session,
    table: type[Base],
    key: tuple[str, ...],
    name: str,
    values: Callable[[Row], dict[str, Any]],
) -> None:
    found_keys = select(*(getattr(table, column) for column in key))
    if table in (CalendarDay, WorkingHours):  # what a unit or a body added for itself is no shipped row
        found_keys = found_keys.filter_by(unit_id=None, body_id=None)
    present = {tuple(row) for row in session.execute(found_keys)}
    for row in shipped_rows(name):
        found = values(row)
        if tuple(found[column] for column in key) not in present:
            session.add(table(**found))


def _calendar_day(row: Row) -> dict[str, Any]:
    return {**row, "on": date.fromisoformat(row["on"])}


def _hours(row: Row) -> dict[str, Any]:
    slot = Slot.parse(f"{row['begins']}-{row['ends']}")
    return {
        **_validity(row),
        "weekday": int(row["weekday"]),
        "begins": slot.begins,
        "ends": slot.ends,
    }


def _time_limit(row: Row) -> dict[str, Any]:
    return {
        **row,
        **_validity(row),
        "amount": int(row["amount"]),
        "category": row["category"] or None,
        "urgency": row["urgency"] or None,
        "first_day_counted": row["first_day_counted"] == "true",
        "roll_to_working": row["roll_to_working"] == "true",
    }


def _extension_rule(row: Row) -> dict[str, Any]:
    return {
        **row,
        **_validity(row),
        "max_amount": int(row["max_amount"]),
        "max_times": int(row["max_times"]),
        "category": row["category"] or None,
        "urgency": row["urgency"] or None,
    }


def _rung(row: Row) -> dict[str, Any]:
    numbers = {name: _number(row[name]) for name in _RUNG_NUMBERS}
    return {
        **row,
        **_validity(row),
        **numbers,
        "level": int(row["level"]),
        "is_warning": row["is_warning"] == "true",
        "after_unit": row["after_unit"] or None,
        "category": row["category"] or None,
        "urgency": row["urgency"] or None,
    }


_RUNG_NUMBERS = ("at_percent", "after_amount", "after_reopenings", "after_bounces", "after_meetings")


def _validity(row: Row) -> dict[str, Any]:
    ends = row["valid_to"]
    return {
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_to": date.fromisoformat(ends) if ends else None,
        "source": row["source"],
        "tag": row["tag"],
    }


def _number(text: str) -> int | None:
    return int(text) if text else None
