import pytest

from tracker.domain.routing import Suggestion
from tracker.domain.splitting import split_offer
from tracker.domain.tickets import Urgency

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
