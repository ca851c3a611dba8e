"""What a list of tickets may be asked for, and where a page of it ends."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tracker.domain.dates import EARLIEST, LATEST, date_words, local_date, time_words
from tracker.domain.tickets import WITH_BODY, ticket_number


class View(StrEnum):
    """Which tickets a list shows, and so in which order."""

    OPEN = "open"
    OVERDUE = "overdue"
    TRIAGE = "triage"
    NEW = "new"
    EXTENSION = "extension"
    PAUSED = "paused"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    ALL = "all"

    @property
    def is_by_due(self) -> bool:
        """Whether the list runs by due time (what awaits an answer), not newest first."""
        return self in (View.OPEN, View.OVERDUE, View.TRIAGE, View.NEW, View.EXTENSION, View.PAUSED)


VIEW_WORDS: Mapping[View, str] = {
    View.OPEN: "Đang chờ trả lời",
    View.OVERDUE: "Quá hạn",
    View.NEW: "Mới chuyển, chưa tiếp nhận",
    View.TRIAGE: "Chờ phân loại",
    View.EXTENSION: "Xin gia hạn, chờ quyết định",
    View.PAUSED: "Đang tạm dừng",
    View.WAITING: "Đã trả lời, chờ chi bộ",
    View.ACCEPTED: "Chi bộ đồng ý",
    View.ALL: "Tất cả",
}


class Outcome(StrEnum):
    """What the leaders' figures count: each figure leads to its rows."""

    IN_TIME = "in_time"
    LATE = "late"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    REOPENED = "reopened"
    ON_THE_SPOT = "on_the_spot"
    OVERDUE = "overdue"


OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.IN_TIME: "trả lời đúng hạn",
    Outcome.LATE: "quá hạn (trả lời muộn hoặc chưa trả lời)",
    Outcome.ANSWERED: "đã trả lời",
    Outcome.ACCEPTED: "chi bộ đồng ý",
    Outcome.NOT_ACCEPTED: "chưa kết thúc",
    Outcome.REOPENED: "chi bộ từng chưa đồng ý",
    Outcome.ON_THE_SPOT: "giải quyết ngay tại cuộc họp",
    Outcome.OVERDUE: "quá hạn, chưa trả lời",
}


@dataclass(frozen=True)
class TicketFilter:
    """What a list is narrowed to; None narrows nothing. Days are inclusive, local."""

    view: View = View.OPEN
    outcome: Outcome | None = None
    branch_ids: tuple[int, ...] | None = None
    body_ids: tuple[int, ...] | None = None
    committee_ids: tuple[int, ...] | None = None
    category: str | None = None
    urgency: str | None = None
    least_level: int | None = None
    numbers: tuple[str, ...] | None = None
    raised_from: date | None = None
    raised_to: date | None = None


@dataclass(frozen=True)
class Cursor:
    """The last ticket of a page: its due time (aware) or its day raised, and its id."""

    at: datetime | date
    id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.id}"

    @classmethod
    def parse(cls, typed: str, view: View) -> "Cursor | None":
        """Return the cursor written so, or None for anything else (an address somebody cut)."""
        at, _, number = typed.partition("~")
        try:
            if len(number) > 10:
                return None
            if not view.is_by_due:
                return cls(date.fromisoformat(at), int(number))
            moment = datetime.fromisoformat(at)
            return cls(moment, int(number)) if moment.tzinfo and EARLIEST <= moment.year <= LATEST else None
        except ValueError:
            return None


_FULL = re.compile(r"([^\W\d_]{1,12})[-\s/]*(\d{4})[-\s/]+(\d{1,6})")
_SHORT = re.compile(r"([^\W\d_]{1,12})?[-\s/]*(\d{1,6})")


def numbers_meant(typed: str, symbols: Iterable[str], years: Iterable[int]) -> tuple[str, ...]:
    """Return the ticket numbers that a person may mean: "TAS-2026-0012", "tas 12" or just "12".

    A short form is tried with each of the symbols and years; what is no number gives none.
    """
    words = typed.strip().upper()
    if full := _FULL.fullmatch(words):
        return (ticket_number(full[1], int(full[2]), int(full[3])),)
    short = _SHORT.fullmatch(words)
    if not short:
        return ()
    asked = [short[1]] if short[1] else sorted(set(symbols) - {""})
    return tuple(ticket_number(symbol, year, int(short[2])) for symbol in asked for year in years)


SOON_DAYS = 3
"""Calendar days, so that everybody can count them: from here on a due time is said to be near."""


@dataclass(frozen=True)
class DueWords:
    """A due time in words, and how it stands: ok, soon, late, paused or met."""

    words: str
    state: str


def due_words(
    status: str,
    due_at: datetime | None,
    answered_at: datetime | None,
    now: datetime,
    paused_until: datetime | None = None,
) -> DueWords:
    """Return how a ticket stands to its due time; no words for one that has none.

    "late" begins with the due instant itself. An answered one is judged by when it was answered. What is paused
    is so until the promise, whether the sweep came or not.
    """
    if due_at is None:
        return DueWords("", "ok")
    day = date_words(local_date(due_at))
    if status not in WITH_BODY:
        in_time = answered_at is None or answered_at <= due_at
        return DueWords(f"hạn {day}", "met" if in_time else "late")
    if paused_until is not None and now < paused_until:
        return DueWords(f"đến {date_words(local_date(paused_until))}, hạn {day}", "paused")
    days = (local_date(due_at) - local_date(now)).days
    if now >= due_at:
        return DueWords(
            f"{-days} ngày, hạn {day}" if days < 0 else f"hôm nay, hạn {time_words(due_at)}", "late"
        )
    if days == 0:
        return DueWords(f"hôm nay, {time_words(due_at)}", "soon")
    return DueWords(f"{day}, còn {days} ngày", "soon" if days <= SOON_DAYS else "ok")
