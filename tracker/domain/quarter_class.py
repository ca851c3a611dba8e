"""The quarter's compilation of its months' classes. No national quarterly class exists: this is ours [G]."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from tracker.domain.rubric import Grade

QUARTER_LABEL = "tổng hợp quý, không phải xếp loại chính thức"


@dataclass(frozen=True)
class MonthResult:
    """A month's regular meeting. ``on_hundred`` and ``grade`` are None when it isn't scored yet.

    ``is_excused``: it wasn't held, and the upper committee accepted the reason.
    """

    is_held: bool
    grade: Grade | None = None
    on_hundred: Decimal | None = None
    is_excused: bool = False


@dataclass(frozen=True)
class QuarterRule:
    """How many months must be Tốt, and how many Khá or better. A proposal of this product [G]."""

    good_months: int = 2
    fair_months: int = 2


@dataclass(frozen=True)
class QuarterClass:
    """The quarter's compilation; ``grade`` is None while it can't be told. Always shown with ``label``."""

    grade: Grade | None
    mean: Decimal | None
    because: str
    label: str = QUARTER_LABEL


USUAL_QUARTER_RULE = QuarterRule()


def quarter_class(
    months: Sequence[MonthResult],
    thematic_held: bool,
    reports_overdue: int,
    rule: QuarterRule = USUAL_QUARTER_RULE,
) -> QuarterClass:
    """Return the compilation of a quarter's three months. Source: a proposal [G], domain.md §2.9.

    Fewer than three months, or a held month without a class, give no grade unless the quarter is Kém
    already. The mean is over the scored months, one decimal, cut off.
    """
    mean = _mean([month.on_hundred for month in months if month.on_hundred is not None])
    if any(not month.is_held and not month.is_excused for month in months):
        return QuarterClass(Grade.KEM, mean, "Có tháng không sinh hoạt mà không có lý do được chấp nhận.")
    grades = [month.grade for month in months if month.is_held and month.grade is not None]
    if Grade.KEM in grades:
        return QuarterClass(Grade.KEM, mean, "Có tháng xếp loại Kém.")
    if len(months) < 3:
        return QuarterClass(None, mean, f"Mới có {len(months)} trong 3 tháng của quý: chưa tổng hợp được.")
    if not grades or len(grades) < sum(month.is_held for month in months):
        return QuarterClass(None, mean, "Có tháng chưa có kết quả chấm điểm: chưa tổng hợp được.")
    grade, because = _above_kem(grades, len(grades) == len(months), thematic_held, reports_overdue, rule)
    return QuarterClass(grade, mean, because)


def _above_kem(
    grades: Sequence[Grade], all_held: bool, thematic_held: bool, overdue: int, rule: QuarterRule
) -> tuple[Grade, str]:
    good = sum(grade is Grade.TOT for grade in grades)
    fair = sum(grade.rank >= Grade.KHA.rank for grade in grades)
    lacks = [
        sentence
        for holds, sentence in (
            (all_held, "có tháng không sinh hoạt (lý do được chấp nhận)"),
            (fair == len(grades), "có tháng dưới mức Khá"),
            (good >= rule.good_months, f"có {good} tháng Tốt, cần {rule.good_months}"),
            (thematic_held, "chưa sinh hoạt chuyên đề trong quý"),
            (overdue == 0, f"có {overdue} báo cáo quá hạn"),
        )
        if not holds
    ]
    if not lacks:
        return Grade.TOT, "Đủ các buổi, đều từ Khá trở lên, có chuyên đề, không có báo cáo quá hạn."
    reasons = "; ".join(lacks)
    if fair >= rule.fair_months:
        return Grade.KHA, f"{fair} tháng từ Khá trở lên, không tháng nào Kém. Chưa đạt Tốt vì {reasons}."
    return Grade.TRUNG_BINH, f"Không tháng nào Kém, nhưng chỉ {fair} tháng từ Khá trở lên; {reasons}."


def _mean(figures: Sequence[Decimal]) -> Decimal | None:
    if not figures:
        return None
    mean = sum(figures, Decimal(0)) / len(figures)
    return mean.quantize(Decimal("0.1"), rounding=ROUND_DOWN)
