"""The branch secretary's part of the desk."""

from collections.abc import Mapping
from typing import Any

from tracker.db.reading.branch_desk import BranchDesk, branch_desks
from tracker.domain.meetings import next_meeting_due
from tracker.services.reference import Reference
from tracker.web import context
from tracker.web.meetings.building import rubric_of_day
from tracker.web.meetings.returning import answer_line, open_line
from tracker.web.meetings.screen import own_branches


def branch_part(reference: Reference) -> Mapping[str, Any] | None:
    """Return what waits for each of the person's branches, or None for somebody who writes no sheets."""
    branches = own_branches(reference.tree)
    if not branches:
        return None
    desks = branch_desks(context.session(), [branch.id for branch in branches])
    return {"branches": [_desk(desk, reference) for desk in desks]}


def _desk(desk: BranchDesk, reference: Reference) -> Mapping[str, Any]:
    waiting = [open_line(ticket, reference) for ticket in desk.waiting]
    return {
        "branch": reference.tree.unit(desk.branch_id),
        "due": next_meeting_due(desk.last_month, reference.on, rubric_of_day(reference, None).rhythm),
        "drafts": desk.drafts,
        "answers": [answer_line(answer, reference) for answer in desk.answers],
        "late": [line for line in waiting if line["state"] == "late"],
        "open_count": len(waiting),
    }
