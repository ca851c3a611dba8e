"""What every act on a ticket does: open and lock it, see that it is still what was seen, write the act down."""

from typing import Any, Protocol

from sqlalchemy import select

from tracker.db.tables.tickets import Ticket, TicketEvent
from tracker.domain.access import Action, Resource, may
from tracker.domain.errors import NotFound, StaleEdit
from tracker.domain.org import OrgTree
from tracker.domain.people import Role
from tracker.domain.tickets import Move, next_status
from tracker.services.reference import Reference, hold_rules
from tracker.services.rights import acting, check_right
from tracker.services.touching import who_was_quicker
from tracker.services.unit import Unit


class TicketFacts(Protocol):
    """What the access rules need to know of a ticket: its row has it, and so has what a page reads."""

    @property
    def branch_id(self) -> int: ...
    @property
    def committee_id(self) -> int: ...
    @property
    def body_id(self) -> int | None: ...
    @property
    def status(self) -> str: ...
    @property
    def is_restricted(self) -> bool: ...


def ticket_resource(ticket: TicketFacts, tree: OrgTree, decider: str | None = None) -> Resource:
    """Return the ticket as the access rules see it; ``decider``: who decides on its request for more time.

    It lies under the committee that is written on it, which is what a query of the reach compares.
    """
    body = tree.bodies.get(ticket.body_id) if ticket.body_id else None
    return Resource(
        unit_path=(ticket.branch_id, *tree.path(ticket.committee_id)),
        body_id=ticket.body_id,
        body_code=body.code if body else None,
        body_in_chain=body.in_chain if body else True,
        status=ticket.status,
        is_restricted=ticket.is_restricted,
        decider=decider,
    )


def open_ticket(ticket_id: int, action: Action, *, unit: Unit, reference: Reference) -> Ticket:
    """Return the locked ticket; raise NotFound for one the person may not know of, Refused for a forbidden act.

    The rules are held first: who changes them locks in the same order.
    """
    hold_rules(unit.session)
    ticket = unit.session.execute(
        select(Ticket)
        .where(Ticket.id == ticket_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if ticket is None or not may(unit.actor, Action.TICKET_READ, ticket_resource(ticket, reference.tree)):
        raise NotFound("Không tìm thấy kiến nghị này trong phạm vi của đồng chí.")
    check_right(action, ticket_resource(ticket, reference.tree, _decider(ticket, reference)), unit=unit)
    return ticket


def _decider(ticket: Ticket, reference: Reference) -> str | None:
    return decider_for(ticket.category, ticket.urgency, ticket.is_restricted, reference)


def decider_for(category: str | None, urgency: str, is_restricted: bool, reference: Reference) -> str | None:
    """Return the role that decides on more time for such a ticket today, None where no rule allows any.

    Of a restricted ticket, which leaders can't open, it is the inspection commission.
    """
    rule = reference.extension_rule(category, urgency)
    if rule is None:
        return None
    return Role.INSPECTION if is_restricted and rule.decider != Role.BODY_HEAD else rule.decider


def take(
    ticket_id: int, version: int, act: str, action: Action, unit: Unit, reference: Reference
) -> Ticket | None:
    """Return the locked ticket to act on, or None when this very act of this person has been done already.

    The second click of a double click carries the version before the first: it is answered like the first.
    """
    ticket = open_ticket(ticket_id, Action.TICKET_READ, unit=unit, reference=reference)
    if ticket.version != version:
        if ticket.version == version + 1 and _last_act(ticket.id, unit) == (
            str(act),
            unit.actor.account_id,
        ):
            return None
        raise StaleEdit(
            "Kiến nghị này vừa được người khác cập nhật. Hãy xem lại rồi làm tiếp."
            + who_was_quicker("ticket", ticket.id, unit)
        )
    return open_ticket(ticket_id, action, unit=unit, reference=reference)


def _last_act(ticket_id: int, unit: Unit) -> tuple[str, int | None] | None:
    row = unit.session.execute(
        select(TicketEvent.act, TicketEvent.actor_id)
        .where(TicketEvent.ticket_id == ticket_id)
        .order_by(TicketEvent.id.desc())
        .limit(1)
    ).one_or_none()
    return (row.act, row.actor_id) if row else None


def apply(ticket: Ticket, move: Move, unit: Unit, **details: Any) -> None:
    """Move the ticket on and write down the act; ``details`` go to the timeline, the audit gets ids and marks."""
    before = ticket.status
    ticket.status = next_status(ticket.status, move, has_body=ticket.body_id is not None)
    note(ticket, move.value, unit, states={"from": before, "to": ticket.status}, **details)


def note(
    ticket: Ticket, act: str, unit: Unit, *, states: dict[str, Any] | None = None, **details: Any
) -> None:
    """Write down an act on the ticket, whose version it moves; texts reach the audit as marks alone. Flushes."""
    ticket.version += 1
    unit.session.add(
        TicketEvent(
            ticket_id=ticket.id,
            at=unit.now,
            actor_id=unit.actor.account_id,
            act=act,
            details=details | (states or {}) | acting(unit),
        )
    )
    facts = {key: unit.mark(value) if isinstance(value, str) else value for key, value in details.items()}
    unit.record("ticket", ticket.id, act, **(states or {}), **facts)
    unit.session.flush()
