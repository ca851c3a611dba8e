"""How well a concern is placed: rules alone beside rules with what was learned, on concerns that taught nothing.

None of the sample concerns is among the examples, so each is measured with itself (and the other 59) left out.
"""

import csv
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from bench.table import Row
from tests.domain.labelled import HERE as DATA
from tests.domain.labelled import is_restricted
from tracker.db.seed.routing import shipped_rule_book
from tracker.domain.learning import Model
from tracker.domain.model_file import model_bytes, read_model
from tracker.domain.routing import URGENCY_ORDER, Suggestion
from tracker.services.learning import shipped_lessons, taught
from tracker.services.routing import suggest_for

SETS = {
    "sample": "sample_concerns.csv",
    "held out": "more_concerns.csv",
    "roundabout speech": "unseen_concerns.csv",
}
ON = date(2026, 11, 3)
AIMS = {
    "category": "≥ 85 %",
    "body": "≥ 80 %",
    "bodies right of those placed": "≥ 92 %",
    "placed": "",
    "urgency within a step": "≥ 95 %",
    "restricted found": "100 %",
    "closed without need": "≤ 10 %",
}


class Case(NamedTuple):
    """A labelled concern."""

    text: str
    category: str
    body: str
    urgency: str
    restricted: bool


def run() -> list[Row]:
    """Return each share with the model beside the rules alone, and what a suggestion costs."""
    made = taught(shipped_lessons(), shipped_rule_book(), ON)
    content = model_bytes(made)
    model = read_model(content, 1)
    rows = []
    for name, file in SETS.items():
        cases = _cases(DATA / file)
        learned, alone = (_shares(cases, _suggester(one)) for one in (model, None))
        rows += [
            Row("routing", f"{name}: {what}", 100 * learned[what], 100 * alone[what], "%", "rules alone", aim)
            for what, aim in AIMS.items()
        ]
    return [*rows, *_costs(content, model)]


def _cases(path: Path) -> list[Case]:
    with path.open(encoding="utf-8", newline="") as file:
        return [_case(row) for row in csv.DictReader(file)]


def _case(row: dict[str, str]) -> Case:
    return Case(row["text"], row["category"], row["body"], row["urgency"], is_restricted(row))


def _suggester(model: Model | None) -> Callable[[str], Suggestion]:
    return lambda text: suggest_for(shipped_rule_book(), text, units=(), on=ON, model=model)


def _shares(cases: Sequence[Case], suggested: Callable[[str], Suggestion]) -> dict[str, float]:
    pairs = [(case, suggested(case.text)) for case in cases]
    placed = [(case, found) for case, found in pairs if found.body is not None]
    return {
        "category": _share(found.category == case.category for case, found in pairs),
        "body": _share(found.body == case.body for case, found in pairs),
        "bodies right of those placed": _share(found.body == case.body for case, found in placed),
        "placed": len(placed) / len(pairs),
        "urgency within a step": _share(_steps(case, found) <= 1 for case, found in pairs),
        "restricted found": _share(found.restricted for case, found in pairs if case.restricted),
        "closed without need": _share(found.restricted for case, found in pairs if not case.restricted),
    }


def _share(answers: Iterable[bool]) -> float:
    return statistics.fmean(map(float, answers))


def _steps(case: Case, found: Suggestion) -> int:
    order = [str(level) for level in URGENCY_ORDER]
    return abs(order.index(case.urgency) - order.index(found.urgency))


def _costs(content: bytes, model: Model) -> list[Row]:
    """Return the processor time of a suggestion, and of the first one in a process: reading the model and it."""
    texts = [case.text for file in SETS.values() for case in _cases(DATA / file)]
    first = _time(lambda: _suggester(read_model(content, 1))(texts[0]))
    first_alone = _time(lambda: _suggester(None)(texts[0]))
    learned, alone = (_time(lambda one=one: list(map(_suggester(one), texts))) for one in (model, None))
    size = f"{len(content) / 1e6:.2f} MB"
    return [
        Row(
            "routing", "a suggestion", learned / len(texts), alone / len(texts), "ms", "rules alone", "≤ 150"
        ),
        Row("routing", "the first, model read", first, first_alone, "ms", "rules alone", "≤ 150", size),
    ]


def _time(do: Callable[[], object]) -> float:
    """Return the processor milliseconds that it takes."""
    start = time.process_time()
    do()
    return 1000 * (time.process_time() - start)
