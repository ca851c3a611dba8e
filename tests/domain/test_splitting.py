import pytest

from tracker.domain.routing import Suggestion
from tracker.domain.splitting import split_offer
from tracker.domain.tickets import TEXT_MAX, Urgency

WORDS = {"điện": "DV_DIEN", "nước máy": "DV_NUOC", "đường": "UBND_KTHT"}


def suggested(text: str) -> Suggestion:
    body = next((body for word, body in WORDS.items() if word in text), None)
    return Suggestion(text, None, body, Urgency.THUONG, False, ())


def texts(text: str) -> list[str]:
    return [part.text for part in split_offer(text, suggested)]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (
            "Mất điện cả tuần nay. Đoạn đường đầu làng lầy lội.",
            ["Mất điện cả tuần nay.", "Đoạn đường đầu làng lầy lội."],
        ),
        (
            "Cột điện sắp đổ rồi, ngoài ra nước máy rất đục",
            ["Cột điện sắp đổ rồi", "ngoài ra nước máy rất đục"],
        ),
        (
            "Mất điện liên tục cả tháng\nnước máy có mùi clo",
            ["Mất điện liên tục cả tháng", "nước máy có mùi clo"],
        ),
    ],
)
def test_a_line_with_two_matters_may_be_divided(line, parts):
    assert texts(line) == parts


@pytest.mark.parametrize(
    "line",
    [
        "Mất điện cả tuần nay, đoạn đường đầu làng lầy lội",
        "Mất điện cả tuần nay. Điện lại yếu, quạt không chạy.",
        "Mất điện cả tuần nay. Bà con rất bức xúc về chuyện này.",
        "Mất điện cả tuần nay. Hỏng đường.",
        "",
    ],
)
def test_one_matter_stays_one(line):
    assert texts(line) == []


def test_what_says_nothing_new_stays_with_the_matter_before():
    found = texts("Mất điện cả tuần nay. Bà con rất bức xúc. Đoạn đường đầu làng lầy lội.")

    assert found == ["Mất điện cả tuần nay. Bà con rất bức xúc.", "Đoạn đường đầu làng lầy lội."]


def test_no_word_is_lost():
    line = "Mất điện cả tuần nay; đoạn đường đầu làng lầy lội. Nước máy thì đục ngầu cả tháng!"

    assert " ".join(texts(line)).split() == line.split()


def asked_about(text: str) -> tuple[list[str], int]:
    """Return the texts that a suggestion was made for, and the number of parts."""
    asked: list[str] = []

    def suggest(piece: str) -> Suggestion:
        asked.append(piece)
        return suggested(piece)

    return asked, len(split_offer(text, suggest))


LIGHT, ROAD, NOTHING = "Mất điện cả tuần nay.", "Đoạn đường đầu làng lầy lội.", "Bà con hết sức bức xúc."


@pytest.mark.parametrize(
    "text",
    [" ".join([LIGHT, ROAD] * 7), " ".join([NOTHING] * 13), f"{LIGHT} {ROAD} {'a' * TEXT_MAX}"],
    ids=["many matters", "many pieces", "longer than a concern"],
)
def test_a_long_text_is_not_divided_and_costs_no_suggestion(text):
    assert asked_about(text) == ([], 0)


def test_as_many_pieces_as_may_be_are_divided():
    asked, parts = asked_about(" ".join([LIGHT, ROAD] * 6))

    assert (len(asked), parts) == (12, 12)


def test_a_part_that_begins_with_nothing_is_asked_about_as_a_whole_once():
    asked, parts = asked_about(" ".join([*[NOTHING] * 5, LIGHT, NOTHING, ROAD]))

    assert parts == 2
    assert (len(asked), asked[-1]) == (9, " ".join([*[NOTHING] * 5, LIGHT, NOTHING]))


def test_a_line_of_one_matter_costs_a_suggestion_a_piece():
    assert len(asked_about(" ".join([NOTHING] * 12))[0]) == 12
