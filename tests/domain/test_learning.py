"""Learning from a handful of examples: what is asked of the learner, small enough to be seen through."""

import unicodedata
from dataclasses import replace
from datetime import date

import pytest

from tracker.domain.errors import Invalid
from tracker.domain.judging import judge, softmax
from tracker.domain.learning import Example, Hints, Model, Question, learn
from tracker.domain.model_file import digest, model_bytes, read_model
from tracker.domain.rule_book import BodyName, Category, RuleBook, RuleKind, WordRule
from tracker.domain.suggesting import hints, suggest_with
from tracker.domain.text import fold

ON = date(2026, 11, 3)
NOTHING = Hints({}, {})
EXAMPLES = [
    Example(text=text, category=category, body=body, urgency=urgency, restricted=closed)
    for text, category, body, urgency, closed in [
        ("Mất điện cả xóm", "dien", "DIEN", "cao", False),
        ("Cột điện nghiêng, dây điện sà xuống đường", "dien", "DIEN", "khan", False),
        ("Hóa đơn tiền điện tính sai", "dien", "DIEN", "thuong", False),
        ("Đường ngõ hỏng, nhiều ổ gà", "duong", "KTHT", "thuong", False),
        ("Cống thoát nước tắc, nước tràn mặt đường", "duong", "KTHT", "cao", False),
        ("Xin trồng thêm cây ven đường", "duong", "KTHT", "thap", False),
        ("Cán bộ đòi tiền mới ký giấy", "can_bo", "UBKT", "cao", True),
        ("Lãnh đạo bao che người nhà", "can_bo", "UBKT", "cao", True),
    ]
]
BOOK = RuleBook(
    (
        Category(code="dien", name="Điện"),
        Category(code="duong", name="Đường sá"),
        Category(code="can_bo", name="Cán bộ", is_restricted=True),
    ),
    tuple(
        BodyName(code=code, name=code, short_name=code, kind="x", in_chain=True)
        for code in ("DIEN", "KTHT", "UBKT")
    ),
    (),
)


def taught(examples=EXAMPLES, book=BOOK) -> Model:
    return learn(examples, lambda text: hints(text, book, (), ON))


MODEL = taught()


def suggested(text, book=BOOK, model=MODEL, **more):
    return suggest_with(text, book, model, (), ON, **more)


@pytest.mark.parametrize(
    ("text", "category", "body"),
    [
        ("dây điện nhà tôi sà xuống", "dien", "DIEN"),
        ("đường ngõ hỏng, cống thoát nước tắc", "duong", "KTHT"),
        ("cán bộ đòi tiền", "can_bo", "UBKT"),
    ],
)
def test_a_text_goes_where_examples_like_it_went(text, category, body):
    found = suggested(text)

    assert (found.category, found.body) == (category, body)


def test_the_same_words_without_marks_or_decomposed_lead_to_the_same_place():
    text = "dây điện sà xuống đường"
    for typed in (text, fold(text), unicodedata.normalize("NFD", text)):
        assert suggested(typed).body == "DIEN", typed


def test_a_word_told_apart_by_its_marks_alone_is_told_apart():
    model = taught(
        [
            Example(text="họp đảng", category="can_bo", body="UBKT", restricted=False),
            Example(text="giấy đăng", category="dien", body="DIEN", restricted=False),
        ]
    )

    assert [suggested(word, model=model).category for word in ("đảng", "đăng")] == ["can_bo", "dien"]


def test_the_reasons_name_the_words_and_how_sure_it_is():
    found = suggested("dây điện nhà tôi sà xuống")

    assert "dây điện" in found.because[0]
    assert "chắc" in found.because[1]
    assert found.sure is not None
    assert 0 < found.sure <= 1
    assert found.alternatives
    assert all(0 < one.score < 1 for one in found.alternatives)


def test_a_text_of_unknown_words_goes_to_triage():
    found = suggested("xyz qwe")

    assert (found.body, found.model) == (None, None)
    assert not found.restricted
    assert "chưa có từ nào" in found.because[0]


def test_what_isnt_sure_goes_to_triage_and_says_what_it_is_near_to():
    found = suggested("tôi hỏi")

    assert found.body is None or found.sure > 0.4


def test_the_category_that_a_person_chose_bounds_the_bodies():
    found = suggested("dây điện sà xuống", category="duong")

    assert (found.category, found.body) == ("duong", "KTHT")
    assert found.because[0] == "lĩnh vực do người ghi chọn"


def test_a_restricted_matter_is_closed():
    assert suggested("lãnh đạo đòi tiền").restricted


def own_rule(is_own: bool) -> RuleBook:
    rule = WordRule(
        code="V-1", kind=RuleKind.BODY, phrases=("dây điện",), body="KTHT", is_own=is_own, position=1
    )
    return replace(BOOK, rules=(rule, WordRule(code="C", kind=RuleKind.CATEGORY, category="dien", phrases=("dây điện",), weight=5)))  # fmt: skip


def test_a_rule_that_the_office_wrote_decides_before_what_was_learned():
    found = suggested("dây điện sà xuống", own_rule(is_own=True))

    assert (found.body, found.rule, found.model) == ("KTHT", "V-1", None)


def test_a_shipped_rule_is_evidence_and_no_order():
    found = suggested("dây điện sà xuống", own_rule(is_own=False))

    assert (found.body, found.rule, found.model) == ("DIEN", None, MODEL.version)


def test_without_a_model_the_rules_decide_alone():
    found = suggested("dây điện sà xuống", own_rule(is_own=False), None)

    assert (found.body, found.model) == ("KTHT", None)


def private(text: str) -> Example:
    return Example(text=text, category="dien", body="DIEN", restricted=False, is_private=True)


def test_a_word_that_one_real_concern_alone_holds_is_not_kept():
    model = taught([*EXAMPLES, private("mất điện nhà Zaratustra")])

    assert not [sign for sign in model.learned[Question.BODY].gains if "zaratustra" in sign]


def test_a_word_that_two_real_concerns_hold_is_learned():
    model = taught([*EXAMPLES, private("mất điện vì tụ bù"), private("hỏng tụ bù")])

    assert model.learned[Question.BODY].gains["tu"]


def test_a_new_label_whose_only_concern_left_nothing_to_learn_disturbs_no_suggestion():
    first = Example(text="Zaratustra", category="khac", body="KHAC", restricted=False, is_private=True)
    model = taught([*EXAMPLES, first])

    assert ("khac", "KHAC") not in model.pairs
    assert [suggested(text, model=model).body for text in ("dây điện sà xuống", "Zaratustra")] == [
        "DIEN",
        None,
    ]


def test_a_new_label_with_a_word_that_others_wrote_too_comes_into_question():
    first = Example(
        text="Zaratustra kêu điện", category="khac", body="KHAC", restricted=False, is_private=True
    )

    assert ("khac", "KHAC") in taught([*EXAMPLES, first]).pairs


def test_a_model_comes_back_from_its_bytes_and_the_same_one_gives_the_same_bytes():
    content = model_bytes(MODEL)
    again = read_model(content, 7)

    assert (digest(content), again.version) == (digest(model_bytes(taught())), 7)
    before, after = (judge("dây điện sà xuống", one, NOTHING) for one in (MODEL, again))
    assert [one.body for one in after.places] == [one.body for one in before.places]
    assert after.places[0].share == pytest.approx(before.places[0].share, abs=0.01)


@pytest.mark.parametrize("content", [b"", b"x", model_bytes(MODEL)[:-9]])
def test_broken_bytes_are_refused_in_words(content):
    with pytest.raises(Invalid, match="hỏng"):
        read_model(content, 1)


def test_shares_add_up_to_one_and_nothing_gives_nothing():
    assert sum(softmax({"a": 1.0, "b": 700.0}, 3).values()) == pytest.approx(1)
    assert softmax({}, 1) == {}
