"""The person's own desk: what waits, in the order in which it is due."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.domain.access import Action
from tracker.web.access import needs

blueprint = Blueprint("desk", __name__)


@blueprint.get("/")
@needs(Action.OWN_DESK)
def show() -> ResponseReturnValue:
    return render_template("desk/show.html")
