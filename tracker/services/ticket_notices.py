"""Whom to tell of what happened to a ticket: those who must act on it, and those who bring its answer back."""

from tracker.db.tables.tickets import Ticket
from tracker.domain.people import Role
from tracker.domain.recipients import Recipients, recipients
from tracker.services.notices import Telling
from tracker.services.reference import Reference


def recipients_of(ticket: Ticket, role: str, reference: Reference) -> Recipients:
    """Return who stands for the role where the ticket belongs, and why these."""
    return recipients(
        reference.tree,
        reference.holders,
        role,
        branch_id=ticket.branch_id,
        body_id=ticket.body_id,
        is_restricted=ticket.is_restricted,
    )


def tellings(ticket: Ticket, event: str, words: str, reference: Reference) -> list[Telling]:
    """Return what to tell the officials of the ticket (the office, for triage): number and event, never the words."""
    found = recipients_of(ticket, Role.OFFICIAL, reference)
    key = f"{event}:{ticket.id}:{ticket.version}"
    return [
        Telling(account_id, key, f"{ticket.number}: {words}", ticket.id) for account_id in found.account_ids
    ]


def tellings_of_secretaries(ticket: Ticket, event: str, words: str, reference: Reference) -> list[Telling]:
    """Return what to tell the secretaries of the ticket's branch: number and event, never the words."""
    key = f"{event}:{ticket.id}:{ticket.version}"
    secretaries = reference.holders.at(Role.BRANCH_SECRETARY, ticket.branch_id)
    return [Telling(account_id, key, f"{ticket.number}: {words}", ticket.id) for account_id in secretaries]
