"""How a secretary tells the branch what became of its concerns: sentences that can be read aloud."""

from datetime import datetime

from tracker.domain.dates import date_words, local_date
from tracker.domain.tickets import Status


def lateness(due_at: datetime | None, now: datetime) -> tuple[str, str]:
    """Return (sentence, state) of a due time: state is "late", "soon" (within three days), "ok" or "" for none.

    Days are calendar days in Vietnam, so that everybody in the room can count them; "late" begins with the
    due instant itself.
    """
    if due_at is None:
        return "", ""
    days = (local_date(due_at) - local_date(now)).days
    day = date_words(local_date(due_at))
    if now >= due_at:
        return f"đã quá hạn {-days} ngày (hạn {day})" if days < 0 else f"đã quá hạn hôm nay ({day})", "late"
    if days == 0:
        return f"hạn trả lời là hôm nay ({day})", "soon"
    return f"hạn trả lời {day}, còn {days} ngày", "soon" if days <= 3 else "ok"


def answer_words(body_name: str, settled_by: str, answered_at: datetime) -> str:
    """Return who answered and when, as an opening for the answer's own words."""
    day = date_words(local_date(answered_at))
    if settled_by:
        return f"{settled_by} giải quyết ngay tại buổi họp ngày {day}:"
    return f"{body_name} trả lời ngày {day}:"


def waiting_words(
    status: str,
    body_name: str,
    due_at: datetime | None,
    now: datetime,
    *,
    level_name: str = "",
    reopened: int = 0,
    paused_until: datetime | None = None,
) -> str:
    """Return why a concern is still open, where it lies, how long it has and how far up it was reported."""
    where = {
        Status.TRIAGE: "Văn phòng cấp ủy đang phân loại để giao đơn vị trả lời",
        Status.ROUTED: f"Đã chuyển {body_name}, đơn vị chưa báo tiếp nhận",
        Status.ACKNOWLEDGED: f"{body_name} đã tiếp nhận, chưa trả lời",
    }.get(Status(status), "")
    again = f"; chi bộ chưa đồng ý {reopened} lần nên phải trả lời lại" if reopened else ""
    time_left, _state = lateness(due_at, now)
    if paused_until is not None and now < paused_until:
        again += f"; tạm dừng, hẹn làm tiếp ngày {date_words(local_date(paused_until))}"
    above = f" {level_name}." if level_name else ""
    return f"{where}{again}" + (f"; {time_left}." if time_left else ".") + above
