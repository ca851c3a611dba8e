"""Who stands in for whom: chains, circles, what is refused, and whom the ladder then tells."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_recipients import (
    BRANCH,
    HEAD,
    OFFICE_OF_WORKS,
    SECRETARY,
    STANDING,
    TREE,
    WARD,
)
from tracker.domain.absences import (
    MOST_STEPS,
    Absence,
    check_absence,
    may_name,
    passed_on,
    stand_ins,
    with_substitutes,
)
from tracker.domain.access import Action, Resource, may
from tracker.domain.errors import Invalid
from tracker.domain.people import Actor, Grant, Role
from tracker.domain.recipients import recipients

TODAY = date(2026, 11, 25)


def away(account: int, substitute: int, since: int = 0, days: int = 10) -> Absence:
    start = TODAY + timedelta(days=since)
    return Absence(account, substitute, start, start + timedelta(days=days))


def test_the_substitute_stands_from_the_first_day_to_the_last_and_no_longer() -> None:
    days = [TODAY + timedelta(days=n) for n in (-1, 0, 9, 10)]
    assert [dict(stand_ins([away(2, 9)], day)) for day in days] == [{}, {2: 9}, {2: 9}, {}]


def test_a_substitute_who_is_away_as_well_is_stood_in_for_in_turn() -> None:
    assert dict(stand_ins([away(2, 8), away(8, 9)], TODAY)) == {2: 9, 8: 9}


def test_a_circle_reaches_nobody_and_the_office_stays_with_those_away() -> None:
    assert dict(stand_ins([away(1, 2), away(2, 3), away(3, 1)], TODAY)) == {}


def test_a_chain_of_too_many_steps_reaches_nobody() -> None:
    chain = [away(n, n + 1) for n in range(1, MOST_STEPS + 2)]
    found = stand_ins(chain, TODAY)
    assert 1 not in found
    assert found[2] == MOST_STEPS + 2


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)), max_size=12))
def test_whoever_stands_in_is_there(pairs: list[tuple[int, int]]) -> None:
    absences = [away(one, other) for one, other in pairs]
    gone = {one.account_id for one in absences}
    assert not set(stand_ins(absences, TODAY).values()) & gone


@pytest.mark.parametrize(
    ("new", "others", "field", "words"),
    [
        (away(2, 9, days=0), [], "valid_to", "không thể trước"),
        (away(2, 9, since=-1), [], "valid_from", "từ hôm nay"),
        (away(2, 9, days=400), [], "valid_to", "quá một năm"),
        (away(2, 2), [], "substitute", "người khác"),
        (away(2, 9), [away(2, 8, since=5)], "valid_from", "Đã ghi vắng mặt"),
        (away(2, 9), [away(9, 2, since=5)], "substitute", "vòng lại"),
        (away(2, 8), [away(8, 9, since=2), away(9, 2, since=5)], "substitute", "vòng lại"),
        (
            away(6, 7),
            [away(n, n + 1) for n in range(1, 6)],
            "substitute",
            "thay người khác",
        ),
    ],
    ids=["no day", "past", "too long", "oneself", "twice", "circle", "circle of three", "long chain"],
)
def test_bad_input_is_refused_with_a_sentence_beside_its_field(
    new: Absence, others: list[Absence], field: str, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_absence(new, others, TODAY)
    assert words in refused.value.fields[field]


def test_a_substitute_who_is_away_on_other_days_is_taken() -> None:
    """The control of the ones above."""
    check_absence(away(2, 9), [away(9, 2, since=10), away(3, 2)], TODAY)


def test_the_ladder_tells_the_substitute_and_says_for_whom() -> None:
    """other-systems §N.4: a ladder that follows the offices held, with substitutes, and records "acted for"."""
    held = with_substitutes((HEAD, STANDING), {HEAD.account_id: 90}, {HEAD.account_id: "Đ/c Trưởng phòng"})
    found = recipients(TREE, held, "body_head", branch_id=BRANCH, body_id=OFFICE_OF_WORKS)
    assert found.account_ids == (90,)
    assert "Thay đồng chí Trưởng phòng đang vắng mặt" in found.because


def test_without_a_substitute_the_one_who_holds_the_office_is_told() -> None:
    held = with_substitutes((HEAD, STANDING), {}, {})
    found = recipients(TREE, held, "body_head", branch_id=BRANCH, body_id=OFFICE_OF_WORKS)
    assert found.account_ids == (HEAD.account_id,)
    assert "Thay" not in found.because


def test_a_substitute_who_holds_the_office_anyway_is_told_once() -> None:
    colleague = with_substitutes((SECRETARY, HEAD), {HEAD.account_id: 7}, {})
    again = with_substitutes(
        (*colleague, HEAD.__class__(7, "body_head", None, OFFICE_OF_WORKS, TODAY, None)), {}, {}
    )
    found = recipients(TREE, again, "body_head", branch_id=BRANCH, body_id=OFFICE_OF_WORKS)
    assert found.account_ids == (7,)


HEADS = Grant(Role.BODY_HEAD, body_id=OFFICE_OF_WORKS)
TICKET = Resource(unit_path=(BRANCH, WARD), body_id=OFFICE_OF_WORKS, status="routed")


def test_an_act_by_the_right_of_another_says_whose() -> None:
    actor = Actor(9, "Đ/c phó phòng", passed_on((HEADS,), 2))
    decision = may(actor, Action.TICKET_ACKNOWLEDGE, TICKET)
    assert decision.allowed
    assert decision.acting_for == 2


def test_an_act_by_a_right_of_the_own_is_nobody_elses() -> None:
    own = Grant(Role.OFFICIAL, body_id=OFFICE_OF_WORKS)
    actor = Actor(9, "Đ/c phó phòng", (*passed_on((HEADS,), 2), own))
    assert may(actor, Action.TICKET_ACKNOWLEDGE, TICKET).acting_for is None


def test_the_administration_of_the_system_is_not_passed_on() -> None:
    assert passed_on((Grant(Role.ADMINISTRATOR, unit_id=WARD),), 2) == ()


@pytest.mark.parametrize(
    ("own", "other", "allowed"),
    [
        (HEADS, Grant(Role.OFFICIAL, body_id=OFFICE_OF_WORKS), True),
        (HEADS, Grant(Role.OFFICE, unit_id=WARD), False),
        (Grant(Role.STANDING_MEMBERS, WARD), Grant(Role.STANDING_COMMITTEE, WARD), True),
        (Grant(Role.INSPECTION, WARD), Grant(Role.OFFICE, WARD), False),
        (Grant(Role.INSPECTION, WARD), Grant(Role.INSPECTION, WARD), True),
        (Grant(Role.COMMITTEE_MEMBER, BRANCH), Grant(Role.STANDING_MEMBERS, WARD), True),
        (Grant(Role.COMMITTEE_MEMBER, BRANCH), Grant(Role.BRANCH_SECRETARY, BRANCH), False),
        (Grant(Role.ADMINISTRATOR, WARD), Grant(Role.ADMINISTRATOR, WARD), False),
    ],
)
def test_by_oneself_one_names_a_colleague_of_the_same_place(own: Grant, other: Grant, allowed: bool) -> None:
    assert may_name((own,), (other,), TREE) is allowed


def test_restricted_matters_go_with_no_other_office_of_the_inspector() -> None:
    both = (Grant(Role.INSPECTION, WARD), Grant(Role.OFFICE, WARD))
    assert not may_name(both, (Grant(Role.OFFICE, WARD),), TREE)
