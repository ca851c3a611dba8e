"""Rules with what was learned, measured on labelled concerns that no example was made from. Floors, not aims.

``sample_concerns.csv``: the example set; the shipped rules were fitted to it, the examples weren't.
``more_concerns.csv``: older than the examples. ``unseen_concerns.csv``: written after everything else, in the
roundabout speech of a meeting; nothing was learned from it or chosen by it. ``make bench`` prints the figures beside those of the rules alone.
"""

import csv
import unicodedata
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.domain.test_routing_sample import is_restricted, near
from tracker.db.seed.routing import shipped_rule_book
from tracker.domain.learning import Model
from tracker.domain.routing import Suggestion
from tracker.domain.text import fold
from tracker.services.learning import shipped_lessons, taught
from tracker.services.routing import suggest_for

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent / "data"
ON = date(2026, 11, 3)


@pytest.fixture(scope="module")
def model() -> Model:
    return taught(shipped_lessons(), shipped_rule_book(), ON)


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def suggested(text: str, model: Model | None) -> Suggestion:
    return suggest_for(shipped_rule_book(), text, units=(), on=ON, model=model)


class Shares(NamedTuple):
    category: float
    body: float
    placed_right: float
    urgency_near: float
    restricted_found: float


FALSE_ALARMS = 0.1


def measured(name: str, model: Model | None) -> tuple[Shares, float]:
    pairs = [(row, suggested(row["text"], model)) for row in rows(name)]
    placed = [(row, found) for row, found in pairs if found.body is not None]
    closed = [found for row, found in pairs if is_restricted(row)]
    open_ = [found for row, found in pairs if not is_restricted(row)]
    shares = Shares(
        sum(found.category == row["category"] for row, found in pairs) / len(pairs),
        sum(found.body == row["body"] for row, found in pairs) / len(pairs),
        sum(found.body == row["body"] for row, found in placed) / len(placed),
        sum(near(row, found) for row, found in pairs) / len(pairs),
        sum(found.restricted for found in closed) / len(closed),
    )
    return shares, sum(found.restricted for found in open_) / len(open_)


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        ("sample_concerns.csv", Shares(0.93, 0.9, 0.93, 0.95, 1.0)),
        ("more_concerns.csv", Shares(0.8, 0.62, 0.84, 0.9, 1.0)),
        ("unseen_concerns.csv", Shares(0.62, 0.5, 0.74, 0.93, 0.6)),
    ],
)
def test_what_was_learned_keeps_its_measured_quality(name: str, floor: Shares, model: Model) -> None:
    found, false_alarms = measured(name, model)

    assert false_alarms <= FALSE_ALARMS, found
    assert all(is_ >= least for is_, least in zip(found, floor, strict=True)), found


@pytest.mark.parametrize("name", ["more_concerns.csv", "unseen_concerns.csv"])
def test_learning_finds_more_than_the_rules_alone(name: str, model: Model) -> None:
    learned, alone = measured(name, model)[0], measured(name, None)[0]

    assert learned.category > alone.category + 0.1
    assert learned.body > alone.body
    assert learned.placed_right > alone.placed_right


def test_the_same_concern_goes_to_the_same_place_however_it_is_typed(model: Model) -> None:
    texts = [row["text"] for row in rows("more_concerns.csv")]
    for text in texts:
        composed, decomposed = (
            suggested(unicodedata.normalize(form, text), model) for form in ("NFC", "NFD")
        )
        assert (composed.body, composed.because) == (decomposed.body, decomposed.because)
    same = sum(suggested(text, model).category == suggested(fold(text), model).category for text in texts)
    assert same / len(texts) >= 0.75
