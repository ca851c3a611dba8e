"""When a letter goes out: nothing at night or on a day off, except what is urgent; a digest for who chose it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracker.domain.calendar import WorkingCalendar, instant
from tracker.domain.dates import time_words


class MailChoice(StrEnum):
    """How a person wishes to have notices by mail."""

    EACH = "each"
    DAILY = "daily"
    DAILY_URGENT = "urgent"


MAIL_CHOICE_WORDS: Mapping[str, str] = {
    MailChoice.EACH: "Từng thư, trong giờ làm việc",
    MailChoice.DAILY: "Một thư tóm tắt, đầu mỗi ngày làm việc",
    MailChoice.DAILY_URGENT: "Một thư tóm tắt mỗi ngày; việc khẩn gửi ngay",
}


class MailState(StrEnum):
    """What became of a notice's letter: none is sent, it waits, it is held for the digest or told by it …"""

    NONE = "none"
    WAITING = "waiting"
    HELD = "held"
    GATHERED = "gathered"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True)
class MailTime:
    """When a letter may go (None: with the next digest), and why then, in Vietnamese."""

    at: datetime | None
    because: str


def mail_time(now: datetime, calendar: WorkingCalendar, choice: str, *, is_urgent: bool) -> MailTime:
    """Return when what is told at ``now`` goes by mail to a person of that choice.

    What is urgent goes at once, by day and night, to all but those who chose the digest alone; the rest in
    working time, so that nobody's telephone sounds at midnight or on a Sunday (zammad#2157). Our recommendation.
    """
    if choice == MailChoice.DAILY or (choice == MailChoice.DAILY_URGENT and not is_urgent):
        return MailTime(None, "Người nhận chọn một thư tóm tắt đầu mỗi ngày làm việc.")
    if is_urgent:
        return MailTime(now, "Việc khẩn: gửi ngay, cả ngoài giờ.")
    opens = calendar.next_open(now)
    if opens <= instant(now):
        return MailTime(now, "Đang trong giờ làm việc: gửi ngay.")
    return MailTime(opens, f"Ngoài giờ làm việc: gửi lúc {time_words(opens)}.")
