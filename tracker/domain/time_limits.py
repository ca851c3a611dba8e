"""Time limits as dated rules: how much time, in which unit, from which event, and which rule applies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from tracker.domain.dates import date_words
from tracker.domain.errors import Invalid

MAX_AMOUNT = 2000


class LimitUnit(StrEnum):
    """In what a limit is counted. ``hours`` run day and night, for what can't wait; ``working_hours`` don't."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"
    HOURS = "hours"


UNIT_WORDS: Mapping[str, str] = {
    LimitUnit.CALENDAR_DAYS: "ngày",
    LimitUnit.WORKING_DAYS: "ngày làm việc",
    LimitUnit.WORKING_HOURS: "giờ làm việc",
    LimitUnit.HOURS: "giờ",
}

DAY_UNITS = frozenset({LimitUnit.CALENDAR_DAYS, LimitUnit.WORKING_DAYS})


class Clock(StrEnum):
    """What a limit is for. Each clock runs and stops on its own."""

    ROUTE = "route"
    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    BRING_BACK = "bring_back"
    EXTENSION = "extension"
    PAUSE = "pause"
    FORWARD = "forward"
    ATTENDEE_REPORT = "attendee_report"
    RECEIPT_NOTICE = "receipt_notice"
    UPLOAD = "upload"
    DENUNCIATION = "denunciation"
    DENUNCIATION_COMPLEX = "denunciation_complex"
    DENUNCIATION_VERY_COMPLEX = "denunciation_very_complex"


CLOCK_WORDS: Mapping[str, str] = {
    Clock.ROUTE: "phân loại, chuyển đơn vị xử lý",
    Clock.ACKNOWLEDGE: "tiếp nhận",
    Clock.ANSWER: "trả lời",
    Clock.BRING_BACK: "mang trả lời về chi bộ",
    Clock.EXTENSION: "xét đề nghị gia hạn",
    Clock.PAUSE: "tạm dừng dài nhất",
    Clock.FORWARD: "phản ánh tới nơi giải quyết",
    Clock.ATTENDEE_REPORT: "báo cáo của cấp ủy viên dự họp",
    Clock.RECEIPT_NOTICE: "báo đã nhận",
    Clock.UPLOAD: "đưa tài liệu lên sổ tay",
    Clock.DENUNCIATION: "giải quyết tố cáo",
    Clock.DENUNCIATION_COMPLEX: "giải quyết tố cáo phức tạp",
    Clock.DENUNCIATION_VERY_COMPLEX: "giải quyết tố cáo đặc biệt phức tạp",
}


class StartEvent(StrEnum):
    """What sets a clock running; ``taken_up`` is the acceptance of a denunciation (thụ lý)."""

    FILED = "filed"
    ROUTED = "routed"
    MEETING_ENDED = "meeting_ended"
    ANSWERED = "answered"
    TAKEN_UP = "taken_up"
    ASKED = "asked"


EVENT_WORDS: Mapping[str, str] = {
    StartEvent.FILED: "ghi nhận kiến nghị",
    StartEvent.ROUTED: "chuyển tới đơn vị xử lý",
    StartEvent.MEETING_ENDED: "kết thúc cuộc họp",
    StartEvent.ANSWERED: "có trả lời",
    StartEvent.TAKEN_UP: "thụ lý",
    StartEvent.ASKED: "có đề nghị",
}


TICKET_CLOCKS = (Clock.ROUTE, Clock.ACKNOWLEDGE, Clock.ANSWER, Clock.BRING_BACK, Clock.EXTENSION)
"""The clocks that a ticket carries as rows of its own; the others are reckoned when they are asked for."""


@dataclass(frozen=True)
class TimeLimit:
    """One dated rule; ``valid_to`` is exclusive. ``category`` and ``urgency`` None mean any.

    The first day is not counted, and an end on a day off moves to the next working day, unless the row says
    otherwise (Bộ luật Dân sự art. 147-148). Raises Invalid for an amount that isn't 1..2000.
    """

    code: str
    clock: Clock
    name: str
    amount: int
    unit: LimitUnit
    start_event: StartEvent
    category: str | None = None
    urgency: str | None = None
    first_day_counted: bool = False
    roll_to_working: bool = True
    valid_from: date = date.min
    valid_to: date | None = None
    source: str = ""
    tag: str = "G"

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= MAX_AMOUNT:
            raise Invalid(
                f"Thời hạn “{self.code}”: số lượng phải từ 1 đến {MAX_AMOUNT}, không phải {self.amount}."
            )

    def holds_on(self, on: date) -> bool:
        """Return whether the rule is in force on the day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    @property
    def words(self) -> str:
        """Return the limit as people say it, the unit always named: "10 ngày làm việc" (froide#312)."""
        return f"{self.amount} {UNIT_WORDS[self.unit]}"


class Scoped(Protocol):
    """A dated rule for concerns of a field and an urgency; None means any."""

    @property
    def code(self) -> str: ...
    @property
    def category(self) -> str | None: ...
    @property
    def urgency(self) -> str | None: ...
    @property
    def valid_from(self) -> date: ...
    def holds_on(self, on: date) -> bool: ...


ScopedRule = TypeVar("ScopedRule", bound=Scoped)


def specificity(rule: Scoped) -> tuple[bool, bool, date, str]:
    """Return by what the more specific of two rules is the greater.

    Urgency weighs more than category, then the newer, then the code.
    """
    return rule.urgency is not None, rule.category is not None, rule.valid_from, rule.code


def fitting(
    rules: Iterable[ScopedRule], category: str | None, urgency: str | None, on: date
) -> list[ScopedRule]:
    """Return the rules in force on the day that hold for such a concern, the most specific last."""
    found = (
        rule
        for rule in rules
        if rule.holds_on(on) and rule.category in (None, category) and rule.urgency in (None, urgency)
    )
    return sorted(found, key=specificity)


def choose_limit(
    limits: Iterable[TimeLimit], clock: str, category: str | None, urgency: str | None, on: date
) -> TimeLimit:
    """Return the most specific rule in force on the day: urgency weighs more than category, then the newest.

    Raises Invalid when there is none: no rule is no match, never a guess (frappe/helpdesk PR #3547).
    """
    found = fitting((limit for limit in limits if limit.clock == clock), category, urgency, on)
    if not found:
        raise Invalid(f"Chưa có thời hạn “{clock}” có hiệu lực ngày {date_words(on)}.")
    return found[-1]


def limit_by_code(limits: Iterable[TimeLimit], code: str, on: date) -> TimeLimit:
    """Return the rule of that code in force on the day; raise Invalid, naming the known codes, when there is none."""
    known = {limit.code: limit for limit in limits if limit.holds_on(on)}
    if code in known:
        return known[code]
    codes = f"Các mã có hiệu lực: {', '.join(sorted(known))}." if known else "Ngày ấy chưa có thời hạn nào."
    raise Invalid(f"Không có thời hạn mang mã “{code}” có hiệu lực ngày {date_words(on)}. {codes}")
