"""Tickets: the list, one ticket's page, and what its body and the office do to it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.ticket import ANSWER_LIMIT, AcknowledgeForm, AnswerForm, AssignForm, BounceForm
from tracker.db.reading.ticket_page import TicketPage
from tracker.db.reading.tickets import ticket_rows
from tracker.domain.access import Action, TicketReach, may, ticket_reach
from tracker.domain.errors import Conflict, Invalid, Refused
from tracker.domain.org import UnitKind
from tracker.domain.ticket_lists import VIEW_WORDS
from tracker.domain.tickets import URGENCY_WORDS, Status
from tracker.services import tickets
from tracker.services.reference import Reference
from tracker.services.unit import Unit
from tracker.web import context
from tracker.web.access import needs
from tracker.web.forms import show_errors
from tracker.web.paging import stepped
from tracker.web.ticket_filters import asked
from tracker.web.ticket_lines import category_names, shown
from tracker.web.ticket_reading import offer, opened, read
from tracker.web.triage import back_to_list, next_waiting

blueprint = Blueprint("tickets", __name__, url_prefix="/kien-nghi")

Act = Callable[[Unit, Reference], None]
Go = Callable[[TicketPage, Reference], str]


def _to_the_ticket(page: TicketPage, _reference: Reference) -> str:
    return url_for("tickets.show", ticket_id=page.id)


def _to_the_list(_page: TicketPage, _reference: Reference) -> str:
    """Return where to go when the ticket may now be out of the person's reach."""
    return url_for("tickets.index")


@blueprint.get("")
@needs(Action.TICKET_READ)
def index() -> ResponseReturnValue:
    reference = context.reference()
    wanted = asked(request.args, reference)
    reach = ticket_reach(context.actor(), reference.tree)
    found = ticket_rows(
        context.session(), reach, wanted.filter, context.now(), after=wanted.after, before=wanted.before
    )
    if wanted.filter.numbers and len(found.lines) == 1:
        return redirect(url_for(".show", ticket_id=found.lines[0].id))
    return render_template(
        "tickets/index.html",
        rows=shown(found.lines, reference),
        asked=wanted,
        pager=stepped(found, partial(url_for, ".index", **wanted.kept)),
        **_choices(reach, reference),
    )


def _choices(reach: TicketReach, reference: Reference) -> dict[str, Any]:
    """Return what the list may be narrowed to, for the filter's boxes; whole only for who sees much."""
    tree = reference.tree
    units = [tree.units[one] for one in reach.committee_ids]
    wards = [unit for unit in units if unit.kind == UnitKind.PARTY_COMMITTEE]
    # A province's hundreds of branches would be half of the page: there the committees are enough.
    places = sorted(tree.branches(wards[0].id), key=_name) if len(wards) == 1 else []
    bodies = {
        body.id: body for body in tree.bodies.values() if body.committee_id in (None, *reach.committee_ids)
    }
    return {
        "views": VIEW_WORDS,
        "categories": category_names(reference),
        "urgencies": URGENCY_WORDS,
        "committees": wards,
        "branches": places,
        "bodies": sorted(bodies.values(), key=_name) if reach.committee_ids else [],
    }


def _name(node: Any) -> str:
    return str(node.name)


@blueprint.get("/<int:ticket_id>")
@needs(Action.TICKET_READ)
def show(ticket_id: int) -> ResponseReturnValue:
    return _page(ticket_id, {}, is_placed="da_giao" in request.args)


def _page(ticket_id: int, given: dict[str, Any], status: int = 200, **more: Any) -> ResponseReturnValue:
    """Return the ticket's page with the forms that were sent, as they were sent."""
    reference = context.reference()
    seen = opened(read(ticket_id, reference), reference, given)
    # A form that is not offered any more can't show what was typed in it: the page does.
    more.setdefault("blocked", not seen.forms.keys() >= given.keys())
    if may(context.actor(), Action.TICKET_ASSIGN) and (
        more.get("is_placed") or seen.page.status == Status.TRIAGE
    ):
        more["following"] = next_waiting(ticket_id, seen.page.due_at, reference)
    sent = next(iter(given.values()), None)
    errors = bool(sent and (sent.errors or sent.form_errors))
    page = render_template(
        "tickets/show.html", seen=seen, sent=sent, errors=errors, answer_limit=ANSWER_LIMIT, **more
    )
    return page, status


@blueprint.post("/<int:ticket_id>/tiep-nhan")
@needs(Action.TICKET_ACKNOWLEDGE)
def acknowledge(ticket_id: int) -> ResponseReturnValue:
    form = AcknowledgeForm()

    def act(unit: Unit, reference: Reference) -> None:
        tickets.acknowledge(ticket_id, form.seen_version, unit=unit, reference=reference)

    return do(ticket_id, "acknowledge", form, act, _("Đã ghi nhận đơn vị tiếp nhận kiến nghị."))


@blueprint.post("/<int:ticket_id>/tra-loi")
@needs(Action.TICKET_ANSWER)
def answer(ticket_id: int) -> ResponseReturnValue:
    form = AnswerForm()
    if form.validate_on_submit() and request.form.get("step") != "send":
        return _page(ticket_id, {"answer": form}, preview=request.form.get("step") != "edit")

    def act(unit: Unit, reference: Reference) -> None:
        tickets.answer(ticket_id, form.seen_version, form.text.data, unit=unit, reference=reference)

    return do(ticket_id, "answer", form, act, _("Đã gửi trả lời. Bí thư sẽ báo lại chi bộ tại cuộc họp tới."))


@blueprint.post("/<int:ticket_id>/chuyen-tra")
@needs(Action.TICKET_BOUNCE)
def bounce(ticket_id: int) -> ResponseReturnValue:
    form = BounceForm()

    def act(unit: Unit, reference: Reference) -> None:
        body_id = form.proposed_body.data
        tickets.bounce(
            ticket_id, form.seen_version, form.reason.data, body_id, unit=unit, reference=reference
        )

    return do(
        ticket_id, "bounce", form, act, _("Đã chuyển trả văn phòng để giao đơn vị khác."), go=_to_the_list
    )


@blueprint.post("/<int:ticket_id>/giao")
@needs(Action.TICKET_ASSIGN)
def assign(ticket_id: int) -> ResponseReturnValue:
    form = AssignForm()

    def act(unit: Unit, reference: Reference) -> None:
        body_id, category = form.body.data or 0, form.category.data or None
        tickets.assign(
            ticket_id,
            form.seen_version,
            body_id,
            form.note.data,
            category=category,
            unit=unit,
            reference=reference,
        )

    return do(ticket_id, "assign", form, act, _("Đã chuyển đơn vị xử lý."), go=_after_placing)


def _after_placing(page: TicketPage, reference: Reference) -> str:
    """Return where the office goes on: its list, or the ticket's page with the way to the next one."""
    if request.form.get("back") == "triage":
        return back_to_list(page.id, page.due_at, reference)
    return url_for("tickets.show", ticket_id=page.id, da_giao=1 if page.status == Status.TRIAGE else None)


def do(
    ticket_id: int, name: str, form: Any, act: Act, done: str, *, go: Go = _to_the_ticket
) -> ResponseReturnValue:
    """Do it and go on to ``go``; refused, show the page again with the reason and everything that was typed."""
    reference = context.reference()
    page = read(ticket_id, reference)
    offer(form, page, reference)
    if not form.validate_on_submit():
        return _page(ticket_id, {name: form}, 422)
    try:
        with context.unit() as unit:
            act(unit, reference)
    except Invalid as invalid:
        show_errors(form, invalid)
        return _page(ticket_id, {name: form}, 422)
    except (Conflict, Refused) as refused:
        form.form_errors.append(refused.sentence)
        return _page(ticket_id, {name: form}, 409 if isinstance(refused, Conflict) else 403, blocked=True)
    flash(f"{page.number}: {done}")
    return redirect(go(page, reference))
