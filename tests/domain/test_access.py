"""Who may do what: the table, walked through for each role."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.access import OWN, RULES, Action, Resource, Scope, may
from tracker.domain.people import BODY_ROLES, Actor, Grant, Role
from tracker.domain.tickets import TRANSITIONS, Move, Status

PROVINCE, WARD, BRANCH, OTHER_WARD, OTHER_BRANCH = 1, 2, 3, 4, 5
BODY, OTHER_BODY = 10, 11


def person(role: str, place: int) -> Actor:
    """Return a person with one role in one place."""
    grant = Grant(role, body_id=place) if role in BODY_ROLES else Grant(role, unit_id=place)
    return Actor(1, "ai đó", (grant,))


def ticket(status: str = Status.ROUTED, **more: object) -> Resource:
    """Return a ticket of the branch, with the body."""
    values = {"body_id": BODY, "body_code": "UBND_KTHT"} | more
    return Resource(unit_path=(BRANCH, WARD, PROVINCE), status=status, **values)


def test_every_action_has_a_rule() -> None:
    assert set(RULES) == set(Action)


def test_a_stranger_may_nothing() -> None:
    nobody = Actor(None, "khách")
    assert not any(may(nobody, action, ticket()) for action in Action)
    assert not any(may(nobody, action) for action in Action)


def test_an_account_without_role_has_its_own_desk_and_nothing_else() -> None:
    without = Actor(7, "chưa có vai trò")
    assert {action for action in Action if may(without, action)} == OWN
    assert {action for action in Action if may(without, action, ticket())} == OWN


@pytest.mark.parametrize("role", list(Role))
def test_nobody_does_anything_to_tickets_of_another_ward(role: Role) -> None:
    place = OTHER_BODY if role in BODY_ROLES else OTHER_WARD
    others = OWN | {a for a, rules in RULES.items() if any(r.scope is Scope.ANYWHERE for r in rules)}

    for action, status in product(set(Action) - others, Status):
        assert not may(person(role, place), action, ticket(status)), (role, action, status)


def test_an_official_works_on_the_own_bodys_tickets_while_they_are_in_work() -> None:
    official = person(Role.OFFICIAL, BODY)

    assert may(official, Action.TICKET_ANSWER, ticket(Status.ACKNOWLEDGED))
    assert not may(official, Action.TICKET_ANSWER, ticket(Status.ANSWERED))
    assert not may(official, Action.TICKET_ASSIGN, ticket())
    assert not may(person(Role.OFFICIAL, OTHER_BODY), Action.TICKET_READ, ticket())


def test_the_branch_itself_answers_what_is_its_own() -> None:
    secretary = person(Role.BRANCH_SECRETARY, BRANCH)

    assert may(secretary, Action.TICKET_ANSWER, ticket(body_code="CHI_BO"))
    assert not may(secretary, Action.TICKET_ANSWER, ticket())
    assert not may(
        person(Role.BRANCH_SECRETARY, OTHER_BRANCH), Action.TICKET_ANSWER, ticket(body_code="CHI_BO")
    )


def test_the_office_answers_only_for_bodies_outside_the_chain() -> None:
    office = person(Role.OFFICE, WARD)

    assert may(office, Action.TICKET_ANSWER, ticket(body_in_chain=False))
    assert not may(office, Action.TICKET_ANSWER, ticket())


def test_a_restricted_ticket_is_for_its_branch_its_body_and_the_inspection_alone() -> None:
    readers = {
        role
        for role in Role
        if may(
            person(role, BODY if role in BODY_ROLES else (BRANCH if role is Role.BRANCH_SECRETARY else WARD)),
            Action.TICKET_READ,
            ticket(is_restricted=True),
        )
    }

    assert readers == {Role.BRANCH_SECRETARY, Role.OFFICIAL, Role.BODY_HEAD, Role.INSPECTION}


def test_the_reason_of_a_refusal_says_what_stands_against_it() -> None:
    assert (
        "trạng thái"
        in may(person(Role.OFFICIAL, BODY), Action.TICKET_ANSWER, ticket(Status.ACCEPTED)).because.lower()
    )
    assert "hạn chế" in may(person(Role.OFFICE, WARD), Action.TICKET_READ, ticket(is_restricted=True)).because
    assert "đơn vị khác" in may(person(Role.OFFICE, OTHER_WARD), Action.TICKET_READ, ticket()).because


@given(
    role=st.sampled_from(list(Role)),
    action=st.sampled_from(list(Action)),
    status=st.sampled_from(list(Status)),
    restricted=st.booleans(),
    in_chain=st.booleans(),
)
def test_a_further_role_never_takes_a_right_away(
    role: Role, action: Action, status: Status, restricted: bool, in_chain: bool
) -> None:
    thing = ticket(status, is_restricted=restricted, body_in_chain=in_chain)
    office = person(Role.OFFICE, WARD)
    place = BODY if role in BODY_ROLES else WARD
    both = Actor(1, "ai đó", office.grants + person(role, place).grants)

    assert not may(office, action, thing) or may(both, action, thing)


def test_whoever_may_move_a_ticket_may_read_it() -> None:
    """A right to act on what one can't see would leak by its error messages."""
    for action in (
        Action.TICKET_ACKNOWLEDGE,
        Action.TICKET_ANSWER,
        Action.TICKET_BOUNCE,
        Action.TICKET_ASSIGN,
    ):
        for rule, restricted in product(RULES[action], (False, True)):
            place = BODY if rule.role in BODY_ROLES else (BRANCH if "branch" in rule.scope else WARD)
            for status in rule.statuses or Status:
                thing = ticket(status, is_restricted=restricted, body_in_chain=False, body_code="CHI_BO")
                if may(person(rule.role, place), action, thing):
                    assert may(person(rule.role, place), Action.TICKET_READ, thing), (action, rule)


def test_only_the_branchs_acceptance_ends_a_ticket() -> None:
    ways = {(status, move) for (status, move), after in TRANSITIONS.items() if after is Status.ACCEPTED}

    assert ways == {(Status.ANSWERED, Move.ACCEPT)}
    assert not any(status is Status.ACCEPTED for status, _ in TRANSITIONS)
    assert {rule.role for rule in RULES[Action.VERDICT_RECORD]} == {Role.BRANCH_SECRETARY}


@given(moves=st.lists(st.sampled_from(list(Move)), max_size=30), has_body=st.booleans())
def test_no_sequence_of_moves_leaves_the_state_table(moves: list[Move], has_body: bool) -> None:
    from tracker.domain.errors import Conflict
    from tracker.domain.tickets import first_status, next_status

    status = first_status(has_body=has_body, resolved_on_spot=False)
    for move in moves:
        try:
            status = next_status(status, move, has_body=has_body)
        except Conflict:
            assert (status, move) not in TRANSITIONS
        assert status in Status
