"""Rungs that begin and end on days of their own: each instant has the rungs of its day, whatever the sweep's pace."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.calendars import PLAIN, at
from tests.domain.test_escalation import COMMITTEE, DUE, HEAD, LADDER, REMINDER, STANDING, START
from tracker.domain.climbs import climbs_due, ladder_from, next_due_at, steady
from tracker.domain.dates import local_date, midnight
from tracker.domain.escalation import Rung, rungs_for

NOW = at("2026-03-16 09:00")
"""The first working morning after ``DUE``: the reminder and the head are climbed."""
TURN = date(2026, 3, 18)
TODAY = local_date(NOW)
CLIMBED = frozenset({1, 2})


def following(rows: tuple[Rung, ...], climbed: frozenset[int] = CLIMBED) -> datetime | None:
    return next_due_at(ladder_from(rows, None, TODAY), START, DUE, climbed, PLAIN)


def test_a_rung_whose_time_is_past_when_it_begins_is_reached_on_its_first_day() -> None:
    sooner = replace(STANDING, after_amount=1, valid_from=TURN)
    assert following((REMINDER, HEAD, sooner)) == midnight(TURN)
    assert next_due_at(steady([REMINDER, HEAD]), START, DUE, CLIMBED, PLAIN) is None, (
        "by today's rungs: never"
    )


def test_a_rung_that_begins_later_is_reached_at_its_own_time_when_that_lies_behind_its_first_day() -> None:
    assert following((REMINDER, HEAD, replace(STANDING, valid_from=TURN))) == at("2026-03-20 17:00")


@pytest.mark.parametrize(("ends", "then"), [(date(2026, 3, 20), None), (date(2026, 3, 21), STANDING)])
def test_a_rung_that_ends_before_its_time_is_never_reached(ends: date, then: Rung | None) -> None:
    found = following((REMINDER, HEAD, replace(STANDING, valid_to=ends)))
    assert found == (at("2026-03-20 17:00") if then else None)


def test_a_rung_replaced_on_a_later_day_is_reached_at_the_time_of_the_one_that_holds_then() -> None:
    former, newer = replace(STANDING, valid_to=TURN), replace(STANDING, code="newer", valid_from=TURN)
    assert following((STANDING,)) == at("2026-03-20 17:00"), "without the change it comes between the two"
    assert following((former, replace(newer, after_amount=2))) == midnight(TURN)
    assert following((former, replace(newer, after_amount=8))) == at("2026-03-25 17:00")


def test_what_was_missed_is_climbed_by_the_rungs_of_its_own_day() -> None:
    """Down from the 16th to the 1st of April: the level that ended meanwhile was reached in time, as a sweep had it."""
    rows = (REMINDER, HEAD, replace(STANDING, valid_to=date(2026, 3, 25)), COMMITTEE)
    ladder = ladder_from(rows, None, TODAY)
    found, then = climbs_due(ladder, START, DUE, CLIMBED, at("2026-04-01 09:00"), PLAIN)
    assert [(climb.level, climb.at) for climb in found] == [
        (3, at("2026-03-20 17:00")),
        (4, at("2026-03-27 17:00")),
    ]
    assert then is None
    late = ladder_from(rows, None, date(2026, 4, 1))
    missed, _ = climbs_due(late, START, DUE, CLIMBED, at("2026-04-01 09:00"), PLAIN)
    assert [climb.level for climb in missed] == [4], "by the rungs of the sweep's day level 3 is lost"


def test_a_ladder_that_never_turns_is_one_stage() -> None:
    assert ladder_from(LADDER, None, TODAY) == steady(LADDER)


days = st.none() | st.integers(-5, 40).map(lambda n: TODAY + timedelta(days=n))


@st.composite
def rungs(draw: st.DrawFn) -> tuple[Rung, ...]:
    """Return up to six versions of levels, each with a wait and a period of its own."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        model = draw(st.sampled_from(LADDER))
        begins, ends = draw(days), draw(days)
        if begins and ends and ends <= begins:
            begins, ends = ends, begins
        wait = {} if model.is_warning else {"after_amount": draw(st.integers(0, 12))}
        period = {"valid_from": begins or date.min, "valid_to": ends if ends != begins else None}
        found.append(replace(model, code=f"{model.code}_{number}", **wait, **period))
    return tuple(found)


def swept(rows: tuple[Rung, ...], times: list[datetime]) -> list[tuple[int, str, datetime]]:
    """Return what sweeps at these times climb, each beginning on the day that the one before it had reckoned."""
    climbed, reached, told = frozenset[int](), 0, []
    ahead = next_due_at(ladder_from(rows, None, local_date(START)), START, DUE, climbed, PLAIN)
    for now in times:
        if ahead is None or now < ahead:
            continue
        ladder = ladder_from(rows, None, local_date(ahead))
        found, ahead = climbs_due(ladder, START, DUE, climbed, now, PLAIN, reached=reached)
        told += [(climb.level, climb.rung.code, climb.at) for climb in found]
        climbed |= {climb.level for climb in found}
        reached = max([reached, *(climb.level for climb in found if not climb.rung.is_warning)])
    return told


@settings(max_examples=150, deadline=None)
@given(rungs(), st.lists(st.integers(0, 60 * 24), max_size=30))
def test_however_often_one_sweeps_the_same_is_climbed(rows: tuple[Rung, ...], hours: list[int]) -> None:
    """RT's EscalatePriority counted runs. Also over the days on which rungs begin and end."""
    end = START + timedelta(days=90)
    often = [START + timedelta(hours=n) for n in sorted(hours)]
    assert swept(rows, [*often, end]) == swept(rows, [end])


@settings(max_examples=100, deadline=None)
@given(rungs())
def test_each_level_is_climbed_by_a_rung_in_force_on_its_day(rows: tuple[Rung, ...]) -> None:
    for _level, code, when in swept(rows, [START + timedelta(days=90)]):
        assert code in {rung.code for rung in rungs_for(rows, None, local_date(when))}
