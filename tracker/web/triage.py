"""The office's list of what no rule could place and what a body sent back, earliest due first."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.db.reading.tickets import TicketLine, TicketList, ticket_rows
from tracker.db.reading.triage import bounces, reasons
from tracker.domain.access import Action, ticket_reach
from tracker.domain.ticket_lists import Cursor, TicketFilter, View
from tracker.services.reference import Reference
from tracker.web import context
from tracker.web.access import needs
from tracker.web.paging import stepped
from tracker.web.ticket_filters import cursors
from tracker.web.ticket_lines import category_names, shown

blueprint = Blueprint("triage", __name__, url_prefix="/phan-loai")


@blueprint.get("")
@needs(Action.TICKET_ASSIGN)
def index() -> ResponseReturnValue:
    reference, session = context.reference(), context.session()
    reach = ticket_reach(context.actor(), reference.tree)
    after, before = cursors(request.args, View.TRIAGE)
    found = ticket_rows(session, reach, TicketFilter(View.TRIAGE), context.now(), after=after, before=before)
    ids = [line.id for line in found.lines]
    return render_template(
        "triage/index.html",
        rows=shown(found.lines, reference),
        because=reasons(session, ids),
        bounces=bounces(session, ids, reference.tree),
        bodies={line.id: reference.tree.bodies_for(line.branch_id) for line in found.lines},
        categories=category_names(reference),
        after=_here(found, after),
        pager=stepped(found, partial(url_for, ".index")),
    )


def _here(found: TicketList, after: Cursor | None) -> str:
    """Return the cursor at which the page begins, "" for the first page; also of one that was turned back to."""
    first = found.lines[0] if found.lines and found.previous else None
    if after or first is None or first.due_at is None:
        return str(after) if after else ""
    return str(Cursor(first.due_at, first.id - 1))


@dataclass(frozen=True)
class Next:
    """The next ticket that waits to be placed: its id, number and address; all blank when none does."""

    id: int | None = None
    number: str = ""
    url: str = ""


def next_waiting(ticket_id: int, due_at: datetime | None, reference: Reference) -> Next:
    """Return what waits behind the ticket in the order of the list, or else first of all; never the ticket itself."""
    behind = _first(reference, Cursor(due_at, ticket_id)) if due_at else None
    found = behind or _first(reference, None, ticket_id)
    return Next(found.id, found.number, url_for("tickets.show", ticket_id=found.id)) if found else Next()


def _first(reference: Reference, after: Cursor | None, without: int = 0) -> TicketLine | None:
    reach = ticket_reach(context.actor(), reference.tree)
    wanted = TicketFilter(View.TRIAGE)
    lines = ticket_rows(context.session(), reach, wanted, context.now(), limit=2, after=after).lines
    return next((line for line in lines if line.id != without), None)


def back_to_list(ticket_id: int, due_at: datetime | None, reference: Reference) -> str:
    """Return the list's address on the page where the person was, at the next that waits."""
    following = next_waiting(ticket_id, due_at, reference)
    after = Cursor.parse(request.form.get("after", ""), View.TRIAGE)
    page = str(after) if after and due_at and _first(reference, after) else None
    anchor = f"kien-nghi-{following.id}" if following.id else None
    return url_for("triage.index", after=page, _anchor=anchor)
