"""Rules with what was learned, measured on labelled concerns that no example was made from. Floors, not aims.

``sample_concerns.csv``: the example set; the shipped rules were fitted to it, the examples weren't.
``more_concerns.csv``: older than the examples. ``unseen_concerns.csv``: written after everything else, in the
roundabout speech of a meeting; nothing was learned from it or chosen by it. ``make bench`` prints the figures beside those of the rules alone.
"""

import unicodedata
from datetime import date

import pytest

from tests.domain.labelled import HERE, Shares, keeps, measured, rows
from tracker.db.seed.routing import shipped_rule_book
from tracker.domain.learning import Model
from tracker.domain.routing import Suggestion
from tracker.domain.text import fold
from tracker.services.learning import shipped_lessons, taught
from tracker.services.routing import suggest_for

pytestmark = pytest.mark.slow

ON = date(2026, 11, 3)


@pytest.fixture(scope="module")
def model() -> Model:
    return taught(shipped_lessons(), shipped_rule_book(), ON)


def suggested(text: str, model: Model | None) -> Suggestion:
    return suggest_for(shipped_rule_book(), text, units=(), on=ON, model=model)


FALSE_ALARMS = 0.1


def shares(name: str, model: Model | None) -> Shares:
    return measured(name, lambda text: suggested(text, model))


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        ("sample_concerns.csv", Shares(0.93, 0.9, 0.93, 0.95, 1.0, FALSE_ALARMS)),
        ("more_concerns.csv", Shares(0.8, 0.62, 0.84, 0.9, 1.0, FALSE_ALARMS)),
        ("unseen_concerns.csv", Shares(0.62, 0.5, 0.74, 0.93, 0.6, FALSE_ALARMS)),
    ],
)
def test_what_was_learned_keeps_its_measured_quality(name: str, floor: Shares, model: Model) -> None:
    found = shares(name, model)

    assert keeps(found, floor), found


@pytest.mark.parametrize("name", ["more_concerns.csv", "unseen_concerns.csv"])
def test_learning_finds_more_than_the_rules_alone(name: str, model: Model) -> None:
    learned, alone = shares(name, model), shares(name, None)

    assert learned.category > alone.category + 0.1
    assert learned.body > alone.body
    assert learned.placed_right > alone.placed_right


def test_the_same_concern_goes_to_the_same_place_however_it_is_typed(model: Model) -> None:
    texts = [row["text"] for row in rows(HERE / "more_concerns.csv")]
    for text in texts:
        composed, decomposed = (
            suggested(unicodedata.normalize(form, text), model) for form in ("NFC", "NFD")
        )
        assert (composed.body, composed.because) == (decomposed.body, decomposed.because)
    same = sum(suggested(text, model).category == suggested(fold(text), model).category for text in texts)
    assert same / len(texts) >= 0.75
