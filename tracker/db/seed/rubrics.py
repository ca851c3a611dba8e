"""Loads the shipped scoring tables (``tracker/data/assessments``)."""

import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.tables.rubrics import Rubric
from tracker.domain.rubric import read_rubric

_COLUMNS = {"code", "name", "valid_from", "valid_to", "source", "tag", "is_active"}


def shipped_rubrics() -> Iterator[dict[str, Any]]:
    """Yield the data of each shipped table, in the order of file names."""
    folder = files("tracker.data").joinpath("assessments")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".json"):
            yield json.loads(file.read_text(encoding="utf-8"))


def seed_rubrics(session: Session) -> None:
    """Add the shipped tables that are missing; rows that are there stay as they are. Flushes, never commits.

    A shipped correction comes as a new ``valid_from``. Raises Invalid for shipped data with a fault.
    """
    present = {(code, start) for code, start in session.execute(select(Rubric.code, Rubric.valid_from))}
    for data in shipped_rubrics():
        rubric = read_rubric(data)
        if (rubric.code, rubric.valid_from) not in present:
            session.add(_row(data))
    session.flush()


def _row(data: dict[str, Any]) -> Rubric:
    ends = data.get("valid_to")
    return Rubric(
        code=data["code"],
        name=data["name"],
        body={key: value for key, value in data.items() if key not in _COLUMNS},
        valid_from=date.fromisoformat(data["valid_from"]),
        valid_to=date.fromisoformat(ends) if ends else None,
        source=data["source"],
        tag=data["tag"],
        is_active=data.get("is_active", False),
    )
