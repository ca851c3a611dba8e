"""The office's list of what no rule could place and what a body sent back, earliest due first."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.db.reading.tickets import ticket_rows
from tracker.db.reading.triage import bounces, reasons
from tracker.domain.access import Action, ticket_reach
from tracker.domain.ticket_lists import Cursor, TicketFilter, View
from tracker.web import context
from tracker.web.access import needs
from tracker.web.ticket_lines import category_names, shown

blueprint = Blueprint("triage", __name__, url_prefix="/phan-loai")


@blueprint.get("")
@needs(Action.TICKET_ASSIGN)
def index() -> ResponseReturnValue:
    reference, session = context.reference(), context.session()
    reach = ticket_reach(context.actor(), reference.tree)
    after = Cursor.parse(request.args.get("after", ""), View.TRIAGE)
    found = ticket_rows(session, reach, TicketFilter(View.TRIAGE), context.now(), after=after)
    ids = [line.id for line in found.lines]
    return render_template(
        "triage/index.html",
        rows=shown(found.lines, reference),
        because=reasons(session, ids),
        bounces=bounces(session, ids, reference.tree),
        bodies={line.id: reference.tree.bodies_for(line.branch_id) for line in found.lines},
        categories=category_names(reference),
        following=url_for(".index", after=str(found.following)) if found.following else None,
    )
