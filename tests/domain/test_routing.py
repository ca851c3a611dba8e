"""The rule book: which body answers and why; what no rule decides is never guessed."""

import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.errors import Invalid
from tracker.domain.routing import suggest
from tracker.domain.routing_rows import rule_from_row
from tracker.domain.rule_book import BodyName, Category, RuleBook, RuleKind, WordRule
from tracker.domain.tickets import Urgency

ON = date(2026, 11, 3)


def words(code: str, category: str, *phrases: str, weight: float = 4.0, **more: object) -> WordRule:
    return WordRule(
        code=code, kind=RuleKind.CATEGORY, category=category, phrases=phrases, weight=weight, **more
    )


def to(code: str, body: str, *phrases: str, position: int = 100, **more: object) -> WordRule:
    return WordRule(code=code, kind=RuleKind.BODY, body=body, phrases=phrases, position=position, **more)


def mark(code: str, *phrases: str, **more: object) -> WordRule:
    return WordRule(code=code, kind=RuleKind.MARK, phrases=phrases, **more)


CATEGORIES = (
    Category(code="ha_tang", name="Hạ tầng", position=1),
    Category(code="moi_truong", name="Môi trường", position=2),
    Category(code="van_hoa", name="Văn hóa", position=3),
    Category(code="can_bo", name="Cán bộ", is_restricted=True, position=4),
)
BODIES = (
    BodyName(
        code="UBND_KTHT",
        name="Phòng Kinh tế, Hạ tầng và Đô thị",
        short_name="Phòng KTHTĐT",
        kind="government",
        in_chain=True,
    ),
)
RULES = (
    words("C-1", "ha_tang", "rãnh thoát nước", "nhà văn hóa", "ổ gà"),
    words("C-2", "moi_truong", "nước thải", "khói"),
    words("C-3", "van_hoa", "văn hóa", "lễ hội", weight=5),
    words("C-4", "can_bo", "hách dịch", weight=5),
    to("R-1", "DV_MOI_TRUONG", "thu gom", category="moi_truong", position=10),
    to("R-2", "CA_PHUONG", "xả trộm", category="moi_truong", position=20, unless=("thu gom",)),
    to("R-8", "UBND_KTHT", category="ha_tang", position=900),
    to("R-9", "UBND_KTHT", category="moi_truong", position=900),
    mark("U-1", "nguy hiểm", urgency=Urgency.KHAN),
    mark("U-2", "năm ngoái", urgency=Urgency.THAP),
    mark("X-1", "xin không nêu tên", restricted=True),
)


def book(*rules: WordRule) -> RuleBook:
    return RuleBook(CATEGORIES, BODIES, rules or RULES)


def asked(text: str, rules: RuleBook | None = None, units: tuple[str, ...] = (), on: date = ON, **more: str):
    return suggest(text, rules or book(), units, on, **more)


def test_the_reasons_name_the_words_the_body_and_the_rule() -> None:
    found = asked("rãnh thoát nước trước nhà văn hoá tắc")
    assert (found.category, found.body, found.rule) == ("ha_tang", "UBND_KTHT", "R-8")
    assert found.because == (
        "vì có từ ‘rãnh thoát nước’, ‘nhà văn hóa’",
        "lĩnh vực hạ tầng do Phòng Kinh tế, Hạ tầng và Đô thị trả lời (quy tắc R-8)",
    )


def test_a_shorter_word_inside_a_longer_one_does_not_count() -> None:
    found = asked("Sửa nhà văn hóa")
    assert found.category == "ha_tang"
    assert found.alternatives == ()
    # Negative control: standing alone it does.
    assert asked("Đội văn hóa").category == "van_hoa"


@pytest.mark.parametrize(
    "text",
    [
        unicodedata.normalize("NFD", "Rãnh thoát nước trước nhà văn hóa tắc, nguy hiểm"),
        "ranh thoat nuoc truoc nha van hoa tac, nguy hiem",
        "RÃNH THOÁT NƯỚC trước nhà văn hoá tắc, NGUY HIỂM",
        "rảnh thoát nước trước nhà văn hóa tắc, nguy hiểm",
    ],
    ids=["decomposed", "without marks", "capitals and new tone place", "a wrong tone"],
)
def test_the_same_words_written_otherwise_lead_to_the_same_place(text: str) -> None:
    found = asked(text)
    assert (found.category, found.body, found.urgency) == ("ha_tang", "UBND_KTHT", Urgency.KHAN)


def test_short_words_without_marks_are_not_taken_for_others() -> None:
    assert asked("o ga Tu Son khong co cho ngoi").category is None
    assert asked("đường nhiều ổ gà").category == "ha_tang"
    # A marked text means what it writes: "khoi" there is not "khói".
    assert asked("đi khoi nhà lúc sáng").category is None


def test_a_word_with_other_marks_is_another_word() -> None:
    rules = book(words("C-9", "ha_tang", "hồ sơ đảng viên"))
    assert asked("hồ sơ đăng viên", rules).category is None
    # Negative controls: no marks at all, and hỏi for ngã, are slips.
    assert asked("nộp hồ sơ dang vien", rules).category == "ha_tang"
    assert asked("nộp hồ sơ đãng viên", rules).category == "ha_tang"


def test_a_word_is_found_on_its_boundaries_only() -> None:
    assert asked("bệnh viêmkhóiphổi").category is None


def test_what_no_rule_decides_goes_to_triage() -> None:
    found = asked("Đề nghị xem giúp việc này")
    assert (found.category, found.body, found.rule) == (None, None, None)
    assert found.because == (
        "chưa có từ nào cho biết lĩnh vực",
        "chưa có quy tắc nào quyết định đơn vị trả lời, chuyển văn phòng phân loại",
    )
    unknown = asked("Lễ hội làng")
    assert (unknown.category, unknown.body) == ("van_hoa", None)


def test_equal_evidence_for_two_bodies_is_not_guessed() -> None:
    rules = book(
        *RULES, to("R-7", "UBND_VHXH", category="van_hoa", position=900), words("C-5", "van_hoa", "trống")
    )
    found = asked("rãnh thoát nước cạnh dàn trống", rules)
    assert found.body is None
    assert "các lĩnh vực ngang nhau" in found.because[1]
    # Negative control: when both lead to one body, it is decided.
    assert asked("rãnh thoát nước có khói").body == "UBND_KTHT"


def test_the_first_fitting_rule_in_order_decides() -> None:
    assert asked("đội thu gom đốt, khói mù").body == "DV_MOI_TRUONG"
    assert asked("xả trộm nước thải").body == "CA_PHUONG"
    assert asked("đội thu gom xả trộm nước thải").body == "DV_MOI_TRUONG"


def test_a_units_own_rule_beats_a_general_one_and_the_nearest_unit_beats_its_parent() -> None:
    rules = book(
        *RULES,
        to("R-W", "WARD_OWN", category="ha_tang", unit="P.TUSON", position=950),
        to("R-B", "BRANCH_OWN", category="ha_tang", unit="CB.1", position=990),
    )
    text = "rãnh thoát nước tắc"
    assert asked(text, rules, ("CB.1", "P.TUSON", "BN")).body == "BRANCH_OWN"
    assert asked(text, rules, ("CB.2", "P.TUSON", "BN")).body == "WARD_OWN"
    assert asked(text, rules, ("CB.3", "P.TAMSON", "BN")).body == "UBND_KTHT"


def test_a_rule_holds_from_its_first_day_up_to_the_day_it_ends() -> None:
    old = to("R-OLD", "PHONG_CU", category="ha_tang", valid_from=date(2020, 1, 1), valid_to=date(2025, 7, 1))
    new = to("R-NEW", "PHONG_MOI", category="ha_tang", valid_from=date(2025, 7, 1))
    rules = book(RULES[0], old, new)
    text = "rãnh thoát nước tắc"
    assert asked(text, rules, on=date(2019, 12, 31)).body is None
    assert asked(text, rules, on=date(2025, 6, 30)).body == "PHONG_CU"
    assert asked(text, rules, on=date(2025, 7, 1)).body == "PHONG_MOI"


def test_an_ended_category_is_no_longer_suggested() -> None:
    ended = Category(code="van_hoa", name="Văn hóa", valid_to=date(2026, 1, 1))
    rules = RuleBook((ended,), (), RULES)
    assert asked("lễ hội", rules, on=date(2025, 12, 31)).category == "van_hoa"
    assert asked("lễ hội", rules, on=date(2026, 1, 1)).category is None


def test_the_category_a_person_chose_decides_the_body() -> None:
    found = asked("lễ hội có khói", category="ha_tang")
    assert (found.category, found.body) == ("ha_tang", "UBND_KTHT")
    assert found.because[0] == "lĩnh vực do người ghi chọn"
    assert {one.category for one in found.alternatives} == {"van_hoa", "moi_truong"}


def test_the_highest_urgency_wins_and_low_only_stands_alone() -> None:
    assert asked("khói").urgency is Urgency.THUONG
    assert asked("khói như năm ngoái").urgency is Urgency.THAP
    found = asked("khói như năm ngoái, nguy hiểm lắm")
    assert found.urgency is Urgency.KHAN
    assert "mức khẩn vì có từ ‘nguy hiểm’ (quy tắc U-1)" in found.because


@pytest.mark.parametrize(
    "text", ["Cán bộ hách dịch", "khói, xin không nêu tên", "xin khong neu ten toi, khoi nhieu"]
)
def test_cadre_matters_and_requests_for_secrecy_are_restricted(text: str) -> None:
    assert asked(text).restricted


def test_a_hint_of_a_closed_category_restricts_even_in_second_place() -> None:
    found = asked("lễ hội làng, đội văn hóa, cán bộ hách dịch")
    assert (found.category, found.restricted) == ("van_hoa", True)
    # Negative control.
    assert not asked("lễ hội làng").restricted


def test_joined_words_count_only_together() -> None:
    rules = book(mark("U-3", "cột điện + nghiêng", urgency=Urgency.KHAN))
    assert asked("cột điện đầu ngõ nghiêng hẳn", rules).urgency is Urgency.KHAN
    assert asked("cột điện đầu ngõ", rules).urgency is Urgency.THUONG


def test_a_slash_means_or() -> None:
    rules = book(mark("U-3", "cột điện / cột đèn + nghiêng / đổ", urgency=Urgency.KHAN))
    assert "mức khẩn vì có từ ‘cột đèn’ và ‘đổ’ (quy tắc U-3)" in asked("cột đèn sắp đổ", rules).because
    assert asked("cột đèn sáng", rules).urgency is Urgency.THUONG


def test_a_reason_names_each_word_once() -> None:
    rules = book(
        words("C-7", "ha_tang", "rãnh", "rãnh + tắc", "rãnh + ngập / tắc", "rãnh + rãnh thoát nước"), RULES[6]
    )
    found = asked("rãnh trước ngõ tắc, mưa là ngập", rules)
    longer = asked("rãnh thoát nước tắc, cả rãnh bên cạnh nữa", rules)

    assert found.because[0] == "vì có từ ‘rãnh’, ‘ngập’, ‘tắc’"
    assert longer.because[0] == "vì có từ ‘tắc’, ‘rãnh thoát nước’"


def test_what_was_in_doubt_names_each_word_once() -> None:
    doubtful = words("C-8", "van_hoa", "tắc + mùi", "tắc + mùi hôi", weight=2)
    rules = book(words("C-7", "ha_tang", "rãnh"), doubtful, RULES[6])
    found = asked("rãnh tắc có mùi hôi", rules)

    assert found.because[1].startswith("nhưng cũng có từ ‘tắc’, ‘mùi hôi’: ")


def test_one_passing_word_suggests_a_category_but_sends_nothing_anywhere() -> None:
    rules = book(words("C-7", "ha_tang", "ngõ", weight=1), RULES[6])
    found = asked("nhà tôi ở trong ngõ", rules)
    assert (found.category, found.body) == ("ha_tang", None)
    assert found.because == (
        "vì có từ ‘ngõ’",
        "chừng ấy chưa đủ để chọn đơn vị trả lời, chuyển văn phòng phân loại",
    )
    # Negative control: once the person has chosen the category, the rule decides.
    assert asked("nhà tôi ở trong ngõ", rules, category="ha_tang").body == "UBND_KTHT"


def test_a_rule_of_no_weight_keeps_a_place_from_counting() -> None:
    rules = book(*RULES, words("C-0", "ha_tang", "tại nhà văn hóa", weight=0))
    assert asked("họp tại nhà văn hóa", rules).category is None
    assert asked("xây nhà văn hóa", rules).category == "ha_tang"


@given(st.text(max_size=400), st.sampled_from([None, "ha_tang", "lạ"]))
def test_no_text_makes_it_fail(text: str, category: str | None) -> None:
    found = suggest(text, BOOK, ("CB.1",), ON, category)
    assert found.text == text
    assert found.because


BOOK = book()


@given(st.text(alphabet="rãnhthoátướcổgàvệ ,ủyýđ", max_size=120))
def test_composed_and_decomposed_texts_are_read_alike(text: str) -> None:
    composed = suggest(unicodedata.normalize("NFC", text), BOOK, (), ON)
    decomposed = suggest(unicodedata.normalize("NFD", text), BOOK, (), ON)
    assert (composed.category, composed.body) == (decomposed.category, decomposed.body)
    assert composed.because == decomposed.because


def test_twenty_thousand_letters_are_read_in_a_moment() -> None:
    text = "rãnh thoát nước " * 1250
    start = time.process_time()
    assert asked(text, BOOK).category == "ha_tang"
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"code": "", "category": "ha_tang", "phrases": "ổ gà"}, "code"),
        ({"code": "C", "category": "ha_tang", "phrases": ""}, "category"),
        ({"code": "C", "category": "ha_tang", "phrases": "ổ gà|…"}, "phrases"),
        ({"code": "C", "category": "ha_tang", "phrases": "ổ gà", "valid_from": "01/07/2025"}, "valid_from"),
        ({"code": "C", "category": "ha_tang", "phrases": "ổ gà", "weight": "nặng"}, "weight"),
        ({"code": "C", "category": "ha_tang", "phrases": "ổ gà", "urgency": "gap"}, "urgency"),
        (
            {
                "code": "C",
                "category": "a",
                "phrases": "b",
                "valid_from": "2026-01-02",
                "valid_to": "2026-01-02",
            },
            "valid_to",
        ),
    ],
)
def test_a_wrong_row_is_refused_with_a_sentence_at_its_field(row: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rule_from_row(row, RuleKind.CATEGORY)
    assert list(refusal.value.fields) == [field]


def test_a_row_becomes_a_rule() -> None:
    row = {"code": "R-1", "category": "ha_tang", "body": "UBND_KTHT", "phrases": "ổ gà | mặt đường|ổ gà"}
    rule = rule_from_row(row | {"position": "10", "valid_from": "2025-07-01", "tag": "G"}, RuleKind.BODY)
    assert rule.phrases == ("ổ gà", "mặt đường")
    assert rule.valid_from == date(2025, 7, 1)
