"""Reads what waits on a branch secretary's desk, for all branches of the person in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.reading.branch_tickets import Answer, OpenTicket, answers_to_tell, open_tickets
from tracker.db.reading.sheets import last_regular_months
from tracker.db.tables.meetings import SheetDraft


@dataclass(frozen=True)
class DraftLine:
    """A sheet being typed, unopened."""

    key: str
    updated_at: datetime


@dataclass(frozen=True)
class BranchDesk:
    """One branch's share of the desk. ``last_month``: the month of its latest regular meeting, if any."""

    branch_id: int
    last_month: date | None
    drafts: tuple[DraftLine, ...]
    answers: tuple[Answer, ...]
    waiting: tuple[OpenTicket, ...]


def branch_desks(session: Session, branch_ids: Sequence[int]) -> list[BranchDesk]:
    """Return the desk of each branch in the order given; four queries whatever their number."""
    months = last_regular_months(session, branch_ids)
    drafts = session.execute(
        select(SheetDraft.branch_id, SheetDraft.key, SheetDraft.updated_at)
        .where(SheetDraft.branch_id.in_(branch_ids))
        .order_by(SheetDraft.updated_at.desc())
    ).all()
    answers = answers_to_tell(session, branch_ids)
    waiting = open_tickets(session, branch_ids)
    return [
        BranchDesk(
            branch_id,
            months.get(branch_id),
            tuple(DraftLine(key, at) for of, key, at in drafts if of == branch_id),
            tuple(answer for answer in answers if answer.branch_id == branch_id),
            tuple(ticket for ticket in waiting if ticket.branch_id == branch_id),
        )
        for branch_id in branch_ids
    ]
