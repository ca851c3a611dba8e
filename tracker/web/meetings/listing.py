"""Sheets to look at: the list of a scope, one sheet whole, and the receipt after sending."""

from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.db.reading import sheets as reading
from tracker.db.tables.meetings import Meeting
from tracker.db.tables.tickets import Ticket
from tracker.domain.access import Action, MeetingReach, may, meeting_reach
from tracker.domain.dates import local
from tracker.domain.errors import NotFound
from tracker.domain.meetings import KIND_LABELS, MeetingKind, next_meeting_due
from tracker.domain.rubric import GRADE_LABELS, Grade
from tracker.domain.telling import lateness
from tracker.services.drafts import drafts_of
from tracker.services.reference import Reference
from tracker.services.ticket_acts import ticket_resource
from tracker.web import context
from tracker.web.access import allow, needs
from tracker.web.asking import whole
from tracker.web.meetings.building import rubric_of_day
from tracker.web.meetings.screen import blueprint, body_names, meeting_resource, own_branches, ticket_url
from tracker.web.paging import numbered
from tracker.web.ticket_lines import authority_names


@blueprint.get("/phieu-hop")
@needs(Action.MEETING_READ)
def index() -> ResponseReturnValue:
    reference = context.reference()
    reach = meeting_reach(context.actor(), reference.tree)
    page = max(1, request.args.get("trang", 1, type=whole))
    lines, total = reading.meeting_lines(context.session(), reach, page)
    return render_template(
        "meetings/index.html",
        lines=lines,
        names={unit.id: unit.name for unit in reference.tree.units.values()},
        kinds=KIND_LABELS,
        grades=GRADE_LABELS,
        pager=numbered(page, total, lambda number: url_for("meetings.index", trang=number), reading.PAGE),
        due=due_meetings(reference),
        held=_held_this_month(reach, reference),
        drafts=drafts_of(context.session(), reach.branch_ids),
    )


def due_meetings(reference: Reference) -> list[tuple[Any, Any]]:
    """Return (branch, when its next regular meeting is due) for each branch of the person's own."""
    branches = own_branches(reference.tree)
    months = reading.last_regular_months(context.session(), [branch.id for branch in branches])
    rhythm = rubric_of_day(reference, None).rhythm
    return [(branch, next_meeting_due(months.get(branch.id), reference.on, rhythm)) for branch in branches]


def _held_this_month(reach: MeetingReach, reference: Reference) -> dict[str, Any] | None:
    """Return how many branches of the committees within reach have met this month, and which have not."""
    if not reach.committee_ids:
        return None
    tree, month = reference.tree, reference.on.replace(day=1)
    branches = [
        unit
        for unit in tree.units.values()
        if unit.kind == "branch" and unit.parent_id in reach.committee_ids
    ]
    held = reading.months_held(context.session(), reach, month)
    missing = [branch.name for branch in branches if branch.id not in held]
    return {
        "month": month,
        "held": len(branches) - len(missing),
        "branches": len(branches),
        "missing": missing,
    }


def _open(meeting_id: int, reference: Reference) -> Meeting:
    meeting = reading.meeting_by_id(context.session(), meeting_id)
    if meeting is None:
        raise NotFound("Không tìm thấy phiếu họp này.")
    allow(Action.MEETING_READ, meeting_resource(meeting.branch_id, reference))
    return meeting


@blueprint.get("/phieu-hop/<int:meeting_id>")
@needs(Action.MEETING_READ)
def show(meeting_id: int) -> ResponseReturnValue:
    reference = context.reference()
    meeting = _open(meeting_id, reference)
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        facts=_facts(meeting),
        roll=reading.roll_of(meeting),
        branch=reference.tree.unit(meeting.branch_id),
        grades=GRADE_LABELS,
        can_write=bool(
            may(context.actor(), Action.SHEET_WRITE, meeting_resource(meeting.branch_id, reference))
        ),
        **_parts(meeting_id, reference),
    )


def _parts(meeting_id: int, reference: Reference) -> dict[str, Any]:
    session = context.session()
    verdicts = reading.verdicts_of(session, meeting_id)
    revisions = reading.revisions_of(session, meeting_id)
    return {
        "conclusions": reading.conclusions_of(session, meeting_id),
        "concerns": _concerns(reading.tickets_of(session, meeting_id), reference),
        "verdicts": [
            (response, _concern(ticket, reference))
            for ticket, response in verdicts
            if _is_known(ticket, reference)
        ],
        "scores": reading.scores_of(session, meeting_id),
        "revisions": [(row, name, _before(row.values)) for row, name in revisions],
    }


def _facts(meeting: Meeting) -> dict[str, Any]:
    starts, ends = local(meeting.starts_at), local(meeting.ends_at)
    minutes = int((ends - starts).total_seconds() // 60)
    return {
        "kind": KIND_LABELS[MeetingKind(meeting.kind)],
        "hours": f"{starts:%H:%M}–{ends:%H:%M}",
        "minutes": minutes,
    }


def _concerns(tickets: list[Ticket], reference: Reference) -> list[dict[str, Any]]:
    return [_concern(ticket, reference) for ticket in tickets if _is_known(ticket, reference)]


def _is_known(ticket: Ticket, reference: Reference) -> bool:
    """Return whether the reader may know of the ticket: even that a branch has a restricted one says too much."""
    return not ticket.is_restricted or _can_read(ticket, reference)


def _can_read(ticket: Ticket, reference: Reference) -> bool:
    return bool(may(context.actor(), Action.TICKET_READ, ticket_resource(ticket, reference.tree)))


def _concern(ticket: Ticket, reference: Reference) -> dict[str, Any]:
    """Return a ticket's values for the page; its words and reasons only for those who may read it."""
    can_read = _can_read(ticket, reference)
    words, state = lateness(
        ticket.due_at if ticket.status in ("triage", "routed", "acknowledged") else None, context.now()
    )
    return {
        "number": ticket.number,
        "url": ticket_url(ticket.id) if can_read else None,
        "text": ticket.text if can_read else None,
        "kind": ticket.kind,
        "status": ticket.status,
        "urgency": ticket.urgency,
        "is_restricted": ticket.is_restricted,
        "on_spot": ticket.resolved_on_spot,
        "body": body_names(reference)(ticket.body_id) if can_read else None,
        "because": ticket.because if can_read else [],
        "due_at": ticket.due_at,
        "level": authority_names(reference, ticket.urgency).get(ticket.level, ""),
        "due": words,
        "due_state": state,
    }


_BEFORE = {
    "held_on": "Ngày họp",
    "kind": "Loại",
    "starts_at": "Bắt đầu",
    "ends_at": "Kết thúc",
    "place": "Nơi họp",
    "chair": "Chủ trì",
    "minute_taker": "Thư ký",
    "official": "Chính thức",
    "probationary": "Dự bị",
    "exempt": "Miễn sinh hoạt",
    "temp_exempt": "Tạm miễn",
    "special_duty": "Nhiệm vụ đặc thù",
    "present": "Có mặt",
    "excused": "Vắng có lý do",
    "unexcused": "Vắng không lý do",
    "superior_name": "Cấp trên dự",
}


def _before(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (label, value) of what stood before a correction, in the sheet's order."""
    pairs = [(words, _said(name, values.get(name))) for name, words in _BEFORE.items()]
    lines = [" – ".join(str(part) for part in line if part) for line in values.get("conclusions", [])]
    score = values.get("score")
    if lines:
        pairs.append(("Kết luận", "; ".join(lines)))
    if score:
        pairs.append(("Tự chấm", f"{score['total']} điểm, mức {GRADE_LABELS[Grade(score['grade'])]}"))
    return [(label, said) for label, said in pairs if said]


def _said(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name == "kind":
        return KIND_LABELS[MeetingKind(value)]
    if name == "held_on":
        year, month, day = str(value).split("-")
        return f"{day}/{month}/{year}"
    if name in ("starts_at", "ends_at"):
        return f"{local(datetime.fromisoformat(value)):%H:%M}"
    return str(value)


@blueprint.get("/phieu-hop/<int:meeting_id>/da-gui")
@needs(Action.SHEET_WRITE)
def receipt(meeting_id: int) -> ResponseReturnValue:
    reference = context.reference()
    meeting = _open(meeting_id, reference)
    allow(Action.SHEET_WRITE, meeting_resource(meeting.branch_id, reference))
    verdicts = reading.verdicts_of(context.session(), meeting_id)
    return render_template(
        "meetings/receipt.html",
        meeting=meeting,
        branch=reference.tree.unit(meeting.branch_id),
        verdicts=[(response, _concern(ticket, reference)) for ticket, response in verdicts],
        concerns=_concerns(reading.tickets_of(context.session(), meeting_id), reference),
        scores=reading.scores_of(context.session(), meeting_id),
        grades=GRADE_LABELS,
    )
