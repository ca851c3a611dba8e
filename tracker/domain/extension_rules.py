"""Who grants more time for an answer, how much at once and how often: dated rules, and what a request must keep to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.dates import time_words
from tracker.domain.errors import Invalid
from tracker.domain.extensions import Extension
from tracker.domain.time_limits import MAX_AMOUNT, UNIT_WORDS, LimitUnit, fitting

DECIDER_WORDS: Mapping[str, str] = {
    "body_head": "Người đứng đầu đơn vị xử lý",
    "office": "Văn phòng cấp ủy",
    "standing_members": "Thường trực cấp ủy",
    "standing_committee": "Ban Thường vụ",
}
"""Who may be named to decide: codes of roles."""

REASON_MIN = 10
"""Letters: below, a reason says nothing."""


@dataclass(frozen=True)
class ExtensionRule:
    """One dated rule; ``valid_to`` is exclusive, ``category`` and ``urgency`` None mean any.

    Raises Invalid for amounts that aren't 1..2000 and a decider who is none.
    """

    code: str
    name: str
    max_amount: int
    unit: LimitUnit
    max_times: int
    decider: str
    category: str | None = None
    urgency: str | None = None
    valid_from: date = date.min
    valid_to: date | None = None
    source: str = ""
    tag: str = "G"

    def __post_init__(self) -> None:
        for field, value in (("max_amount", self.max_amount), ("max_times", self.max_times)):
            if not 1 <= value <= MAX_AMOUNT:
                sentence = f"Quy tắc gia hạn “{self.code}”: số phải từ 1 đến {MAX_AMOUNT}."
                raise Invalid(sentence, {field: sentence})
        if self.decider not in DECIDER_WORDS:
            sentence = f"Quy tắc gia hạn “{self.code}”: chưa có người quyết định hợp lệ."
            raise Invalid(sentence, {"decider": sentence})

    def holds_on(self, on: date) -> bool:
        """Return whether the rule is in force on the day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    @property
    def words(self) -> str:
        """Return what it allows, the unit always named (froide#312)."""
        unit = UNIT_WORDS[self.unit]
        return f"mỗi lần nhiều nhất {self.max_amount} {unit}, không quá {self.max_times} lần"


def choose_extension_rule(
    rules: Iterable[ExtensionRule], category: str | None, urgency: str | None, on: date
) -> ExtensionRule | None:
    """Return the most specific rule in force on the day, urgency before category; None where none allows any."""
    return next(reversed(fitting(rules, category, urgency, on)), None)


@dataclass(frozen=True)
class AskExtension:
    """More time asked for: how much, in the rule's unit, and why."""

    amount: int | None
    reason: str


def check_request(
    asked: AskExtension, rule: ExtensionRule | None, *, used: int, due_at: datetime, now: datetime
) -> Extension:
    """Return the extension asked for; raise Invalid with a sentence a field when the rule doesn't allow it.

    ``used`` counts requests of this round that were granted or refused; a withdrawn one used nothing up.
    """
    if rule is None:
        raise Invalid("Chưa có quy tắc nào cho phép gia hạn kiến nghị này.")
    if now > due_at:
        raise Invalid(
            f"Hạn trả lời đã hết lúc {time_words(due_at)}. Đề nghị gia hạn phải gửi trước khi hết hạn."
        )
    if used >= rule.max_times:
        raise Invalid(f"Đã xét gia hạn {used} lần. Quy tắc cho phép {rule.words}.")
    errors: dict[str, str] = {}
    amount = asked.amount or 0
    if not 1 <= amount <= rule.max_amount:
        errors["amount"] = f"Ghi số từ 1 đến {rule.max_amount} ({UNIT_WORDS[rule.unit]})."
    if len(asked.reason) < REASON_MIN:
        errors["reason"] = "Ghi rõ vì sao cần thêm thời gian, để chi bộ cũng hiểu được."
    if errors:
        raise Invalid("Chưa gửi được đề nghị gia hạn.", errors)
    return Extension(amount, rule.unit, asked.reason)
