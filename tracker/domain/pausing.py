"""What a pause of an answer's clock must keep to: a reason, a promised day, and no longer than the rule allows."""

from datetime import datetime

from tracker.domain.dates import date_words, time_words
from tracker.domain.errors import Invalid

REASON_MIN = 10
"""Letters: below, a reason says nothing."""


def check_pause(
    reason: str, promised_at: datetime | None, *, latest: datetime, due_at: datetime, now: datetime
) -> datetime:
    """Return when the pause ends by itself; raise Invalid with a sentence a field when it can't be like this.

    ``promised_at`` is when work begins again by the promise, ``latest`` the end of the longest pause allowed.
    """
    if now > due_at:
        raise Invalid(f"Hạn trả lời đã hết lúc {time_words(due_at)}. Việc đã quá hạn thì không tạm dừng.")
    errors: dict[str, str] = {}
    if len(reason) < REASON_MIN:
        errors["reason"] = "Ghi rõ đang chờ gì, chờ ai; lý do này chi bộ đọc được."
    if promised_at is None:
        errors["until"] = "Ghi ngày sẽ làm tiếp."
    elif promised_at <= now:
        errors["until"] = "Ngày làm tiếp phải sau hôm nay."
    elif promised_at > latest:
        errors["until"] = f"Mỗi lần tạm dừng không quá ngày {date_words(latest.date())}."
    if errors or promised_at is None:
        raise Invalid("Chưa tạm dừng được.", errors)
    return promised_at
