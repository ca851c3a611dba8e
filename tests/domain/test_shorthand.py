from datetime import date

from tracker.domain.shorthand import Shorthand, shorthand_on, spelled_out

TABLE = (
    Shorthand("gpmb", "giải phóng mặt bằng"),
    Shorthand("TĐC", "tái định cư", date(2026, 1, 1), date(2027, 1, 1)),
)


def test_short_forms_are_spelled_out_as_whole_words_in_any_case():
    table = shorthand_on(TABLE, date(2026, 5, 1))

    assert spelled_out("Tiền GPMB, tđc; gpmbx", table) == "Tiền giải phóng mặt bằng, tái định cư; gpmbx"


def test_a_decomposed_short_form_is_the_same():
    assert spelled_out("khu TĐC", shorthand_on(TABLE, date(2026, 5, 1))) == "khu tái định cư"


def test_a_short_form_counts_from_its_first_day_up_to_its_last():
    assert "tđc" not in shorthand_on(TABLE, date(2025, 12, 31))
    assert "tđc" in shorthand_on(TABLE, date(2026, 1, 1))
    assert "tđc" not in shorthand_on(TABLE, date(2027, 1, 1))


def test_comrade_is_told_by_its_slash():
    assert spelled_out("đ/c Hùng, Đ/c Mai", {}) == "đồng chí Hùng, đồng chí Mai"
