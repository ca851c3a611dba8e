"""What a meeting sheet asks to be done, as frozen commands, and what of it can't be taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.domain.meetings import SheetFacts
from tracker.domain.tickets import MOST_RAISED, TEXT_MAX, TEXT_MIN


@dataclass(frozen=True)
class FileConcern:
    """One concern as it was raised. ``category``, ``body_code`` and ``urgency`` are None where the rules decide."""

    text: str
    kind: str
    raiser_kind: str
    category: str | None = None
    body_code: str | None = None
    urgency: str | None = None
    place: str = ""
    raiser_name: str = ""
    wants_restricted: bool = False
    resolved_on_spot: bool = False
    settled_by: str = ""
    settled_how: str = ""
    #: in how many of the branch's meetings it was raised, this one included; 4 says more than three
    raised_count: int = 1


@dataclass(frozen=True)
class ConclusionLine:
    """What was concluded: who does what by when."""

    task: str
    assignee: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Verdict:
    """What the branch said of one answer. ``is_accepted`` None: not dealt with in this meeting."""

    ticket_id: int
    is_accepted: bool | None
    reason: str = ""


@dataclass(frozen=True)
class SelfScore:
    """The points that the branch gave itself (criterion code → points) and its vote."""

    points: Mapping[str, int]
    votes_for: int
    votes_total: int


@dataclass(frozen=True)
class SheetHeader:
    """When, where, who led and who came from above."""

    facts: SheetFacts
    place: str
    chair: str
    minute_taker: str
    superior_name: str = ""


@dataclass(frozen=True)
class SubmitSheet:
    """A whole sheet. ``request_key`` is made once a sheet on the device: sent twice it is still one sheet."""

    request_key: str
    branch_id: int
    header: SheetHeader
    conclusions: tuple[ConclusionLine, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    concerns: tuple[FileConcern, ...] = ()
    score: SelfScore | None = None


@dataclass(frozen=True)
class CorrectSheet:
    """A correction of a submitted sheet: what stood before is kept with the reason."""

    meeting_id: int
    version: int
    reason: str
    sheet: SubmitSheet = field(repr=False)


MAX_CONCERNS = 60
"""More than the largest meeting raised; a longer list is a mistake or an attack."""

MAX_CONCLUSIONS = 100


def check_lengths(concerns: int, conclusions: int) -> dict[str, str]:
    """Return what is wrong with the numbers of rows, by list; empty when a sheet takes so many.

    Answers told aren't counted: the page itself writes a row for each that waits.
    """
    told = {
        "concerns": (concerns, MAX_CONCERNS, "ý kiến"),
        "conclusions": (conclusions, MAX_CONCLUSIONS, "kết luận"),
    }
    return {
        name: f"Một phiếu nhận nhiều nhất {most} {what}; phiếu này có {count}. "
        "Những gì đã nhập vẫn còn dưới đây: hãy bỏ bớt, ghi phần còn lại vào phiếu khác."
        for name, (count, most, what) in told.items()
        if count > most
    }


def check_concern(command: FileConcern) -> dict[str, str]:
    """Return what is wrong with one concern, by field; empty when it can be filed. Lengths count letters in NFC."""
    errors = {}
    if len(command.text) < TEXT_MIN:
        errors["text"] = "Ghi nội dung ý kiến, kiến nghị (ít nhất vài chữ)."
    elif len(command.text) > TEXT_MAX:
        errors["text"] = (
            f"Nội dung dài {len(command.text)} chữ cái, nhiều nhất là {TEXT_MAX}. Hãy tóm tắt hoặc tách thành nhiều ý kiến."
        )
    if not 1 <= command.raised_count <= MOST_RAISED:
        errors["raised_count"] = "Chọn đã nêu ở mấy kỳ họp."
    if command.resolved_on_spot and not command.settled_by:
        errors["settled_by"] = "Ghi ai đã giải quyết tại chỗ."
    if command.resolved_on_spot and len(command.settled_how) < TEXT_MIN:
        errors["settled_how"] = "Ghi đã giải quyết như thế nào."
    return errors


def check_lists(sheet: SubmitSheet) -> dict[str, str]:
    """Return what is wrong with the concerns, conclusions and verdicts, by field id such as ``concerns-0-text``."""
    errors = check_lengths(len(sheet.concerns), len(sheet.conclusions))
    for position, concern in enumerate(sheet.concerns):
        errors |= {f"concerns-{position}-{name}": words for name, words in check_concern(concern).items()}
    for position, line in enumerate(sheet.conclusions):
        if not line.task:
            errors[f"conclusions-{position}-task"] = "Ghi việc phải làm, hoặc bỏ dòng kết luận này."
    for position, verdict in enumerate(sheet.verdicts):
        if verdict.is_accepted is False and not verdict.reason:
            errors[f"verdicts-{position}-reason"] = "Ghi vì sao chi bộ chưa đồng ý."
    return errors
