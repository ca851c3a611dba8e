"""The demonstration's content files hold what the screens need, and no real person."""

import unicodedata

from tracker.demonstration.texts import content, rows
from tracker.domain.text import fold, tidy
from tracker.domain.tickets import TEXT_MAX, TEXT_MIN, Urgency

LEADERS = {
    "Nguyễn Phú Trọng",
    "Tô Lâm",
    "Phạm Minh Chính",
    "Trần Thanh Mẫn",
    "Lương Cường",
    "Trần Cẩm Tú",
    "Võ Văn Thưởng",
    "Nguyễn Anh Tuấn",
    "Nguyễn Văn Gấu",
    "Ngọ Văn Khuyến",
}


def possible_names(parts: dict[str, list[str]]) -> set[str]:
    return {
        f"{family} {middle} {given}"
        for sex in ("male", "female")
        for family in parts["family"]
        for middle in parts[f"middle_{sex}"]
        for given in parts[f"given_{sex}"]
    }


def test_there_are_241_branches_39_of_the_base_and_202_dependent_ones():
    assert len(rows("base_branches")) == 39
    assert sum(int(row["branches"]) for row in rows("localities")) == 202


def test_the_branches_lie_in_the_twelve_old_communes_and_the_four_wards():
    assert len({row["old_commune"] for row in rows("localities")}) == 12
    assert {row["code"] for row in rows("committees")} == {"09367", "09370", "09385", "09379"}
    assert {row["committee"] for row in rows("localities")} == {row["code"] for row in rows("committees")}


def test_every_body_that_a_text_names_is_among_the_bodies():
    codes = {row["code"] for row in rows("bodies")}
    assert {concern.body for concern in content().concerns} <= codes
    assert {body for body, _ in content().bounces} <= codes
    assert {way.target for ways in content().bounces.values() for way in ways} <= codes


def test_there_are_hundreds_of_concerns_in_eighteen_categories_and_all_urgencies():
    concerns = content().concerns
    assert len({concern.text for concern in concerns}) >= 250
    assert len({concern.category for concern in concerns}) == 18
    assert {concern.urgency for concern in concerns} == set(Urgency)
    assert all(TEXT_MIN <= len(concern.text) <= TEXT_MAX for concern in concerns)


def test_some_are_written_without_marks_and_some_in_decomposed_letters():
    raw = [row["text"] for row in rows("concerns")]
    assert sum(fold(text) == " ".join(text.casefold().split()) for text in raw) >= 25
    assert sum(text != unicodedata.normalize("NFC", text) for text in raw) >= 3
    assert all(concern.text == tidy(concern.text) for concern in content().concerns)


def test_there_are_answers_of_every_category_good_ones_and_poor_ones():
    answers = content().answers
    assert sum(len(texts) for texts in answers.values()) >= 60
    assert {concern.category for concern in content().concerns} | {"any"} == {
        category for category, quality in answers if quality == "good"
    }
    assert {quality for _, quality in answers} == {"good", "vague", "late"}


def test_no_invented_name_can_be_that_of_a_known_person():
    assert not possible_names(content().names) & LEADERS


def test_the_guard_against_known_names_sees_one_when_its_parts_are_added():
    parts = content().names
    with_author = {
        **parts,
        "family": [*parts["family"], "Ngọ"],
        "given_male": [*parts["given_male"], "Khuyến"],
    }
    assert "Ngọ Văn Khuyến" in possible_names(with_author) & LEADERS
