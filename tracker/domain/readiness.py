"""Is what must go on by itself going on? Judged by when each part last did its work."""

from collections.abc import Mapping
from datetime import datetime, timedelta

SCHEDULE = "schedule"
"""Written by the schedule itself, at least once a minute."""
SWEEP = "sweep"
"""Written at the end of each sweep, in its own transaction."""
DELIVERY = "delivery"
"""Written at the end of each round of letters."""
AUDIT = "audit_verified"
"""Written when somebody found the audit chain whole; nothing waits for it."""

WORDS: Mapping[str, str] = {
    SCHEDULE: "Lịch chạy định kỳ",
    SWEEP: "Việc rà hạn",
    DELIVERY: "Việc gửi thư báo",
}


def overdue(beats: Mapping[str, datetime], now: datetime, limit: timedelta) -> dict[str, str]:
    """Return, for each part that did nothing for longer than ``limit``, a Vietnamese sentence that says so.

    A part that never worked is overdue too, and one whose last time lies as far ahead, of which nothing is known
    then; one that worked exactly ``limit`` ago is not.
    """
    found = {}
    for name, words in WORDS.items():
        at = beats.get(name)
        if at is None:
            found[name] = f"{words} chưa chạy lần nào."
        elif now - at > limit:
            minutes = int((now - at).total_seconds() // 60)
            found[name] = f"{words} chạy lần cuối cách đây {minutes} phút."
        elif at - now > limit:
            found[name] = f"{words} ghi giờ ở tương lai; hãy xem lại đồng hồ của máy."
    return found
