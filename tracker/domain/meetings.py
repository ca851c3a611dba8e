"""The branch meeting: its kinds, its roll call, what a sheet may say, and when the next one is due."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from tracker.domain.dates import date_words, local_date, time_words
from tracker.domain.numbers import percent_words


class MeetingKind(StrEnum):
    """A regular meeting, a thematic one, or both on one occasion."""

    REGULAR = "regular"
    THEMATIC = "thematic"
    BOTH = "both"

    @property
    def is_regular(self) -> bool:
        """True when the meeting counts as the month's regular one (a thematic one doesn't replace it)."""
        return self is not MeetingKind.THEMATIC

    @property
    def is_thematic(self) -> bool:
        """True when the meeting counts as the quarter's thematic one."""
        return self is not MeetingKind.REGULAR


KIND_LABELS: dict[MeetingKind, str] = {
    MeetingKind.REGULAR: "Sinh hoạt thường kỳ",
    MeetingKind.THEMATIC: "Sinh hoạt chuyên đề",
    MeetingKind.BOTH: "Sinh hoạt thường kỳ kết hợp chuyên đề",
}


def percent(part: int, whole: int) -> Decimal:
    """Return part of whole in per cent with one decimal, cut off rather than rounded.

    Cut off, so that 89,96 % never reads "90 %" beside a threshold of 90 that wasn't reached.
    Thresholds themselves are compared in whole numbers, never with this figure. 0 when whole is 0.
    """
    if whole <= 0:
        return Decimal("0.0")
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), rounding=ROUND_DOWN)


@dataclass(frozen=True)
class RollCall:
    """The figures of a roll call, in persons. Nothing is checked here: see ``check_sheet``."""

    official: int
    probationary: int = 0
    exempt: int = 0
    temp_exempt: int = 0
    special_duty: int = 0
    present: int = 0
    excused: int = 0
    unexcused: int = 0

    @property
    def on_roll(self) -> int:
        """Official and probationary members: the absolute denominator."""
        return self.official + self.probationary

    @property
    def left_out(self) -> int:
        """Exempt, temporarily exempt and on special duty: not expected at the meeting."""
        return self.exempt + self.temp_exempt + self.special_duty

    @property
    def expected(self) -> int:
        """Those who should have come: the net denominator (negative only for an impossible roll)."""
        return self.on_roll - self.left_out

    @property
    def counted(self) -> int:
        """Present and absent together; equals ``expected`` on a sheet that can be right."""
        return self.present + self.excused + self.unexcused

    @property
    def rate(self) -> tuple[int, int]:
        """(present, expected), to be shown as a fraction."""
        return self.present, self.expected

    @property
    def percent(self) -> Decimal:
        """The rate in per cent, one decimal, cut off (see ``percent``)."""
        return percent(self.present, self.expected)

    @property
    def rate_words(self) -> str:
        """Return "24/26 (92,3 %)"."""
        return f"{self.present}/{self.expected} ({percent_words(self.percent)})"

    @property
    def most_voters(self) -> int:
        """The most official members that can have been present; probationary members don't vote."""
        return min(self.official, self.present)


ROLL_FIELDS = tuple(figure.name for figure in fields(RollCall))
"""The figures of a roll call in the order in which they are asked; the sheet's columns and boxes are named so."""


@dataclass(frozen=True)
class DurationRule:
    """The minutes that a meeting must last, by kind; more in branches from ``large_from`` members on."""

    regular: int
    thematic: int
    both: int
    large: int | None = None
    large_from: int | None = None


@dataclass(frozen=True)
class Rhythm:
    """The day of the month for the regular meeting, and the last day of "the first week" (both inclusive)."""

    day: int
    last_day: int


# HD 42 as reported for Ho Chi Minh City [S]: on the 3rd, else in the first week; "week" read as days 1-7 [G].
# The rubric's data holds the same figures with their source; this stands in where no rubric is in force.
USUAL_RHYTHM = Rhythm(day=3, last_day=7)


def required_minutes(kind: MeetingKind, rule: DurationRule, members: int = 0) -> int:
    """Return the minutes required of a meeting of this kind in a branch with so many members on its roll."""
    usual = {
        MeetingKind.REGULAR: rule.regular,
        MeetingKind.THEMATIC: rule.thematic,
        MeetingKind.BOTH: rule.both,
    }[kind]
    if rule.large is not None and rule.large_from is not None and members >= rule.large_from:
        return max(usual, rule.large)
    return usual


@dataclass(frozen=True)
class SheetFacts:
    """What a meeting sheet states; both times aware. ``required_minutes`` is None where no rule is known."""

    kind: MeetingKind
    held_on: date
    starts_at: datetime
    ends_at: datetime
    roll: RollCall
    superior_attended: bool = False
    required_minutes: int | None = None

    @property
    def minutes(self) -> int:
        """Whole minutes from start to end."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def short_by(self) -> int:
        """Minutes missing from the required time; 0 when it was reached or none is known."""
        return max(0, (self.required_minutes or 0) - self.minutes)


@dataclass(frozen=True)
class SheetLimits:
    """Bounds beyond which a figure is a slip of the pen. They are ours, not the party's rules [G]."""

    longest: timedelta = timedelta(hours=12)
    oldest: timedelta = timedelta(days=400)
    clock_slack: timedelta = timedelta(minutes=15)
    most_members: int = 2000


USUAL_LIMITS = SheetLimits()

_FIGURES = {
    "official": "Số đảng viên chính thức",
    "probationary": "Số đảng viên dự bị",
    "exempt": "Số đảng viên được miễn sinh hoạt",
    "temp_exempt": "Số đảng viên được tạm miễn sinh hoạt",
    "special_duty": "Số đảng viên làm nhiệm vụ đặc thù",
    "present": "Số có mặt",
    "excused": "Số vắng có lý do",
    "unexcused": "Số vắng không lý do",
}


def check_sheet(
    facts: SheetFacts,
    now: datetime,
    has_regular_that_month: bool,
    limits: SheetLimits = USUAL_LIMITS,
) -> dict[str, str]:
    """Return a Vietnamese sentence for each field that can't be right; empty when the sheet can be taken.

    Fields: kind, held_on, starts, ends and the eight of the roll call. ``has_regular_that_month`` tells
    whether *another* sheet of this branch already holds that month's regular meeting.
    Raises ValueError for naive times.
    """
    errors = check_times(facts, now, limits) | check_roll(facts.roll, limits)
    if has_regular_that_month and facts.kind.is_regular:
        errors["kind"] = (
            f"Tháng {facts.held_on.month}/{facts.held_on.year} chi bộ đã có buổi sinh hoạt thường kỳ. "
            "Hãy sửa phiếu đã có, chọn sinh hoạt chuyên đề, hoặc kiểm tra lại ngày họp."
        )
    return errors


def check_times(facts: SheetFacts, now: datetime, limits: SheetLimits = USUAL_LIMITS) -> dict[str, str]:
    """Return what is wrong with the day and the times, by field; raise ValueError for naive times."""
    errors: dict[str, str] = {}
    today = local_date(now)
    starts_on, length = local_date(facts.starts_at), facts.ends_at - facts.starts_at
    local_date(facts.ends_at)
    if facts.held_on > today:
        errors["held_on"] = (
            f"Ngày họp {date_words(facts.held_on)} chưa tới (hôm nay là {date_words(today)}). "
            "Hãy sửa lại ngày họp."
        )
    elif today - facts.held_on > limits.oldest:
        errors["held_on"] = (
            f"Ngày họp {date_words(facts.held_on)} đã quá {limits.oldest.days} ngày. Hãy kiểm tra lại năm."
        )
    if starts_on != facts.held_on:
        errors["starts"] = "Giờ bắt đầu không thuộc ngày họp. Hãy sửa giờ bắt đầu hoặc ngày họp."
    if length <= timedelta(0):
        errors["ends"] = "Giờ kết thúc phải sau giờ bắt đầu. Hãy sửa một trong hai giờ."
    elif length > limits.longest:
        hours = int(limits.longest.total_seconds() // 3600)
        errors["ends"] = f"Buổi họp dài hơn {hours} giờ. Hãy kiểm tra lại giờ bắt đầu và giờ kết thúc."
    elif "held_on" not in errors and facts.ends_at > now + limits.clock_slack:
        errors["ends"] = (
            f"Giờ kết thúc {time_words(facts.ends_at)} chưa tới. "
            "Hãy gửi phiếu khi buổi họp đã kết thúc; phần đã nhập vẫn được giữ."
        )
    return errors


def check_roll(roll: RollCall, limits: SheetLimits = USUAL_LIMITS) -> dict[str, str]:
    """Return what is impossible in the roll call, by field; empty when the figures agree.

    Present, excused and unexcused together must equal those expected (``RollCall.expected``).
    """
    if errors := dict(_figures_out_of_range(roll, limits)):
        return errors
    if roll.on_roll == 0:
        return {"official": "Chi bộ phải có ít nhất một đảng viên trong danh sách."}
    if roll.expected <= 0:
        return {_largest_left_out(roll): _left_out_sentence(roll)}
    if roll.counted != roll.expected:
        return {"present": _unequal_sentence(roll)}
    if roll.present == 0:
        return {"present": "Buổi họp không có ai dự thì không lập phiếu. Hãy nhập số đảng viên có mặt."}
    return {}


def _figures_out_of_range(roll: RollCall, limits: SheetLimits) -> Iterator[tuple[str, str]]:
    for field, words in _FIGURES.items():
        value: int = getattr(roll, field)
        if value < 0:
            yield field, f"{words} không được nhỏ hơn 0."
        elif value > limits.most_members:
            yield field, f"{words} là {value}, lớn quá mức có thể. Hãy kiểm tra lại."


def _largest_left_out(roll: RollCall) -> str:
    return max(("exempt", "temp_exempt", "special_duty"), key=lambda field: int(getattr(roll, field)))


def _left_out_sentence(roll: RollCall) -> str:
    return (
        f"Số được miễn, tạm miễn và làm nhiệm vụ đặc thù là {roll.left_out}, "
        f"trong khi danh sách có {roll.on_roll} đảng viên: không còn ai phải dự họp. "
        "Hãy sửa các số này hoặc số đảng viên."
    )


def _unequal_sentence(roll: RollCall) -> str:
    difference = roll.counted - roll.expected
    more_or_less = f"thừa {difference}" if difference > 0 else f"thiếu {-difference}"
    return (
        f"Có mặt {roll.present} + vắng có lý do {roll.excused} + vắng không lý do {roll.unexcused} "
        f"= {roll.counted}, nhưng số phải dự họp là {roll.expected} (danh sách {roll.on_roll} trừ "
        f"{roll.left_out} miễn, tạm miễn, nhiệm vụ đặc thù): {more_or_less} người. "
        "Hãy sửa số có mặt, số vắng hoặc số được miễn; người được miễn mà vẫn dự thì không tính vào có mặt."
    )


@dataclass(frozen=True)
class MeetingDue:
    """The next regular meeting: the first day of its month, its day, the last day in time, and why."""

    month: date
    on: date
    until: date
    is_late: bool
    missed: int
    because: str


def next_meeting_due(
    last_regular_month: date | None, today: date, rhythm: Rhythm = USUAL_RHYTHM
) -> MeetingDue:
    """Return the month for which a regular meeting is due next, with its day and the reason.

    ``last_regular_month`` is any day in the month of the latest regular meeting, None when there is none.
    ``missed`` counts whole months that passed since without one. Rule: HD 42, as reported in the press [S].
    """
    this_month = today.replace(day=1)
    last = last_regular_month.replace(day=1) if last_regular_month else None
    month = this_month if last is None or last < this_month else _next_month(last)
    missed = 0 if last is None else max(0, _months_between(last, month) - 1)
    on, until = month.replace(day=rhythm.day), month.replace(day=rhythm.last_day)
    because = (
        f"Sinh hoạt thường kỳ mỗi tháng một lần, vào ngày {rhythm.day:02d}, "
        f"nếu không thì trong tuần đầu tháng (đến {date_words(until)})."
    )
    if missed:
        because += f" Đã qua {missed} tháng chưa có phiếu sinh hoạt thường kỳ."
    if today > until:
        because += f" Tháng {month.month}/{month.year} đã quá hạn này."
    return MeetingDue(month, on, until, today > until, missed, because)


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _months_between(earlier: date, later: date) -> int:
    return 12 * (later.year - earlier.year) + later.month - earlier.month
