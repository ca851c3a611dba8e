"""The person's own desk: what waits, in the order in which it is due. Each role adds its own part."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.db.reading.people import administrator_names
from tracker.domain.access import Action, may
from tracker.services.reference import Reference
from tracker.web import context, desk_tickets
from tracker.web.access import needs
from tracker.web.meetings.desk import branch_part

blueprint = Blueprint("desk", __name__)

Part = Callable[[Reference], Mapping[str, Any] | None]

PARTS: tuple[tuple[str, Part], ...] = (
    ("desk/_branch.html", branch_part),
    ("desk/_leader.html", desk_tickets.leader_part),
    ("desk/_follower.html", desk_tickets.follower_part),
    ("desk/_body.html", desk_tickets.body_part),
    ("desk/_office.html", desk_tickets.office_part),
)
"""The parts of the desk in their order: a template, and what it shows (None: nothing for this person)."""


@blueprint.get("/")
@needs(Action.OWN_DESK)
def show() -> ResponseReturnValue:
    if not context.actor().grants:
        return render_template(
            "desk/no_role.html", whom=administrator_names(context.session(), context.today())
        )
    reference = context.reference()
    parts = [(template, read(reference)) for template, read in PARTS]
    coming = url_for("coming.due") if may(context.actor(), Action.TICKET_READ) else None
    shown = [part for part in parts if part[1] is not None]
    return render_template("desk/show.html", parts=shown, coming=coming)
