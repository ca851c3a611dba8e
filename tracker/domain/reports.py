"""The quarter's report as it is asked for, typed into and compiled: values, limits and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tracker.domain.dates import Quarter, date_words
from tracker.domain.errors import Invalid

STALE_AFTER = timedelta(minutes=16)
"""A running compilation that showed no sign of life so long is dead: the queue ends a job after 15 minutes."""

WAITED_LONG = timedelta(minutes=2)
"""A compilation that waited so long was lost by the queue, or stands in a long line; asking again does no harm."""

MOST_LETTERS = 20_000


class ReportState(StrEnum):
    """Where a compilation stands."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


REPORT_STATE_WORDS: Mapping[str, str] = {
    ReportState.WAITING: "Đang chờ",
    ReportState.RUNNING: "Đang lập",
    ReportState.READY: "Đã xong",
    ReportState.FAILED: "Không lập được",
}


@dataclass(frozen=True)
class AskReport:
    """What is asked for. ``period_to`` is exclusive; ``supplement`` 0 is the report, 1 and up its supplements."""

    unit_id: int
    quarter: Quarter
    period_from: date
    period_to: date
    cutoff_on: date
    supplement: int = 0

    @classmethod
    def usual(cls, unit_id: int, quarter: Quarter, today: date) -> "AskReport":
        """Return the calendar quarter, cut off at its last day or today, whichever is earlier."""
        last = quarter.end - timedelta(days=1)
        return cls(unit_id, quarter, quarter.start, quarter.end, min(last, today))


def check_ask(ask: AskReport, today: date) -> None:
    """Raise Invalid, with a sentence a field, for a period or cut-off day that gives no report."""
    errors = {}
    quarter = ask.quarter
    if quarter.start > today:
        errors["quarter"] = f"Q{quarter.words[1:]} chưa bắt đầu."
    if not ask.period_from < ask.period_to:
        errors["period_to"] = "Ngày cuối kỳ phải từ ngày đầu kỳ trở đi."
    elif ask.period_to <= quarter.start or ask.period_from >= quarter.end:
        errors["period_from"] = f"Kỳ báo cáo nằm ngoài {quarter.words}."
    elif ask.period_to - ask.period_from > timedelta(days=124):
        errors["period_to"] = "Kỳ báo cáo dài quá bốn tháng."
    if ask.cutoff_on > today:
        errors["cutoff_on"] = f"Ngày chốt số liệu không thể sau hôm nay ({date_words(today)})."
    elif ask.cutoff_on < ask.period_from:
        errors["cutoff_on"] = "Ngày chốt số liệu phải từ ngày đầu kỳ trở đi."
    if errors:
        raise Invalid("Chưa yêu cầu lập báo cáo được.", errors)


@dataclass(frozen=True)
class ReportParts:
    """What the office types, and what it enters once the report has its number and date."""

    shortcomings: str = ""
    proposals: str = ""
    doc_number: str = ""
    doc_date: date | None = None
    place: str = ""
    signer_name: str = ""


def check_parts(parts: ReportParts, cutoff_on: date) -> None:
    """Raise Invalid, with a sentence a field, for parts that can't be taken."""
    errors = {}
    for name in ("shortcomings", "proposals"):
        if len(getattr(parts, name)) > MOST_LETTERS:
            errors[name] = "Dài quá 20.000 chữ. Hãy rút gọn."
    for name, most in (("doc_number", 30), ("place", 80), ("signer_name", 120)):
        if len(getattr(parts, name)) > most:
            errors[name] = f"Dài quá {most} chữ."
    if parts.doc_date and parts.doc_date < cutoff_on:
        errors["doc_date"] = f"Ngày ký không thể trước ngày chốt số liệu ({date_words(cutoff_on)})."
    if errors:
        raise Invalid("Phần viết còn chỗ cần sửa; chưa lưu gì cả.", errors)


def may_start(state: str, seen_at: datetime | None, now: datetime) -> bool:
    """Return whether a worker may take the compilation: it waits, it failed, or whoever had it is dead."""
    if state == ReportState.RUNNING:
        return seen_at is None or seen_at <= now - STALE_AFTER
    return state in (ReportState.WAITING, ReportState.FAILED)


_PLACE_AFTER = ("Đảng ủy phường ", "Đảng ủy xã ", "Đảng ủy đặc khu ", "Tỉnh ủy ", "Thành ủy ", "Đảng ủy ")


def usual_place(committee_name: str) -> str:
    """Return the place that stands before the date: "Từ Sơn" for "Đảng ủy phường Từ Sơn"; "" if not known."""
    for before in _PLACE_AFTER:
        if committee_name.startswith(before):
            return committee_name.removeprefix(before)
    return ""


def file_title(unit_name: str, quarter: Quarter, supplement: int) -> str:
    """Return the document's file name for people, in Vietnamese, with its ending."""
    more = f" (bổ sung {supplement})" if supplement else ""
    return f"Báo cáo {quarter.words} – {unit_name}{more}.pdf"
