"""Vietnamese text at the doors."""

import unicodedata

from tracker.domain.text import fold, name_key, sort_key, tidy


def test_decomposed_text_becomes_composed() -> None:
    assert tidy(unicodedata.normalize("NFD", "Tuyến đường")) == "Tuyến đường"


def test_control_and_direction_marks_are_dropped_and_lines_kept() -> None:
    assert tidy("a\x00b\u202e c\r\n\r\n\r\n\r\nd  e\t ") == "ab c\n\nd e"


def test_folding_knows_d_with_stroke_and_capitals() -> None:
    assert fold("ĐƯỜNG  Đình Bảng") == "duong dinh bang"


def test_words_sort_by_letters_first_then_tones() -> None:
    words = ["đa", "da", "ân", "ăn", "an", "án", "em", "êm"]
    assert sorted(words, key=sort_key) == ["an", "án", "ăn", "ân", "da", "đa", "em", "êm"]


def test_people_sort_by_given_name() -> None:
    names = ["Nguyễn Văn Bình", "Trần Thị An", "Lê Văn Ánh"]
    assert sorted(names, key=name_key) == ["Trần Thị An", "Lê Văn Ánh", "Nguyễn Văn Bình"]
