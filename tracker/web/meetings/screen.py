"""What all screens of meetings share: the blueprint, whose branch it is, links to tickets."""

from collections.abc import Callable

from flask import Blueprint, current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.access import Action, Resource
from tracker.domain.errors import NotFound
from tracker.domain.org import OrgTree, UnitNode
from tracker.domain.people import Role
from tracker.domain.text import sort_key
from tracker.services.meetings import branch_resource
from tracker.services.reference import Reference
from tracker.web import context
from tracker.web.access import allow
from tracker.web.asking import whole

blueprint = Blueprint("meetings", __name__)


def own_branches(tree: OrgTree) -> list[UnitNode]:
    """Return the branches for which the person writes sheets, by name."""
    ids = dict.fromkeys(context.actor().units(Role.BRANCH_SECRETARY))
    return sorted((tree.units[i] for i in ids if i in tree.units), key=lambda unit: sort_key(unit.name))


def asked_branch(action: Action, reference: Reference) -> int | None:
    """Return the branch named in the address, else the person's only one; None when one must be chosen.

    Raises Refused for a branch on which the person may not act, NotFound for none at all.
    """
    branch_id = request.args.get("chi_bo", type=whole)
    if branch_id is None:
        own = own_branches(reference.tree)
        return own[0].id if len(own) == 1 else None
    allow(action, branch_resource(branch_id, reference))
    return reference.tree.unit(branch_id).id


def meeting_resource(branch_id: int, reference: Reference) -> Resource:
    """Return a meeting as the access rules see it: its branch, also one that isn't there any more."""
    if branch_id not in reference.tree.units:
        raise NotFound("Chi bộ của phiếu này không còn trong danh sách hôm nay.")
    return branch_resource(branch_id, reference)


def done_at(url: str) -> ResponseReturnValue:
    """Return where to go on after the work is done; to the page's script as JSON, which tells it that all arrived."""
    if request.accept_mimetypes.best == "application/json":
        return jsonify(next=url)
    return redirect(url)


def body_names(reference: Reference) -> Callable[[int | None], str]:
    """Return a function that names a body; without one, the office that sorts concerns."""
    bodies = reference.tree.bodies

    def name(body_id: int | None) -> str:
        if body_id is None:
            return "Văn phòng cấp ủy (chờ phân loại)"
        return bodies[body_id].name if body_id in bodies else "Đơn vị trước đây"

    return name


def ticket_url(ticket_id: int) -> str | None:
    """Return the ticket's page, or None where there is no such screen."""
    if "tickets.show" not in current_app.view_functions:
        return None
    return url_for("tickets.show", ticket_id=ticket_id)
