"""What happened to a ticket, told in plain sentences, oldest first. Names come in; ids never go out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.dates import time_words
from tracker.domain.people import who_words
from tracker.domain.time_limits import CLOCK_WORDS


@dataclass(frozen=True)
class Happening:
    """One act as it was recorded. ``who`` is empty for the system's own acts; bodies and committees are names.

    ``acting_for`` is the name of the one away for whom ``who`` stood in.
    """

    at: datetime
    act: str
    who: str = ""
    body: str = ""
    proposed: str = ""
    committee: str = ""
    reason: str = ""
    level_name: str = ""
    due_at: datetime | None = None
    #: the kind of clock that it is about, where the act names one
    clock: str = ""
    acting_for: str = ""
    #: the day promised for the end of a pause, the due time before, and how much more time
    until: datetime | None = None
    old_due_at: datetime | None = None
    amount: str = ""


@dataclass(frozen=True)
class Told:
    """One act in words: when, who, what, a note in somebody's own words, and a tone for the eye."""

    at: str
    who: str
    what: str
    note: str = ""
    tone: str = ""


def _filed(act: Happening) -> str:
    where = f"chuyển {act.body}" if act.body else "chờ văn phòng phân loại"
    due = f", hạn trả lời {time_words(act.due_at)}" if act.due_at else ""
    return f"Ghi nhận từ phiếu họp chi bộ, {where}{due}."


def _bounced(act: Happening) -> str:
    former = act.body or "Đơn vị"
    proposed = f", đề nghị giao {act.proposed}" if act.proposed else ""
    return f"{former} báo không thuộc thẩm quyền{proposed}."


def _climbed(act: Happening) -> str:
    return f"Lên cấp đôn đốc: {act.level_name}." if act.level_name else "Lên cấp đôn đốc tiếp theo."


def _redated(act: Happening) -> str:
    whose = CLOCK_WORDS.get(act.clock, "trả lời")
    if act.due_at is None or act.old_due_at is None:
        return f"Hạn {whose} thay đổi."
    return f"Hạn {whose} chuyển từ {time_words(act.old_due_at)} sang {time_words(act.due_at)}."


def _moved_due(act: Happening) -> str:
    """Return how the due time moved, nothing when it didn't."""
    if act.due_at is None or act.due_at == act.old_due_at:
        return ""
    before = f" (hạn cũ {time_words(act.old_due_at)})" if act.old_due_at else ""
    return f" Hạn trả lời: {time_words(act.due_at)}{before}."


def _paused(act: Happening) -> str:
    until = f", hẹn làm tiếp từ {time_words(act.until)}" if act.until else ""
    return f"Tạm dừng tính thời hạn{until}.{_moved_due(act)}"


_SENTENCES: Mapping[str, Callable[[Happening], str]] = {
    "filed": _filed,
    "assign": lambda act: f"Chuyển {act.body or 'đơn vị xử lý'}.",
    "acknowledge": lambda act: "Đơn vị báo đã tiếp nhận.",
    "answer": lambda act: "Đơn vị trả lời, chờ chi bộ cho ý kiến.",
    "bounce": _bounced,
    "accept": lambda act: "Chi bộ đồng ý với câu trả lời. Kiến nghị kết thúc.",
    "reject": lambda act: "Chi bộ chưa đồng ý với câu trả lời. Kiến nghị mở lại, lên một cấp.",
    "escalated": _climbed,
    "redated": _redated,
    "pause": _paused,
    "resume": lambda act: f"Làm tiếp trước ngày đã hẹn.{_moved_due(act)}",
    "pause_over": lambda act: "Hết thời gian tạm dừng, thời hạn chạy tiếp.",
    "extension_asked": lambda act: f"Đề nghị gia hạn thêm {act.amount}.",
    "extension_granted": lambda act: f"Đồng ý gia hạn.{_moved_due(act)}",
    "extension_refused": lambda act: "Không đồng ý gia hạn. Hạn trả lời giữ nguyên.",
    "moved": lambda act: f"Chi bộ chuyển về {act.committee or 'cấp ủy khác'}; cấp ủy này theo dõi tiếp.",
}
_TONES: Mapping[str, str] = {"escalated": "late", "reject": "late"}


def tell(act: Happening) -> Told:
    """Return the act in words; one that this version doesn't know is told by its time and person alone."""
    sentence = _SENTENCES.get(act.act)
    return Told(
        at=time_words(act.at),
        who=who_words(act.who or "Hệ thống", act.acting_for),
        what=sentence(act) if sentence else "Có thay đổi.",
        note=act.reason,
        tone=_TONES.get(act.act, ""),
    )
