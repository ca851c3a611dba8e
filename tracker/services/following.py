"""A branch's sheets and tickets follow it to another committee, so that its new superiors see what they answer for.

Found by comparing what is written with the units of the day, so that doing it twice does nothing the second time.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from tracker.db.inserting import insert_rows
from tracker.db.reading.org import valid_on
from tracker.db.tables.meetings import Meeting
from tracker.db.tables.org import UnitVersion
from tracker.db.tables.runtime import Heartbeat
from tracker.db.tables.tickets import Ticket, TicketEvent
from tracker.domain.dates import local_date, midnight
from tracker.domain.org import UnitKind
from tracker.domain.tickets import Status
from tracker.services.heartbeats import CLOCKS_DIFFER
from tracker.services.redating import turn_day
from tracker.services.reference import hold_rules
from tracker.services.unit import Unit

DAILY = "follow_branches"
"""Name of the row that says on which day this was last done."""


@dataclass(frozen=True)
class Followed:
    """One branch that stands under another committee than its records said, and how many tickets followed it."""

    branch_id: int
    committee_id: int
    tickets: int


def follow_branches(*, unit: Unit, branch_ids: Collection[int] | None = None) -> list[Followed]:
    """Put the sheets and tickets of branches under the committee of the unit's day; return which moved.

    Regards every branch that ever changed its committee, or those named. Open tickets are told so in their
    timeline. Flushes, never commits.
    """
    unit.session.flush()
    hold_rules(unit.session)
    on = local_date(unit.now)
    chosen = _ever_moved() if branch_ids is None else UnitVersion.unit_id.in_(branch_ids)
    places = unit.session.execute(
        select(UnitVersion.unit_id, UnitVersion.parent_id)
        .where(valid_on(UnitVersion, on), UnitVersion.kind == UnitKind.BRANCH, chosen)
        .where(UnitVersion.parent_id.is_not(None), _has_strays(UnitVersion.unit_id, UnitVersion.parent_id))
        .order_by(UnitVersion.unit_id)
    ).all()
    return [_follow(one.unit_id, one.parent_id, unit) for one in places if one.parent_id is not None]


def follow_branches_once_a_day(*, unit: Unit) -> list[Followed]:
    """Do so for every branch unless it was done on the unit's day already; flushes. Dates move with the tree.

    The row that says so is moved in the same transaction: of two processes one does it, and one that is killed
    has done nothing.
    """
    today = local_date(unit.now)
    last = unit.session.scalar(select(Heartbeat.at).where(Heartbeat.name == DAILY))
    if not _is_first_today(today, unit):
        return []
    yesterday = today - timedelta(days=1)
    # First the day's rules, whose row is locked, then the tickets: as every act does.
    turn_day(min(local_date(last), yesterday) if last else yesterday, unit=unit)
    return follow_branches(unit=unit)


def _is_first_today(today: date, unit: Unit) -> bool:
    out_of_date = or_(Heartbeat.at < midnight(today), Heartbeat.at > unit.now + CLOCKS_DIFFER)
    statement = update(Heartbeat).where(Heartbeat.name == DAILY, out_of_date).values(at=unit.now)
    if unit.session.execute(statement.returning(Heartbeat.name)).first() is not None:
        return True
    if unit.session.scalar(select(Heartbeat.name).where(Heartbeat.name == DAILY)) is not None:
        return False
    try:
        with unit.session.begin_nested():
            unit.session.add(Heartbeat(name=DAILY, at=unit.now))
    except IntegrityError:
        return False  # another process wrote the first one in between, and does the work
    return True


def _ever_moved() -> ColumnElement[bool]:
    moved = (
        select(UnitVersion.unit_id)
        .group_by(UnitVersion.unit_id)
        .having(func.count(UnitVersion.parent_id.distinct()) > 1)
    )
    return UnitVersion.unit_id.in_(moved)


def _has_strays(branch_id: Any, committee_id: Any) -> ColumnElement[bool]:
    """Return the condition that a sheet or a ticket of the branch stands under another committee."""
    return or_(
        *(
            select(table.id)
            .where(table.branch_id == branch_id, table.committee_id != committee_id)
            .correlate(UnitVersion)
            .exists()
            for table in (Ticket, Meeting)
        )
    )


def _follow(branch_id: int, committee_id: int, unit: Unit) -> Followed:
    tickets = unit.session.execute(
        select(Ticket.id, Ticket.committee_id, Ticket.status)
        .where(Ticket.branch_id == branch_id, Ticket.committee_id != committee_id)
        .order_by(Ticket.id)
        .with_for_update()
    ).all()
    for table in (Ticket, Meeting):
        unit.session.execute(
            update(table)
            .where(table.branch_id == branch_id, table.committee_id != committee_id)
            .values(committee_id=committee_id)
        )
    _tell([row for row in tickets if row.status != Status.ACCEPTED], committee_id, unit)
    unit.record("unit", branch_id, "followed", committee=committee_id, tickets=len(tickets))
    return Followed(branch_id, committee_id, len(tickets))


def _tell(tickets: Collection[Any], committee_id: int, unit: Unit) -> None:
    """Write the move of open tickets into their timelines and the audit chain.

    Their versions stay: what a person has on the screen is no less true under another committee.
    """
    rows = [
        {
            "ticket_id": ticket.id,
            "at": unit.now,
            "actor_id": unit.actor.account_id,
            "act": "moved",
            "details": {"committee": committee_id, "former": ticket.committee_id},
        }
        for ticket in tickets
    ]
    insert_rows(unit.session, TicketEvent, rows)
    for ticket in tickets:
        unit.record("ticket", ticket.id, "moved", committee=committee_id, former=ticket.committee_id)
