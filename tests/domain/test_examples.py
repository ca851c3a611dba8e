"""The examples that are shipped to learn from: enough of each kind, and none of what the measuring is done with."""

import csv
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from tracker.db.seed.learning import shipped_examples, shipped_shorthand, shipped_terms
from tracker.db.seed.routing import shipped_rows, shipped_rule_book
from tracker.domain.phrases import words_of
from tracker.domain.text import fold
from tracker.domain.tickets import Urgency

HERE = Path(__file__).parent / "data"
HELD_OUT = ("sample_concerns.csv", "more_concerns.csv", "unseen_concerns.csv")


def texts(name: str) -> list[str]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


def test_there_are_examples_by_the_hundred_of_every_category_and_body():
    book, examples = shipped_rule_book(), shipped_examples()

    assert len(examples) >= 600
    categories = Counter(one.category for one in examples)
    assert set(categories) == {one.code for one in book.categories}
    assert min(categories.values()) >= 15
    assert {one.body for one in examples} == {one.code for one in book.bodies}
    assert {one.urgency for one in examples} == set(Urgency)
    closed = [one for one in examples if one.restricted]
    assert len(closed) >= 80
    assert any(one.category not in ("can_bo", "tu_tuong") for one in closed)


def test_examples_are_typed_in_the_many_ways_of_people():
    written = [one.text for one in shipped_examples()]

    assert sum(text == fold(text) or text.isascii() for text in written) >= 50
    assert sum(unicodedata.normalize("NFC", text) != text for text in written) >= 10
    assert any("uỷ" in unicodedata.normalize("NFC", text) for text in written)


def test_no_example_stands_there_twice():
    keys = [fold(one.text) for one in shipped_examples()]

    assert [key for key, times in Counter(keys).items() if times > 1] == []


def runs(text: str) -> set[str]:
    plain = [word.plain for word in words_of(text)]
    return {*plain, *(f"{a} {b}" for a, b in pairwise(plain))}


def near(text: str, others: list[tuple[set[str], str]]) -> list[str]:
    mine = runs(text)
    return [other for theirs, other in others if 2 * len(mine & theirs) > 0.5 * (len(mine) + len(theirs))]


@pytest.mark.parametrize("name", HELD_OUT)
def test_no_example_says_what_a_held_out_concern_says(name):
    examples = [(runs(one.text), one.text) for one in shipped_examples()]

    assert {text: found for text in texts(name) if (found := near(text, examples))} == {}


def test_a_paraphrase_would_be_found():
    assert near("đèn đường ngõ bốn tắt cả tháng nay rồi", [(runs("đèn đường ngõ bốn tắt cả tháng"), "x")])


def test_every_row_names_its_source_tag_and_first_day():
    for name in ("examples.csv", "vocabulary.csv", "abbreviations.csv"):
        for row in shipped_rows(name):
            assert row["source"], row
            assert row["tag"] in "SCMXG", row
            assert row["valid_from"] >= "2025-07-01", row


def test_terms_and_short_forms_are_there():
    assert len(shipped_terms()) > 1000
    assert {one.short for one in shipped_shorthand()} >= {"gpmb", "ubnd", "atgt", "bhyt"}
