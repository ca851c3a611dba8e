"""The reach as a query gives the same tickets as ``may`` gives one by one: every role against every kind of ticket."""

from datetime import date, timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW
from tests.makers import Makers
from tracker.db.base import db
from tracker.db.reading.org import org_tree
from tracker.db.reading.tickets import TicketList, ticket_rows, view_conditions, within
from tracker.db.tables.meetings import Meeting
from tracker.db.tables.tickets import Ticket
from tracker.domain.access import Action, TicketReach, may, ticket_reach
from tracker.domain.org import OrgTree
from tracker.domain.people import BODY_ROLES, BRANCH_ROLES, Actor, Grant, Role
from tracker.domain.ticket_lists import TicketFilter, View
from tracker.domain.tickets import Status
from tracker.services.ticket_acts import ticket_resource

ON = date(2026, 11, 25)


class Land:
    """Two wards of one province, each with a branch and a body, one body shared by all; a ticket of every kind."""

    def __init__(self, make: Makers) -> None:
        province, ward, branch = make.ward()
        other_ward = make.unit("party_committee", "Đảng ủy phường Phù Khê", province, code="09380")
        other_branch = make.branch(other_ward, "Chi bộ khác")
        own, far = make.body("UBND_KTHT", ward), make.body("UBND_KTHT", other_ward)
        shared = make.body("DV_DIEN", None, kind="outside", in_chain=False)
        self.places = {
            "units": (province, ward, other_ward, branch, other_branch),
            "bodies": (own, far, shared),
        }
        self.committees = {province, ward, other_ward}
        self.keeper = make.person(Role.BRANCH_SECRETARY, branch)
        self.count = 0
        for place, committee in ((branch, ward), (other_branch, other_ward)):
            for body, status, hidden in product((None, own, far, shared), Status, (False, True)):
                if body is not None or status not in (Status.ROUTED, Status.ACKNOWLEDGED):
                    self.ticket(place, committee, body, status, hidden)
        db.session.commit()

    def ticket(self, branch: int, committee: int, body: int | None, status: Status, hidden: bool) -> None:
        """Keep one ticket with a meeting of its own."""
        self.count += 1
        held_on = ON - timedelta(days=self.count)
        counts = dict.fromkeys(
            ("probationary", "exempt", "temp_exempt", "special_duty", "excused", "unexcused"), 0
        )
        meeting = Meeting(
            request_key=f"k{self.count}", branch_id=branch, committee_id=committee, kind="thematic",
            held_on=held_on, month=held_on.replace(day=1), starts_at=NOW, ends_at=NOW + timedelta(hours=1),
            place="", chair="", minute_taker="", official=3, present=3, **counts,
            submitted_by=self.keeper.account_id, submitted_at=NOW,
        )  # fmt: skip
        db.session.add(meeting)
        db.session.flush()
        db.session.add(
            Ticket(
                number=f"T-{self.count:04d}", meeting_id=meeting.id, position=1, branch_id=branch,
                committee_id=committee, kind="petition", raiser_kind="member", urgency="thuong",
                is_restricted=hidden, text="Đèn đường tắt", because=[], body_id=body, status=status,
                raised_on=held_on, filed_at=NOW, due_at=NOW + timedelta(days=self.count % 7 - 3),
            )
        )  # fmt: skip

    def actors(self) -> list[Actor]:
        """Return a person for every role in every place where it can be held."""
        found = [
            Actor(None, "", (Grant(role, body_id=body),))
            for role in BODY_ROLES
            for body in self.places["bodies"]
        ]
        for role in set(Role) - BODY_ROLES:
            in_branch = role in BRANCH_ROLES
            units = [unit for unit in self.places["units"] if (unit not in self.committees) == in_branch]
            found += [Actor(None, "", (Grant(role, unit_id=unit),)) for unit in units]
        both = [one.grants[0] for one in found if one.grants[0].role in (Role.OFFICIAL, Role.OFFICE)]
        return [*found, Actor(None, "", tuple(both[:4])), Actor(None, "")]


@pytest.fixture
def land(app: Flask, make: Makers) -> Land:
    return Land(make)


def differences(land: Land, tree: OrgTree, reach_of) -> list[tuple[Actor, set[int]]]:
    """Return for whom the query and ``may`` differ, and in which tickets."""
    tickets = db.session.scalars(sa.select(Ticket)).all()
    found = []
    for actor in land.actors():
        one_by_one = {t.id for t in tickets if may(actor, Action.TICKET_READ, ticket_resource(t, tree))}
        by_query = set(db.session.scalars(sa.select(Ticket.id).where(within(reach_of(actor, tree)))))
        if one_by_one != by_query:
            found.append((actor, one_by_one ^ by_query))
    return found


def test_the_query_and_the_rules_reach_the_same_tickets(land: Land) -> None:
    assert land.count > 60
    assert differences(land, org_tree(db.session(), ON), ticket_reach) == []


def test_a_reach_that_forgets_what_is_restricted_is_found(land: Land) -> None:
    """The negative control of the one above."""

    def careless(actor: Actor, tree: OrgTree) -> TicketReach:
        reach = ticket_reach(actor, tree)
        return TicketReach(reach.branch_ids, reach.body_ids, reach.committee_ids, reach.committee_ids)

    assert differences(land, org_tree(db.session(), ON), careless)


@pytest.mark.parametrize("most", [16, 0], ids=["place by place", "one index in order"])
def test_the_pages_of_a_list_hold_every_ticket_once_in_order(land: Land, most: int) -> None:
    tree = org_tree(db.session(), ON)
    for actor, view in product(land.actors(), View):
        reach = ticket_reach(actor, tree)
        pages, after = [], None
        while True:
            pages.append(
                ticket_rows(db.session(), reach, TicketFilter(view), NOW, 25, after, most_places=most)
            )
            if (after := pages[-1].following) is None:
                break
        lines = [line for page in pages for line in page.lines]
        assert _walked_back(pages, reach, view, most) == [page.lines for page in pages]
        condition = view_conditions(view, NOW)
        wanted = set(db.session.scalars(sa.select(Ticket.id).where(within(reach), *condition)))
        assert len(lines) == len(wanted)
        assert {line.id for line in lines} == wanted
        order = [line.due_at if view.is_by_due else -line.raised_on.toordinal() for line in lines]
        assert order == sorted(order)


def _walked_back(pages: list[TicketList], reach: TicketReach, view: View, most: int) -> list[tuple]:
    """Return the pages' lines as somebody sees them who goes back from the last to the first."""
    seen = [pages[-1]]
    while before := seen[0].previous:
        wanted = TicketFilter(view)
        seen.insert(0, ticket_rows(db.session(), reach, wanted, NOW, 25, before=before, most_places=most))
        assert seen[0].following == pages[len(pages) - len(seen)].following
    return [page.lines for page in seen]
