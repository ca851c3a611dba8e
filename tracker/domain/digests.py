"""The day's digest: what is late, worst first, what is due today, and what was told since. Never a concern's words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tracker.domain.dates import date_words, local_date
from tracker.domain.ticket_lists import due_words

MOST_LINES = 30
"""Things listed in one part; a longer list isn't read, so the rest is a number."""


class Part(StrEnum):
    """The parts of a digest, in their order."""

    LATE = "late"
    TODAY = "today"
    NEWS = "news"


PART_WORDS: Mapping[str, str] = {
    Part.LATE: "Quá hạn, chậm nhất ở trên",
    Part.TODAY: "Đến hạn hôm nay",
    Part.NEWS: "Tin mới",
}


@dataclass(frozen=True)
class DigestLine:
    """One thing a digest says: a number and how late it is, or a notice's sentence; where to look."""

    part: str
    words: str
    ticket_id: int | None = None
    report_id: int | None = None

    def plain(self) -> list[Any]:
        """Return the line as it is stored."""
        return [self.part, self.words, self.ticket_id, self.report_id]


@dataclass(frozen=True)
class Awaited:
    """A ticket that awaits an answer, as far as a digest needs it."""

    id: int
    number: str
    status: str
    due_at: datetime
    #: when work goes on by the promise of the pause that lasts, None while none does
    paused_until: datetime | None = None


@dataclass(frozen=True)
class Digest:
    """What one person's digest of the day says."""

    sentence: str
    lines: tuple[DigestLine, ...]


def digest_key(on: date) -> str:
    """Return the event of the day's digest: told to a person once, whatever is repeated."""
    return f"digest:{on.isoformat()}"


def digest(
    awaited: Iterable[Awaited], news: Sequence[DigestLine], hidden: int, now: datetime
) -> Digest | None:
    """Return the digest of the day, or None when there is nothing to say.

    ``awaited`` are tickets within the person's reach, ``news`` what was told since and may be opened; ``hidden``
    counts what was told of things the person can't open: it is counted and not named. Worst delay first
    (frappe/helpdesk#3778). What is paused is marked as such until its promise, as on the pages.
    """
    ordered = sorted(awaited, key=lambda one: (one.due_at, one.id))
    late = [one for one in ordered if one.due_at <= now]
    today = [one for one in ordered if now < one.due_at and local_date(one.due_at) == local_date(now)]
    paused = {one.id: _pause(one.paused_until, now) for one in ordered}
    parts = [
        *_cut(Part.LATE, [_late(one, now) for one in late]),
        *_cut(Part.TODAY, [_today(one, now) for one in today]),
        *_cut(Part.NEWS, [_news(line, paused) for line in news]),
    ]
    if hidden:
        parts.append(DigestLine(Part.NEWS, f"{hidden} thông báo khác, xem trong mục Thông báo"))
    if not parts:
        return None
    said = (
        (len(late), "việc quá hạn"),
        (len(today), "việc đến hạn hôm nay"),
        (len(news) + hidden, "tin mới"),
    )
    counted = ", ".join(f"{number} {words}" for number, words in said if number)
    return Digest(f"Tóm tắt ngày {date_words(local_date(now))}: {counted}", tuple(parts))


def _late(one: Awaited, now: datetime) -> DigestLine:
    words = due_words(one.status, one.due_at, None, now).words
    return DigestLine(Part.LATE, f"{one.number}: quá hạn {words}{_pause(one.paused_until, now)}", one.id)


def _today(one: Awaited, now: datetime) -> DigestLine:
    words = due_words(one.status, one.due_at, None, now).words
    return DigestLine(Part.TODAY, f"{one.number}: đến hạn {words}{_pause(one.paused_until, now)}", one.id)


def _news(line: DigestLine, paused: Mapping[int, str]) -> DigestLine:
    return replace(line, words=line.words + paused.get(line.ticket_id or 0, ""))


def _pause(until: datetime | None, now: datetime) -> str:
    return f" (đang tạm dừng tới {date_words(local_date(until))})" if until and now < until else ""


def _cut(part: Part, lines: list[DigestLine]) -> list[DigestLine]:
    rest = len(lines) - MOST_LINES
    if rest <= 0:
        return lines
    return [*lines[:MOST_LINES], DigestLine(part, f"và {rest} việc khác, xem trên bàn làm việc")]
