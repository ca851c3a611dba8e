"""Gathers the simulation's batches and marks them, for comparing and counting."""

import hashlib
import json
from datetime import date
from typing import Any

from tracker.demonstration.arguments import DemoArguments
from tracker.demonstration.build import build
from tracker.demonstration.timing import Rules

Rows = dict[str, list[dict[str, Any]]]

AS_OF = date(2026, 11, 25)


def gather(arguments: DemoArguments, rules: Rules) -> Rows:
    """Return all rows by table."""
    gathered: Rows = {}
    for batch in build(arguments, rules):
        for table, rows in batch.items():
            gathered.setdefault(table, []).extend(rows)
    return gathered


def mark(rows: Rows) -> str:
    """Return a hash of every value of every row."""
    return hashlib.sha256(json.dumps(rows, sort_keys=True, default=str).encode()).hexdigest()
