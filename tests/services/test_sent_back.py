"""How often a body said "not ours", counted for the body that said it."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.services.test_tickets import Story
from tests.sheets import concern
from tracker.db.base import db
from tracker.db.reading.bounces import SentBack, sent_back
from tracker.db.tables.tickets import Ticket, TicketEvent
from tracker.services import tickets

QUARTER = (date(2026, 10, 1), date(2027, 1, 1))


@pytest.fixture
def story(app: Flask, make: Makers, clock: SettableClock) -> Story:
    return Story(make, clock)


def bounced_twice(story: Story) -> Ticket:
    """Return a ticket that the same body sent back twice; the second time too it goes to triage."""
    story.submit(concerns=(concern("Đèn đường tắt năm bóng"),))
    for again in (True, False):
        ticket = story.ticket()
        story.do(
            story.official, tickets.bounce, ticket.id, ticket.version, "Đường dây do điện lực lo", story.other
        )
        if again:
            ticket = story.ticket()
            story.do(story.office, tickets.assign, ticket.id, ticket.version, story.body, "xem lại")
    return story.ticket()


def counted(story: Story, committees: list[int] | None = None, quarter=QUARTER) -> list[SentBack]:
    db.session.rollback()
    return sent_back(db.session(), committees or [story.ward], *quarter, story.reference.tree)


def test_a_second_bounce_goes_to_triage_and_both_are_counted_for_the_body(story: Story) -> None:
    ticket = bounced_twice(story)

    assert (ticket.status, ticket.bounce_count, ticket.body_id) == ("triage", 2, None)
    assert counted(story) == [SentBack("Phòng Kinh tế, Hạ tầng và Đô thị", 1, 2)]


def test_the_timeline_tells_the_level_that_a_second_bounce_reached(story: Story) -> None:
    ticket = bounced_twice(story)

    told = db.session.scalars(sa.select(TicketEvent).filter_by(ticket_id=ticket.id, act="escalated")).all()
    assert [one.details["level"] for one in told] == [ticket.level]
    assert ticket.level > 0


def test_another_committee_another_quarter_and_restricted_matters_count_nothing(story: Story) -> None:
    bounced_twice(story)
    assert counted(story, [story.province]) == []
    assert counted(story, quarter=(date(2026, 7, 1), date(2026, 10, 1))) == []
    db.session.execute(sa.update(Ticket).values(is_restricted=True))
    db.session.commit()

    assert counted(story) == []
