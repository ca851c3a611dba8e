"""Believable sheets and concerns as commands; say only what matters to the test."""

from datetime import date, datetime, time

from tracker.domain.dates import ZONE
from tracker.domain.meetings import MeetingKind, RollCall, SheetFacts
from tracker.domain.sheets import FileConcern, SheetHeader, SubmitSheet

ROLL = RollCall(
    official=28, probationary=2, exempt=2, temp_exempt=1, special_duty=0, present=25, excused=2, unexcused=0
)


def concern(text: str, **more: object) -> FileConcern:
    """Return a concern raised by a member."""
    values = {"kind": "petition", "raiser_kind": "member"} | more
    return FileConcern(text=text, **values)


def sheet(
    branch_id: int,
    *,
    request_key: str = "sheet-1",
    kind: str = "regular",
    held_on: date = date(2026, 11, 3),
    chair: str = "Nguyễn Văn Chủ",
    **more: object,
) -> SubmitSheet:
    """Return the sheet of an evening's meeting of 27 expected members with 25 present."""
    facts = SheetFacts(
        kind=MeetingKind(kind),
        held_on=held_on,
        starts_at=datetime.combine(held_on, time(19, 0), ZONE),
        ends_at=datetime.combine(held_on, time(20, 45), ZONE),
        roll=ROLL,
    )
    header = SheetHeader(facts, place="Nhà văn hóa thôn", chair=chair, minute_taker="Trần Thị Ghi")
    return SubmitSheet(request_key=request_key, branch_id=branch_id, header=header, **more)
