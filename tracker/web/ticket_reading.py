"""One ticket's page as values: what is known, why this body and date, and what this person may do to it."""

from dataclasses import dataclass, field
from typing import Any

from forms.clock import DecideExtensionForm, ExtensionForm, PauseForm, ResumeForm
from forms.ticket import AcknowledgeForm, AnswerForm, AssignForm, BounceForm
from tracker.db.reading.clock_lines import ClockLine
from tracker.db.reading.ticket_page import TicketPage, ticket_page
from tracker.domain.access import Action, may
from tracker.domain.dates import local_date
from tracker.domain.deadlines import Deadline, deadline
from tracker.domain.errors import Invalid, NotFound
from tracker.domain.extension_rules import ExtensionRule
from tracker.domain.people import ROLE_WORDS
from tracker.domain.ticket_lists import DueWords, due_words
from tracker.domain.time_limits import limit_by_code
from tracker.services.extensions import Move, asked_moves
from tracker.services.reference import Reference
from tracker.services.ticket_acts import decider_for, ticket_resource
from tracker.web import context
from tracker.web.ticket_clocks import ClockShown, clocks_shown, fits_clock, moved_by
from tracker.web.ticket_lines import authority_names, category_names, level_names

ACTS = {
    "acknowledge": Action.TICKET_ACKNOWLEDGE,
    "answer": Action.TICKET_ANSWER,
    "bounce": Action.TICKET_BOUNCE,
    "assign": Action.TICKET_ASSIGN,
    "pause": Action.TICKET_PAUSE,
    "resume": Action.TICKET_PAUSE,
    "extend": Action.EXTENSION_ASK,
    "decide": Action.EXTENSION_DECIDE,
}
"""What a page may offer, by the name of its form."""


MAKERS: dict[str, Any] = {
    "acknowledge": AcknowledgeForm,
    "answer": AnswerForm,
    "bounce": BounceForm,
    "assign": AssignForm,
    "pause": PauseForm,
    "resume": ResumeForm,
    "extend": ExtensionForm,
    "decide": DecideExtensionForm,
}
"""The form of each act."""


@dataclass(frozen=True)
class Explained:
    """The answer's clock: ``deadline`` tells it day by day, None when its rule isn't known any more.

    ``holds`` is False when the calendar was changed since: the date that was promised stands.
    """

    clock: ClockLine
    deadline: Deadline | None
    holds: bool


@dataclass(frozen=True)
class Opened:
    """A ticket as one person sees it."""

    page: TicketPage
    body: str
    proposed: str
    category: str
    level: str
    due: DueWords
    explained: Explained | None
    acknowledge_by: ClockLine | None
    clocks: tuple[ClockShown, ...]
    extension_rule: ExtensionRule | None
    #: who decides on more time, in words
    decider: str
    #: what the request for more time that waits would move
    asked: Move | None
    forms: dict[str, Any] = field(default_factory=dict)


def read(ticket_id: int, reference: Reference) -> TicketPage:
    """Return the ticket's page; raise NotFound for one that the person may not know of."""
    page = ticket_page(context.session(), ticket_id, level_names(reference, ""))
    decision = page and may(context.actor(), Action.TICKET_READ, ticket_resource(page, reference.tree))
    if page is None or not decision:
        raise NotFound("Không tìm thấy kiến nghị này trong phạm vi của đồng chí.")
    return page


def opened(page: TicketPage, reference: Reference, given: dict[str, Any]) -> Opened:
    """Return the page with its words and the forms of what the person may do; ``given`` replaces fresh forms."""
    tree, now = reference.tree, context.now()
    body, proposed = tree.bodies.get(page.body_id or 0), tree.bodies.get(page.proposed_body_id or 0)
    answered_at = page.answers[-1].answered_at if page.answers else None
    return Opened(
        page=page,
        body=body.name if body else page.body_name,
        proposed=proposed.name if proposed else "",
        category=category_names(reference).get(page.category or "", ""),
        level=authority_names(reference, page.urgency).get(page.level, ""),
        due=due_words(page.status, page.due_at, answered_at, now, page.paused_until),
        explained=_explained(page, reference),
        clocks=clocks_shown(page, now),
        extension_rule=reference.extension_rule(page.category, page.urgency),
        decider=ROLE_WORDS.get(
            decider_for(page.category, page.urgency, page.is_restricted, reference) or "", ""
        ),
        asked=asked_moves(context.session(), [page.id], reference).get(page.id)
        if page.asked_extension
        else None,
        acknowledge_by=page.clock("acknowledge") if page.status == "routed" else None,
        forms=_forms(page, reference, given),
    )


def _explained(page: TicketPage, reference: Reference) -> Explained | None:
    clock = page.clock("answer")
    if clock is None:
        return None
    try:
        limit = limit_by_code(reference.limits, clock.rule_code, local_date(clock.started_at))
        calendar = reference.calendars.of_clock(clock.kind, page.branch_id, page.body_id)
        found = deadline(limit, clock.started_at, calendar, *moved_by(page, clock.id))
    except Invalid:
        return Explained(clock, None, False)
    return Explained(clock, found, found.due_at == clock.due_at)


def _forms(page: TicketPage, reference: Reference, given: dict[str, Any]) -> dict[str, Any]:
    """Return the forms of what the person may do now, and any that was sent though it may not be done now."""
    decider = decider_for(page.category, page.urgency, page.is_restricted, reference)
    resource = ticket_resource(page, reference.tree, decider)
    names = [
        name
        for name, action in ACTS.items()
        if may(context.actor(), action, resource) and fits_clock(name, page, context.now())
    ]
    forms = {name: given.get(name) or MAKERS[name](formdata=None) for name in names}
    for form in forms.values():
        offer(form, page, reference)
    return forms


def offer(form: Any, page: TicketPage, reference: Reference) -> None:
    """Fill the lists from which a form lets choose."""
    bodies = [(body.id, body.name) for body in reference.tree.bodies_for(page.branch_id)]
    if isinstance(form, BounceForm):
        form.offer([pair for pair in bodies if pair[0] != page.body_id])
    elif isinstance(form, AssignForm):
        form.offer(bodies, category_names(reference).items(), page.proposed_body_id, page.category)
