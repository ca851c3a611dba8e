"""Ticket numbers: consecutive ones of a committee's year, and drawn ones for what few may know of.

Consecutive numbers with gaps would tell a reader how many concerns are hidden from them, and when they came.
"""

import secrets

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from tracker.db.tables.tickets import NumberSeries, Ticket
from tracker.domain.tickets import DRAWN, ticket_number
from tracker.services.unit import Unit


def open_numbers(committee_id: int, symbol: str, year: int, count: int, unit: Unit) -> list[str]:
    """Return the next consecutive numbers of the committee's year, without a gap; none is ever given twice."""
    if not count:
        return []
    first = _take(committee_id, year, count, unit)
    return [ticket_number(symbol, year, first + index) for index in range(count)]


def drawn_numbers(symbol: str, year: int, count: int, unit: Unit) -> list[str]:
    """Return numbers drawn by chance that no ticket has; what is drawn tells neither how many nor when.

    The column's UNIQUE has the last word between two that draw the same at once.
    """
    found: list[str] = []
    while missing := count - len(found):
        drawn = {ticket_number(symbol, year, secrets.choice(DRAWN)) for _ in range(missing)} - set(found)
        known = set(unit.session.scalars(select(Ticket.number).where(Ticket.number.in_(drawn))))
        found += drawn - known  # in the order of a set, which is no order
    return found


def _take(committee_id: int, year: int, count: int, unit: Unit) -> int:
    """Return the first of ``count`` consecutive numbers."""
    statement = (
        update(NumberSeries)
        .where(NumberSeries.committee_id == committee_id, NumberSeries.year == year)
        .values(last=NumberSeries.last + count)
        .returning(NumberSeries.last)
    )
    last = unit.session.execute(statement).scalar_one_or_none()
    if last is None:
        try:
            with unit.session.begin_nested():
                unit.session.add(NumberSeries(committee_id=committee_id, year=year, last=0))
        except IntegrityError:
            pass  # another process began the year a moment ago: take from its series
        last = unit.session.execute(statement).scalar_one()
    return last - count + 1
