"""A concern raised in several meetings begins one level higher, and the head of the body hears of it at once."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.sheets import concern
from tests.stories import LIGHTS, Ward
from tracker.db.base import db
from tracker.db.tables.clocks import Escalation
from tracker.db.tables.notices import Notice
from tracker.domain.sheets import check_concern


@pytest.fixture
def ward(app: Flask, make: Makers, clock: SettableClock) -> Ward:
    return Ward(make, clock)


def told_at_once(ward: Ward, ticket_id: int) -> set[int]:
    found = sa.select(Notice.account_id).where(Notice.event_key == f"raised_again:{ticket_id}")
    return set(db.session.scalars(found))


def levels(ticket_id: int) -> list[tuple[int, str]]:
    found = sa.select(Escalation.level, Escalation.because).where(Escalation.ticket_id == ticket_id)
    return [(level, because) for level, because in db.session.execute(found)]


@pytest.mark.parametrize(
    ("count", "words"), [(2, "đã nêu 2 kỳ họp"), (3, "đã nêu 3 kỳ họp"), (4, "hơn 3 kỳ họp")]
)
def test_it_begins_one_level_higher_and_the_head_of_the_body_is_told(
    ward: Ward, count: int, words: str
) -> None:
    (ticket_id,) = ward.file(LIGHTS, raised_count=count)

    ticket = ward.ticket(ticket_id)
    head_level = next(rung.level for rung in ward.reference.ladder if rung.after_meetings == 2)
    assert (ticket.raised_count, ticket.level) == (count, head_level)
    assert told_at_once(ward, ticket_id) == {ward.head.account_id}
    ((level, because),) = levels(ticket_id)
    assert level == head_level
    assert words in because


def test_a_concern_raised_for_the_first_time_begins_at_the_foot(ward: Ward) -> None:
    (ticket_id,) = ward.file(LIGHTS)

    assert (ward.ticket(ticket_id).level, levels(ticket_id), told_at_once(ward, ticket_id)) == (0, [], set())


def test_what_was_settled_in_the_meeting_climbs_nowhere(ward: Ward) -> None:
    (ticket_id,) = ward.file(
        LIGHTS,
        raised_count=3,
        resolved_on_spot=True,
        settled_by="Trưởng thôn",
        settled_how="Đã thay bóng đèn",
    )

    assert (ward.ticket(ticket_id).level, levels(ticket_id)) == (0, [])


@pytest.mark.parametrize("count", [0, -1, 5])
def test_a_number_that_is_no_choice_is_refused(count: int) -> None:
    right = concern(LIGHTS)

    assert check_concern(right) == {}
    assert set(check_concern(replace(right, raised_count=count))) == {"raised_count"}
