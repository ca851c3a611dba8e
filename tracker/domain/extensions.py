"""More time for a limit that runs: how much, in which unit, and why."""

from dataclasses import dataclass

from tracker.domain.errors import Invalid
from tracker.domain.time_limits import MAX_AMOUNT, UNIT_WORDS, LimitUnit


@dataclass(frozen=True)
class Extension:
    """More time granted for a limit that runs; raises Invalid for an amount that isn't 1..2000."""

    amount: int
    unit: LimitUnit
    because: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= MAX_AMOUNT:
            raise Invalid(f"Gia hạn {self.words}: số lượng phải từ 1 đến {MAX_AMOUNT}.")

    @classmethod
    def parse(cls, text: str) -> "Extension":
        """Return the extension written "5 working_days"; raise Invalid otherwise (froide#312: no other units)."""
        amount, _, unit = text.strip().partition(" ")
        if not amount.removeprefix("-").isdecimal() or unit.strip() not in set(LimitUnit):
            raise Invalid(
                f"Gia hạn “{text}” không đọc được; viết như “5 working_days” ({', '.join(LimitUnit)})."
            )
        return cls(int(amount), LimitUnit(unit.strip()))

    @property
    def words(self) -> str:
        """Return it as people say it, the unit always named: "5 ngày làm việc" (froide#312)."""
        return f"{self.amount} {UNIT_WORDS[self.unit]}"
