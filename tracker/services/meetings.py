"""The meeting sheet: submitted once whatever is sent twice, corrected with what stood before kept."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from tracker.db.inserting import insert_ignoring
from tracker.db.reading.meetings import has_regular_meeting
from tracker.db.tables.meetings import Conclusion, Meeting, SheetDraft
from tracker.db.tables.tickets import Ticket
from tracker.domain.access import Action, Resource
from tracker.domain.errors import Conflict, Invalid, NotFound, StaleEdit
from tracker.domain.meetings import check_sheet
from tracker.domain.sheets import CorrectSheet, SubmitSheet, check_lists
from tracker.services.assessments import score_errors, self_score
from tracker.services.filing import file_concerns
from tracker.services.reference import Reference, hold_rules
from tracker.services.rights import check_right
from tracker.services.sheet_revisions import is_repeated, keep_revision, plain, sent_mark
from tracker.services.tickets import record_verdict
from tracker.services.touching import who_was_quicker
from tracker.services.unit import Unit

REASON_MIN = 5


def branch_resource(branch_id: int, reference: Reference) -> Resource:
    """Return a branch as the access rules see it."""
    return Resource(unit_path=reference.tree.path(branch_id))


def check_may_write(branch_id: int, unit: Unit, reference: Reference) -> None:
    """Raise Refused, with the reason, when the actor may not write sheets of the branch."""
    check_right(Action.SHEET_WRITE, branch_resource(branch_id, reference), unit=unit)


def submit_sheet(command: SubmitSheet, *, unit: Unit, reference: Reference) -> int:
    """Record a sheet with its conclusions, verdicts, concerns and self-score; return the meeting's id.

    The same request again (``request_key`` and all that was typed) returns the sheet already recorded and does
    nothing. Flushes, never commits. Raises Refused for another's branch, Invalid with a sentence a field, Conflict
    for another sheet under the same key; nothing is written then.
    """
    hold_rules(unit.session)  # before any row is locked
    check_may_write(command.branch_id, unit, reference)
    repeated = _by_key(command.request_key, unit)
    if repeated is None:
        repeated = _begin(command, unit, reference)
    if repeated is not None:
        if repeated.branch_id != command.branch_id:
            raise Conflict("Phiếu này đã được gửi cho chi bộ khác. Hãy mở phiếu mới.")
        if repeated.sent_mark != sent_mark(command, unit):
            raise Conflict(_SENT_BEFORE)
        return repeated.id
    meeting = _by_key(command.request_key, unit)
    assert meeting is not None
    _record_parts(meeting, command, unit=unit, reference=reference)
    _drop_draft(command.request_key, unit)
    unit.record("meeting", meeting.id, "submitted", **_figures(command))
    unit.session.flush()
    return meeting.id


def _begin(command: SubmitSheet, unit: Unit, reference: Reference) -> Meeting | None:
    """Check and insert the sheet; return the earlier one instead when a twin request came first at any moment."""
    try:
        check(command, unit=unit, reference=reference)
    except Invalid:
        if (repeated := _by_key(command.request_key, unit)) is None:
            raise
        return repeated
    try:
        return _insert(command, unit, reference)
    except IntegrityError as error:
        raise Invalid(_REFUSED, {"kind": _JUST_TAKEN}) from error


_SENT_BEFORE = "Phiếu này đã được gửi trước đó; những gì sửa trên trang này sau lần gửi ấy chưa được ghi."
_REFUSED = "Phiếu còn chỗ cần sửa; chưa gửi gì cả."
_JUST_TAKEN = "Vừa có người gửi phiếu sinh hoạt thường kỳ của tháng này. Hãy xem phiếu đó rồi sửa phiếu đó."


def check(command: SubmitSheet, *, unit: Unit, reference: Reference, corrected_id: int | None = None) -> None:
    """Raise Invalid, with a Vietnamese sentence a field id, for a sheet that can't be taken; writes nothing."""
    facts = command.header.facts
    taken = facts.kind.is_regular and has_regular_meeting(
        unit.session, command.branch_id, facts.held_on.replace(day=1), except_id=corrected_id
    )
    errors = check_sheet(facts, unit.now, taken) | check_lists(command)
    for name, words in (
        ("place", "Ghi nơi họp."),
        ("chair", "Ghi người chủ trì."),
        ("minute_taker", "Ghi thư ký buổi họp."),
    ):
        if not getattr(command.header, name):
            errors[name] = words
    if facts.superior_attended and not command.header.superior_name:
        errors["superior_name"] = "Ghi cấp ủy viên cấp trên nào về dự."
    if command.score is not None:
        errors |= score_errors(command.score, facts, reference)
    if errors:
        raise Invalid(_REFUSED, errors)


def _by_key(key: str, unit: Unit) -> Meeting | None:
    return unit.session.execute(select(Meeting).where(Meeting.request_key == key)).scalar_one_or_none()


def _insert(command: SubmitSheet, unit: Unit, reference: Reference) -> Meeting | None:
    """Insert the sheet's row; return the earlier one instead when a twin request came first."""
    values = _columns(command) | {
        "request_key": command.request_key,
        "branch_id": command.branch_id,
        "committee_id": reference.tree.committee_of(command.branch_id).id,
        "submitted_by": unit.actor.account_id,
        "submitted_at": unit.now,
        "sent_mark": sent_mark(command, unit),
        "version": 1,
    }
    inserted = insert_ignoring(unit.session, Meeting, [values], on=("request_key",))
    return None if inserted else _by_key(command.request_key, unit)


def _columns(command: SubmitSheet) -> dict[str, Any]:
    header, facts = command.header, command.header.facts
    return {
        "kind": facts.kind.value,
        "held_on": facts.held_on,
        "month": facts.held_on.replace(day=1),
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "place": header.place,
        "chair": header.chair,
        "minute_taker": header.minute_taker,
        **asdict(facts.roll),
        "superior_attended": facts.superior_attended,
        "superior_name": header.superior_name if facts.superior_attended else "",
    }


def _record_parts(meeting: Meeting, command: SubmitSheet, *, unit: Unit, reference: Reference) -> None:
    """Record conclusions, self-score, verdicts and concerns of a sheet."""
    for position, line in enumerate(command.conclusions, start=1):
        unit.session.add(
            Conclusion(
                meeting_id=meeting.id,
                position=position,
                task=line.task,
                assignee=line.assignee,
                due_on=line.due_on,
            )
        )
    if command.score is not None:
        self_score(meeting, command, unit=unit, reference=reference)
    for verdict in command.verdicts:
        record_verdict(verdict, meeting=meeting, unit=unit, reference=reference)
    first = 1 if meeting.version == 1 else _last_position(meeting.id, unit) + 1
    file_concerns(command.concerns, meeting=meeting, first_position=first, unit=unit, reference=reference)


def _last_position(meeting_id: int, unit: Unit) -> int:
    return unit.session.execute(
        select(func.coalesce(func.max(Ticket.position), 0)).where(Ticket.meeting_id == meeting_id)
    ).scalar_one()


def correct_sheet(command: CorrectSheet, *, unit: Unit, reference: Reference) -> None:
    """Correct a submitted sheet: its figures and conclusions; concerns may be added, tickets already made stay.

    What stood before is kept as a revision with the reason. Raises StaleEdit when somebody corrected it since,
    Invalid without a reason or for figures that can't be. Flushes, never commits.
    """
    hold_rules(unit.session)  # before any row is locked
    meeting = unit.session.execute(
        select(Meeting)
        .where(Meeting.id == command.meeting_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if meeting is None:
        raise NotFound("Không tìm thấy phiếu họp này.")
    check_may_write(meeting.branch_id, unit, reference)
    if meeting.version != command.version:
        if is_repeated(meeting, command, unit):
            _drop_draft(command.sheet.request_key, unit)
            return
        raise StaleEdit(
            "Phiếu này vừa được người khác sửa. Hãy xem bản mới rồi sửa tiếp; phần đã nhập vẫn còn dưới đây."
            + who_was_quicker("meeting", meeting.id, unit)
        )
    check(command.sheet, unit=unit, reference=reference, corrected_id=meeting.id)
    if len(command.reason) < REASON_MIN:
        raise Invalid("Chưa sửa phiếu.", {"reason": "Ghi vì sao phải sửa phiếu đã gửi."})
    keep_revision(meeting, command, unit)
    for name, value in _columns(command.sheet).items():
        setattr(meeting, name, value)
    meeting.version += 1
    try:
        unit.session.flush()
    except (
        IntegrityError
    ) as error:  # another correction moved a meeting into that month since it was looked at
        raise Invalid(_REFUSED, {"kind": _JUST_TAKEN}) from error
    unit.session.execute(delete(Conclusion).where(Conclusion.meeting_id == meeting.id))
    _record_parts(meeting, command.sheet, unit=unit, reference=reference)
    _drop_draft(command.sheet.request_key, unit)
    unit.record("meeting", meeting.id, "corrected", version=meeting.version, **_figures(command.sheet))
    unit.session.flush()


def _drop_draft(key: str, unit: Unit) -> None:
    unit.session.execute(delete(SheetDraft).where(SheetDraft.key == key))


def _figures(command: SubmitSheet) -> Mapping[str, Any]:
    """Return what the audit keeps of a sheet: numbers and days, no names and no words."""
    columns = {name: plain(value) for name, value in _columns(command).items()}
    numbers = {name: value for name, value in columns.items() if isinstance(value, int | bool)}
    return numbers | {
        "kind": columns["kind"],
        "held_on": columns["held_on"],
        "concerns": len(command.concerns),
        "verdicts": len(command.verdicts),
        "conclusions": len(command.conclusions),
    }
