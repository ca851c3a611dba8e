"""How the quarter's figures are counted and written: fractions with their denominator, means, hidden counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tracker.domain.numbers import decimal_words, percent_words, whole_words

NOTHING = "không có"
"""What stands where there is nothing to divide by: never 0 % or 100 % of nothing."""

HIDE_BELOW = 3
"""Restricted concerns are told as a count only, and not even that below three (domain rule [G])."""


@dataclass(frozen=True)
class Share:
    """A part of a whole, kept as two counts so that nobody sees a rate without its denominator."""

    numerator: int = 0
    denominator: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator:
            raise ValueError(f"not a share: {self.numerator}/{self.denominator}")

    @property
    def percent(self) -> Decimal | None:
        """The rate in per cent to one decimal; None of nothing. Only all is 100, only none is 0."""
        if self.denominator == 0:
            return None
        exact = Decimal(100) * self.numerator / self.denominator
        rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
        if rounded == 100 and self.numerator < self.denominator:
            return Decimal("99.9")
        if rounded == 0 and self.numerator > 0:
            return Decimal("0.1")
        return rounded

    @property
    def percent_words(self) -> str:
        """Return "18,7 %", or "không có" of nothing."""
        return NOTHING if self.percent is None else percent_words(self.percent)

    @property
    def words(self) -> str:
        """Return "45/241 (18,7 %)", or "không có" when there is nothing to divide by."""
        if self.denominator == 0:
            return NOTHING
        part, whole = whole_words(self.numerator), whole_words(self.denominator)
        return f"{part}/{whole} ({self.percent_words})"

    @property
    def rest(self) -> int:
        """How many of the whole are not in the part."""
        return self.denominator - self.numerator

    def __add__(self, other: "Share") -> "Share":
        return Share(self.numerator + other.numerator, self.denominator + other.denominator)


NO_SHARE = Share()
"""A share of nothing."""


@dataclass(frozen=True)
class Mean:
    """A sum and how many it was drawn from."""

    total: Decimal = Decimal(0)
    count: int = 0

    @classmethod
    def of(cls, numbers: Iterable[Decimal]) -> "Mean":
        """Return the mean of the numbers; of none, a mean without value."""
        values = tuple(numbers)
        return cls(sum(values, Decimal(0)), len(values))

    @property
    def value(self) -> Decimal | None:
        return None if self.count == 0 else self.total / self.count

    @property
    def words(self) -> str:
        """Return "87,5", or "không có" of nothing."""
        return NOTHING if self.value is None else decimal_words(self.value)


@dataclass(frozen=True)
class HiddenCount:
    """A count of restricted concerns as it may be told. ``value`` is None where telling it would say too much."""

    value: int | None = None
    at_least: int = 0

    @property
    def words(self) -> str:
        """Return the count, "dưới 3", or "từ 3 trở lên" when the exact count would give away a hidden one."""
        if self.value is not None:
            return whole_words(self.value)
        return f"từ {HIDE_BELOW} trở lên" if self.at_least else f"dưới {HIDE_BELOW}"


def hide_small(total: int, groupings: Iterable[Iterable[int]]) -> HiddenCount:
    """Return the total as it may be told beside the counts of its parts, which are published in their own reports.

    A total under three is hidden. It is also hidden when taking away the parts that may be told would leave
    one or two (complementary suppression); ``groupings`` holds each way in which the total is cut into parts.
    """
    if total < HIDE_BELOW:
        return HiddenCount()
    for parts in groupings:
        if 0 < sum(part for part in parts if part < HIDE_BELOW) < HIDE_BELOW:
            return HiddenCount(None, HIDE_BELOW)
    return HiddenCount(total)
