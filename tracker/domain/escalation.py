"""The ladder's rungs: who is told when an answer is late, and after how long; what is reached at once.

The levels and waits are our recommendation (domain tag G), kept as dated data; nothing here knows a number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.calendar import WorkingCalendar, instant
from tracker.domain.deadlines import Pause, instant_at_percent, shift
from tracker.domain.errors import Invalid
from tracker.domain.time_limits import Clock, LimitUnit, fitting, specificity

RECIPIENT_WORDS: Mapping[str, str] = {
    "official": "cán bộ đơn vị xử lý",
    "body_head": "người đứng đầu đơn vị xử lý",
    "committee_member": "cấp ủy viên theo dõi chi bộ",
    "standing_members": "Thường trực cấp ủy",
    "standing_committee": "Ban Thường vụ",
    "office": "Văn phòng cấp ủy",
    "branch_secretary": "bí thư chi bộ",
}
"""Who can stand on a rung: codes of roles, and how a sentence names them."""


@dataclass(frozen=True)
class Rung:
    """One level of the ladder, in force from ``valid_from`` (inclusive) to ``valid_to`` (exclusive).

    It is reached at a share of the time (``at_percent``), so long after the due time (``after_amount`` of
    ``after_unit``; 0 is the due time itself), or at once: by so many reopenings, bounces, or meetings in which
    the concern was raised. A share counts working time, or day and night when ``after_unit`` is ``hours``.
    ``category`` and ``urgency`` None mean any that has no row of its own.
    Raises Invalid for a level below 1, an unknown recipient, or a wait that says nothing or two things.
    """

    level: int
    code: str
    name: str
    recipient: str
    is_warning: bool = False
    at_percent: int | None = None
    after_amount: int | None = None
    after_unit: LimitUnit | None = None
    urgency: str | None = None
    after_reopenings: int | None = None
    after_bounces: int | None = None
    after_meetings: int | None = None
    clock: Clock = Clock.ANSWER
    category: str | None = None
    valid_from: date = date.min
    valid_to: date | None = None
    source: str = ""
    tag: str = "G"

    def __post_init__(self) -> None:
        if self.level < 1:
            raise self._wrong("level", "cấp phải từ 1 trở lên.")
        if self.recipient not in RECIPIENT_WORDS:
            raise self._wrong("recipient", "chưa có người nhận hợp lệ.")
        if self.at_percent is not None and self.after_amount is not None:
            raise self._wrong("at_percent", "chỉ chọn một, hoặc phần trăm thời hạn, hoặc thời gian sau hạn.")
        at_once = (self.after_reopenings, self.after_bounces, self.after_meetings)
        if self.at_percent is None and self.after_amount is None and not any(at_once):
            raise self._wrong("at_percent", "chưa ghi khi nào thì đôn đốc.")
        if self.at_percent is not None and not 1 <= self.at_percent <= 100:
            raise self._wrong("at_percent", "phần trăm thời hạn phải từ 1 đến 100.")
        if self.after_amount is not None and (self.after_amount < 0 or self.after_unit is None):
            raise self._wrong("after_amount", "thời gian sau hạn phải từ 0 trở lên và có đơn vị tính.")

    def _wrong(self, name: str, words: str) -> Invalid:
        sentence = f"Bậc đôn đốc “{self.code}”: {words}"
        return Invalid(sentence, {name: sentence})

    def holds_on(self, on: date) -> bool:
        """Return whether the rung is in force on the day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


def rungs_for(
    ladder: Iterable[Rung],
    urgency: str | None,
    on: date,
    *,
    clock: str = Clock.ANSWER,
    category: str | None = None,
) -> tuple[Rung, ...]:
    """Return the clock's rungs in force on the day, one a level, in order of level.

    A row for the urgency stands before one for any, then one for the category, then the newer; none in force is
    an empty ladder.
    """
    chosen: dict[int, Rung] = {}
    for rung in fitting((rung for rung in ladder if rung.clock == clock), category, urgency, on):
        chosen[rung.level] = rung
    return tuple(chosen[level] for level in sorted(chosen))


def level_words(ladder: Iterable[Rung], on: date) -> Mapping[int, str]:
    """Return what each level of the answer's ladder on the day does, in words: nobody should have to know a number.

    The row for any category and urgency names the level, where there is one.
    """
    chosen: dict[int, str] = {}
    of_answers = (one for one in ladder if one.holds_on(on) and one.clock == Clock.ANSWER)
    for rung in sorted(of_answers, key=specificity, reverse=True):
        chosen[rung.level] = f"{'Nhắc' if rung.is_warning else 'Báo'} {RECIPIENT_WORDS[rung.recipient]}"
    return dict(sorted(chosen.items()))


def rung_instant(
    rung: Rung,
    start: datetime,
    due_at: datetime,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause] = (),
) -> datetime | None:
    """Return when time alone reaches the rung, never before ``start`` (glpi#15357); None when it never does.

    A share of the time leaves out what was paused.
    """
    if rung.at_percent is not None:
        in_wall_time = rung.after_unit is LimitUnit.HOURS
        return instant_at_percent(
            start, due_at, rung.at_percent, calendar, in_wall_time=in_wall_time, pauses=pauses
        )
    if rung.after_amount is not None and rung.after_unit is not None:
        return max(instant(start), shift(due_at, rung.after_amount, rung.after_unit, calendar))
    return None


def reopened_level(rungs: Sequence[Rung], current_level: int, reopened_count: int) -> int:
    """Return the level of a ticket that the branch sent back: the next level of authority above the current.

    The first is that of the body's head. A rung with ``after_reopenings`` is reached at once by so many.
    Without a level above, the current one stays; an empty ladder leaves it as well.
    """
    authority = [rung for rung in rungs if not rung.is_warning]
    above = [rung.level for rung in authority if rung.level > current_level][:1]
    return max([current_level, *above, *_at_once(rungs, "after_reopenings", reopened_count)])


def bounced_level(rungs: Sequence[Rung], current_level: int, bounce_count: int) -> int:
    """Return the level after so many bounces: that of a rung with ``after_bounces``, never below the current."""
    return max([current_level, *_at_once(rungs, "after_bounces", bounce_count)])


def first_level(rungs: Sequence[Rung], raised_count: int) -> int:
    """Return the level at which a concern begins that was raised in so many meetings; 0 for a new one."""
    return max([0, *_at_once(rungs, "after_meetings", raised_count)])


def _at_once(rungs: Sequence[Rung], name: str, count: int) -> list[int]:
    return [
        rung.level
        for rung in rungs
        if not rung.is_warning and getattr(rung, name) is not None and getattr(rung, name) <= count
    ]
