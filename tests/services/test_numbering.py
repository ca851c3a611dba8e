"""Numbers that everybody sees have no gap; those of restricted tickets tell neither how many there are nor when."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.makers import Makers
from tests.stories import LIGHTS, RESTRICTED, UNPLACED, Ward
from tracker.db.base import db
from tracker.db.reading.tickets import ticket_rows
from tracker.db.tables.tickets import Ticket
from tracker.domain.access import ticket_reach
from tracker.domain.people import Actor
from tracker.domain.ticket_lists import TicketFilter, View, numbers_meant
from tracker.domain.tickets import DRAWN
from tracker.services.numbering import drawn_numbers, open_numbers
from tracker.services.unit import unit_of_work


@pytest.fixture
def ward(app: Flask, make: Makers, clock: Callable[[], Any]) -> Ward:
    return Ward(make, clock)


def seen_by(ward: Ward, actor: Actor) -> list[int]:
    """Return the last parts of the numbers of all tickets that the person may read, in order."""
    reach = ticket_reach(actor, ward.reference.tree)
    lines = ticket_rows(db.session(), reach, TicketFilter(View.ALL), ward.clock()).lines
    return sorted(int(line.number.rsplit("-", 1)[1]) for line in lines)


def gaps(numbers: list[int]) -> int:
    """Return how many numbers up to the last are missing."""
    return numbers[-1] - len(numbers)


def test_who_sees_no_restricted_ticket_sees_no_gap_either(ward: Ward) -> None:
    ward.file(LIGHTS, RESTRICTED, UNPLACED)
    ward.file(RESTRICTED + " lắm", LIGHTS + " nữa")

    assert seen_by(ward, ward.office) == [1, 2, 3]
    assert gaps(seen_by(ward, ward.office)) == 0
    hidden = set(seen_by(ward, ward.inspector)) - {1, 2, 3}
    assert len(hidden) == 2
    assert all(number in DRAWN for number in hidden)


def test_one_series_for_all_would_tell(ward: Ward) -> None:
    """The negative control of the one above: renumbered as one series, the gaps count what is hidden."""
    ward.file(LIGHTS, RESTRICTED, UNPLACED)
    for number, ticket_id in reversed(list(enumerate(db.session.scalars(sa.select(Ticket.id)), start=1))):
        values = {"number": f"TAS-2026-{number:04d}"}
        db.session.execute(sa.update(Ticket).where(Ticket.id == ticket_id).values(values))
    db.session.commit()

    assert gaps(seen_by(ward, ward.office)) == 1


def test_a_ticket_keeps_its_number_whatever_becomes_of_it(ward: Ward) -> None:
    first, second = ward.file(LIGHTS, UNPLACED)
    db.session.execute(sa.update(Ticket).where(Ticket.id == first).values(is_restricted=True))
    db.session.commit()
    (third,) = ward.file(LIGHTS + " nữa")

    assert [ward.ticket(one).number for one in (first, second, third)] == [
        "TAS-2026-0001",
        "TAS-2026-0002",
        "TAS-2026-0003",
    ]


def test_drawn_numbers_are_never_given_twice_and_can_be_typed(ward: Ward) -> None:
    with unit_of_work(ward.make.wiring, actor=ward.secretary, now=ward.clock()) as unit:
        drawn = drawn_numbers("TAS", 2026, 3000, unit)

    assert len(set(drawn)) == 3000
    assert numbers_meant(drawn[0].lower(), ["TAS"], [2026]) == (drawn[0],)
    assert drawn != sorted(drawn), "no order tells which came first"


def test_nothing_to_number_takes_nothing(ward: Ward) -> None:
    with unit_of_work(ward.make.wiring, actor=ward.secretary, now=ward.clock()) as unit:
        assert open_numbers(ward.ward, "TAS", 2026, 0, unit) == drawn_numbers("TAS", 2026, 0, unit) == []
        assert open_numbers(ward.ward, "TAS", 2026, 1, unit) == ["TAS-2026-0001"]
