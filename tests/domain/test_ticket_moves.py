"""No sequence of moves by any roles leaves the state table, and nothing ends but by the branch's acceptance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.access import Action, Resource, may
from tracker.domain.errors import Conflict
from tracker.domain.people import BODY_ROLES, Actor, Grant, Role
from tracker.domain.tickets import TRANSITIONS, Move, Status, next_status

BRANCH, WARD, BODY, OUTSIDE = 1, 2, 7, 8
ACTIONS = {
    Move.ASSIGN: Action.TICKET_ASSIGN,
    Move.ACKNOWLEDGE: Action.TICKET_ACKNOWLEDGE,
    Move.ANSWER: Action.TICKET_ANSWER,
    Move.BOUNCE: Action.TICKET_BOUNCE,
    Move.ACCEPT: Action.VERDICT_RECORD,
    Move.REJECT: Action.VERDICT_RECORD,
}


def person(role: Role) -> Actor:
    """Return somebody who holds the role where it belongs."""
    if role in BODY_ROLES:
        return Actor(1, "", (Grant(role, body_id=BODY),))
    return Actor(1, "", (Grant(role, unit_id=BRANCH if role == Role.BRANCH_SECRETARY else WARD),))


steps = st.lists(
    st.tuples(st.sampled_from(Role), st.sampled_from(Move), st.sampled_from([BODY, OUTSIDE])), max_size=30
)


@given(steps, st.booleans(), st.booleans())
def test_no_sequence_of_moves_leaves_the_table(
    sequence: list[tuple[Role, Move, int]], is_restricted: bool, has_body: bool
) -> None:
    status, body = (Status.ROUTED, BODY) if has_body else (Status.TRIAGE, None)
    for role, move, target in sequence:
        thing = Resource((BRANCH, WARD), body, "X", body != OUTSIDE, status, is_restricted)
        allowed = bool(may(person(role), ACTIONS[move], thing))
        try:
            after = next_status(status, move, has_body=body is not None)
        except Conflict:
            assert not allowed, f"{role} may {move} a ticket that is {status}, but no state follows"
            continue
        if not allowed:
            continue
        assert after == TRANSITIONS[status, move] or (move is Move.REJECT and body is None)
        assert after is not Status.ACCEPTED or (role, move) == (Role.BRANCH_SECRETARY, Move.ACCEPT)
        assert status is not Status.ACCEPTED, "what the branch accepted stays accepted"
        status = after
        body = target if move is Move.ASSIGN else None if move is Move.BOUNCE else body
        assert body is not None or status not in (Status.ROUTED, Status.ACKNOWLEDGED)


@given(st.sampled_from(Status), st.sampled_from(Move))
def test_what_the_table_does_not_name_is_refused(status: Status, move: Move) -> None:
    if (status, move) in TRANSITIONS:
        assert next_status(status, move) == TRANSITIONS[status, move]
        return
    with pytest.raises(Conflict, match="không"):
        next_status(status, move)
