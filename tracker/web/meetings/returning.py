"""The return sheet: what the secretary tells the branch in its next meeting, on screen and on paper."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.db.reading.branch_tickets import Answer, OpenTicket, answers_to_tell, open_tickets
from tracker.db.reading.sheets import last_sheet
from tracker.domain.access import Action, Resource, may
from tracker.domain.telling import answer_words, lateness, waiting_words
from tracker.domain.tickets import raised_words
from tracker.services.reference import Reference
from tracker.web import context
from tracker.web.access import needs
from tracker.web.meetings.screen import asked_branch, blueprint, body_names, own_branches, ticket_url
from tracker.web.ticket_lines import authority_names


@blueprint.get("/phieu-bao-lai")
@needs(Action.RETURN_SHEET_READ)
def return_sheet() -> ResponseReturnValue:
    reference = context.reference()
    branch_id = asked_branch(Action.RETURN_SHEET_READ, reference)
    if branch_id is None:
        branches = own_branches(reference.tree)
        return render_template("meetings/choose.html", branches=branches, endpoint="meetings.return_sheet")
    return render_template(
        "meetings/return_sheet.html",
        branch=reference.tree.unit(branch_id),
        committee=reference.tree.committee_of(branch_id),
        today=reference.on,
        last=last_sheet(context.session(), branch_id),
        **_lines(branch_id, reference),
    )


def _lines(branch_id: int, reference: Reference) -> dict[str, list[dict[str, Any]]]:
    """Return the answers to tell, what is late and what still has time, as this reader may see them."""
    session = context.session()
    answers = [answer_line(answer, reference) for answer in answers_to_tell(session, (branch_id,))]
    waiting = [open_line(ticket, reference) for ticket in open_tickets(session, (branch_id,))]
    return {
        "answers": [line for line in answers if _may_read(line, reference)],
        "late": [line for line in waiting if line["state"] == "late" and _may_read(line, reference)],
        "waiting": [line for line in waiting if line["state"] != "late" and _may_read(line, reference)],
    }


def _may_read(line: dict[str, Any], reference: Reference) -> bool:
    """Return whether the reader may know of the ticket: even that a branch has a restricted one says too much."""
    path = reference.tree.path(line["branch_id"])
    resource = Resource(unit_path=path, is_restricted=line["is_restricted"])
    return bool(may(context.actor(), Action.TICKET_READ, resource))


def answer_line(answer: Answer, reference: Reference) -> dict[str, Any]:
    """Return one answer in words for reading aloud."""
    return {
        "number": answer.number,
        "raised_on": answer.raised_on,
        "text": answer.text,
        "url": ticket_url(answer.ticket_id),
        "is_restricted": answer.is_restricted,
        "raised": raised_words(answer.raised_count),
        "opening": answer_words(body_names(reference)(answer.body_id), answer.settled_by, answer.answered_at),
        "answer": answer.answer,
        "branch_id": answer.branch_id,
    }


def open_line(ticket: OpenTicket, reference: Reference) -> dict[str, Any]:
    """Return why one concern is still open, and who is late, in words for reading aloud."""
    told = authority_names(reference, ticket.urgency).get(ticket.level)
    level = f"Đã lên cấp: {told}" if told else ""
    body = body_names(reference)(ticket.body_id)
    now = context.now()
    words = waiting_words(
        ticket.status,
        body,
        ticket.due_at,
        now,
        level_name=level,
        reopened=ticket.reopened,
        paused_until=ticket.paused_until,
    )
    return {
        "number": ticket.number,
        "raised_on": ticket.raised_on,
        "text": ticket.text,
        "url": ticket_url(ticket.ticket_id),
        "is_restricted": ticket.is_restricted,
        "raised": raised_words(ticket.raised_count),
        "status": ticket.status,
        "urgency": ticket.urgency,
        "body": body,
        "words": words,
        "due": lateness(ticket.due_at, now)[0],
        "state": lateness(ticket.due_at, now)[1],
        "branch_id": ticket.branch_id,
    }
