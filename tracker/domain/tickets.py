"""A concern's life as a table of states and moves, and the words for its kinds. Nothing else decides a state."""

from collections.abc import Mapping
from enum import StrEnum

from tracker.domain.errors import Conflict
from tracker.domain.time_limits import Clock


class Status(StrEnum):
    """Where a ticket stands. Only the branch's acceptance ends it; silence never does."""

    TRIAGE = "triage"
    ROUTED = "routed"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    ACCEPTED = "accepted"


class Move(StrEnum):
    """What people do to a ticket."""

    ASSIGN = "assign"
    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    BOUNCE = "bounce"
    ACCEPT = "accept"
    REJECT = "reject"


DRAWN = range(100_000, 1_000_000)
"""Numbers of restricted tickets are drawn from these by chance; consecutive ones of a year stay far below."""


def ticket_number(symbol: str, year: int, number: int) -> str:
    """Return the number as people write it: the committee's symbol, the meeting's year, at least four digits."""
    return f"{symbol}-{year}-{number:04d}"


TRANSITIONS: Mapping[tuple[Status, Move], Status] = {
    (Status.TRIAGE, Move.ASSIGN): Status.ROUTED,
    (Status.ROUTED, Move.ASSIGN): Status.ROUTED,
    (Status.ACKNOWLEDGED, Move.ASSIGN): Status.ROUTED,
    (Status.ROUTED, Move.ACKNOWLEDGE): Status.ACKNOWLEDGED,
    (Status.ROUTED, Move.ANSWER): Status.ANSWERED,
    (Status.ACKNOWLEDGED, Move.ANSWER): Status.ANSWERED,
    (Status.ROUTED, Move.BOUNCE): Status.TRIAGE,
    (Status.ACKNOWLEDGED, Move.BOUNCE): Status.TRIAGE,
    (Status.ANSWERED, Move.ACCEPT): Status.ACCEPTED,
    (Status.ANSWERED, Move.REJECT): Status.ROUTED,
}

WITH_BODY = frozenset({Status.TRIAGE, Status.ROUTED, Status.ACKNOWLEDGED})
"""States in which the answer is awaited, so that the answer clock runs and the ladder is climbed."""

CLOCK_RUNS_IN: Mapping[str, frozenset[Status]] = {
    Clock.ROUTE: frozenset({Status.TRIAGE}),
    Clock.ACKNOWLEDGE: frozenset({Status.ROUTED}),
    Clock.ANSWER: WITH_BODY,
    Clock.EXTENSION: WITH_BODY,
    Clock.BRING_BACK: frozenset({Status.ANSWERED}),
}
"""The states in which a clock has something to wait for; in any other it climbs nothing."""

FIRST_CLOCKS: Mapping[Status, tuple[Clock, ...]] = {
    Status.TRIAGE: (Clock.ANSWER, Clock.ROUTE),
    Status.ROUTED: (Clock.ANSWER, Clock.ACKNOWLEDGE),
    Status.ANSWERED: (Clock.BRING_BACK,),
}
"""What runs for a ticket that comes into the state, anew or again."""

STATUS_WORDS: Mapping[str, str] = {
    Status.TRIAGE: "Chờ phân loại",
    Status.ROUTED: "Đã chuyển",
    Status.ACKNOWLEDGED: "Đã tiếp nhận",
    Status.ANSWERED: "Đã trả lời, chờ chi bộ",
    Status.ACCEPTED: "Chi bộ đồng ý",
}

MOVE_WORDS: Mapping[str, str] = {
    Move.ASSIGN: "chuyển đơn vị xử lý",
    Move.ACKNOWLEDGE: "tiếp nhận",
    Move.ANSWER: "trả lời",
    Move.BOUNCE: "báo không thuộc thẩm quyền",
    Move.ACCEPT: "ghi nhận chi bộ đồng ý",
    Move.REJECT: "ghi nhận chi bộ chưa đồng ý",
}


class ConcernKind(StrEnum):
    """What was said: an opinion, a petition, a suggestion or a report."""

    OPINION = "opinion"
    PETITION = "petition"
    SUGGESTION = "suggestion"
    REPORT = "report_concern"


CONCERN_KIND_WORDS: Mapping[str, str] = {
    ConcernKind.OPINION: "Ý kiến",
    ConcernKind.PETITION: "Kiến nghị",
    ConcernKind.SUGGESTION: "Đề xuất",
    ConcernKind.REPORT: "Phản ánh",
}


MOST_RAISED = 4
"""The highest number of meetings that is told apart: it stands for "more than three"."""

RAISED_CHOICES: Mapping[int, str] = {
    1: "Lần đầu",
    2: "2 kỳ họp",
    3: "3 kỳ họp",
    MOST_RAISED: "Nhiều hơn 3 kỳ họp",
}


def raised_words(count: int) -> str:
    """Return that a concern was raised before, in how many meetings this one included; empty for a new one."""
    if count <= 1:
        return ""
    return "đã nêu hơn 3 kỳ họp" if count >= MOST_RAISED else f"đã nêu {count} kỳ họp"


class RaiserKind(StrEnum):
    """Who raised it, as a kind only; a name is optional and kept apart, sealed."""

    MEMBER = "member"
    NON_MEMBER = "non_member"
    SEVERAL = "several"


RAISER_KIND_WORDS: Mapping[str, str] = {
    RaiserKind.MEMBER: "Đảng viên",
    RaiserKind.NON_MEMBER: "Quần chúng",
    RaiserKind.SEVERAL: "Nhiều người",
}


class Urgency(StrEnum):
    """How soon: danger to life first."""

    KHAN = "khan"
    CAO = "cao"
    THUONG = "thuong"
    THAP = "thap"


URGENCY_WORDS: Mapping[str, str] = {
    Urgency.KHAN: "Khẩn",
    Urgency.CAO: "Cao",
    Urgency.THUONG: "Thường",
    Urgency.THAP: "Thấp",
}

TEXT_MIN, TEXT_MAX = 5, 4000
"""Letters in a concern: shorter says nothing, longer is a document, not a concern."""


def next_status(status: str, move: Move, *, has_body: bool = True) -> Status:
    """Return the state after the move; raise Conflict when the table has none.

    A rejected answer goes back to its body, or to triage when the ticket never had one
    (settled on the spot without a body).
    """
    after = TRANSITIONS.get((Status(status), move))
    if after is None:
        raise Conflict(
            f"Kiến nghị đang ở trạng thái “{STATUS_WORDS[status]}”, không {MOVE_WORDS[move]} được."
        )
    if move is Move.REJECT and not has_body:
        return Status.TRIAGE
    return after


def first_status(*, has_body: bool, resolved_on_spot: bool) -> Status:
    """Return the state in which a ticket begins.

    One settled on the spot begins as answered: the branch still accepts it in its next meeting.
    """
    if resolved_on_spot:
        return Status.ANSWERED
    return Status.ROUTED if has_body else Status.TRIAGE
