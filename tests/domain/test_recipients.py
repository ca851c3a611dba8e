"""Who is told of a ticket: offices in the tree, vacancies, restricted matters."""

from datetime import date

import pytest

from tracker.domain.org import BodyNode, OrgTree, UnitNode
from tracker.domain.people import Holding
from tracker.domain.recipients import Holders, recipients

PROVINCE, WARD, BRANCH = 1, 2, 3
OFFICE_OF_WORKS, ITSELF = 10, 11

TREE = OrgTree.build(
    [
        UnitNode(PROVINCE, "24", "Tỉnh ủy Bắc Ninh", "provincial_committee", None, None),
        UnitNode(WARD, "09370", "Đảng ủy phường Tam Sơn", "party_committee", None, PROVINCE),
        UnitNode(BRANCH, "CB1", "Chi bộ thôn Hồi Quan", "branch", "khu_pho", WARD),
    ],
    [
        BodyNode(OFFICE_OF_WORKS, "UBND_KTHT", "Phòng Kinh tế", "KTHT", "government", WARD, True),
        BodyNode(ITSELF, "CHI_BO", "Chi bộ tự giải quyết", "Chi bộ", "party", None, True),
    ],
)


def holding(account: int, role: str, unit: int | None = None, body: int | None = None) -> Holding:
    return Holding(account, role, unit, body, date(2025, 7, 1), None)


OFFICIAL = holding(1, "official", body=OFFICE_OF_WORKS)
HEAD = holding(2, "body_head", body=OFFICE_OF_WORKS)
CLERK = holding(3, "office", WARD)
STANDING = holding(4, "standing_members", WARD)
UPPER = holding(5, "standing_members", PROVINCE)
INSPECTOR = holding(6, "inspection", WARD)
SECRETARY = holding(7, "branch_secretary", BRANCH)
BOARD = holding(8, "standing_committee", WARD)
EVERYBODY = (OFFICIAL, HEAD, CLERK, STANDING, UPPER, INSPECTOR, SECRETARY, BOARD)


@pytest.mark.parametrize(
    ("role", "body", "held", "who"),
    [
        ("official", OFFICE_OF_WORKS, EVERYBODY, (1,)),
        ("official", OFFICE_OF_WORKS, EVERYBODY[1:], (2,)),
        ("official", OFFICE_OF_WORKS, EVERYBODY[2:], (3,)),
        ("official", ITSELF, EVERYBODY, (7,)),
        ("body_head", ITSELF, EVERYBODY, (7,)),
        ("official", None, EVERYBODY, (3,)),
        ("body_head", None, EVERYBODY, (4,)),
        ("body_head", OFFICE_OF_WORKS, EVERYBODY, (2,)),
        ("body_head", OFFICE_OF_WORKS, (OFFICIAL, STANDING), (4,)),
        ("standing_members", OFFICE_OF_WORKS, EVERYBODY, (4,)),
        ("standing_members", OFFICE_OF_WORKS, (UPPER,), (5,)),
        ("standing_members", OFFICE_OF_WORKS, (BOARD,), (8,)),
        ("standing_committee", OFFICE_OF_WORKS, EVERYBODY, (8,)),
        ("standing_committee", OFFICE_OF_WORKS, (STANDING,), (4,)),
    ],
)
def test_the_role_is_found_where_the_ticket_belongs(
    role: str, body: int | None, held: tuple[Holding, ...], who: tuple[int, ...]
) -> None:
    found = recipients(TREE, held, role, branch_id=BRANCH, body_id=body)
    assert found.account_ids == who
    assert found.because


def test_a_vacant_office_passes_upward_and_says_so() -> None:
    found = recipients(TREE, (STANDING,), "body_head", branch_id=BRANCH, body_id=OFFICE_OF_WORKS)
    assert found.role == "standing_members"
    assert "khuyết" in found.because
    assert "Đảng ủy phường Tam Sơn" in found.because


@pytest.mark.parametrize(
    "role", ["official", "body_head", "committee_member", "standing_members", "standing_committee"]
)
@pytest.mark.parametrize("body", [OFFICE_OF_WORKS, ITSELF, None])
def test_the_office_is_never_told_of_a_restricted_ticket(role: str, body: int | None) -> None:
    held = Holders.of((CLERK, INSPECTOR))
    found = recipients(TREE, held, role, branch_id=BRANCH, body_id=body, is_restricted=True)
    assert CLERK.account_id not in found.account_ids


def test_an_open_ticket_of_triage_does_reach_the_office() -> None:
    """The control of the test above: the office is there to be found."""
    found = recipients(TREE, (CLERK, INSPECTOR), "official", branch_id=BRANCH, body_id=None)
    assert found.account_ids == (CLERK.account_id,)


def test_a_restricted_ticket_of_triage_reaches_the_inspection_committee() -> None:
    found = recipients(TREE, EVERYBODY, "official", branch_id=BRANCH, body_id=None, is_restricted=True)
    assert (found.account_ids, found.role) == ((INSPECTOR.account_id,), "inspection")


def test_nobody_at_all_is_said_and_not_guessed() -> None:
    found = recipients(TREE, (), "body_head", branch_id=BRANCH, body_id=OFFICE_OF_WORKS)
    assert found.account_ids == ()
    assert "Chưa có ai" in found.because


def test_a_person_with_two_grants_of_one_office_is_told_once() -> None:
    found = recipients(TREE, (HEAD, HEAD), "body_head", branch_id=BRANCH, body_id=OFFICE_OF_WORKS)
    assert found.account_ids == (HEAD.account_id,)


@pytest.mark.parametrize("role", ["standing_members", "standing_committee"])
def test_leaders_are_not_told_of_a_restricted_ticket_that_they_cannot_open(role: str) -> None:
    found = recipients(TREE, EVERYBODY, role, branch_id=BRANCH, body_id=OFFICE_OF_WORKS, is_restricted=True)

    assert found.role == "inspection"
    open_one = recipients(TREE, EVERYBODY, role, branch_id=BRANCH, body_id=OFFICE_OF_WORKS)
    assert open_one.role != "inspection"


def test_where_there_is_no_inspection_committee_a_leader_hears_the_number() -> None:
    held = [one for one in EVERYBODY if one.role != "inspection"]
    found = recipients(
        TREE, held, "standing_members", branch_id=BRANCH, body_id=OFFICE_OF_WORKS, is_restricted=True
    )

    assert found.role == "standing_members"


FOLLOWER = holding(9, "committee_member", BRANCH)


def test_the_member_who_follows_the_branch_is_found_in_the_branch() -> None:
    held = (*EVERYBODY, FOLLOWER)
    found = recipients(TREE, held, "committee_member", branch_id=BRANCH, body_id=OFFICE_OF_WORKS)
    assert (found.account_ids, found.role) == ((9,), "committee_member")


def test_a_branch_that_nobody_follows_passes_upward_and_says_so() -> None:
    found = recipients(TREE, EVERYBODY, "committee_member", branch_id=BRANCH, body_id=OFFICE_OF_WORKS)
    assert found.account_ids == (STANDING.account_id,)
    assert "Chưa có ai giữ vai trò Cấp ủy viên theo dõi chi bộ" in found.because


def test_who_follows_the_branch_hears_of_nothing_restricted() -> None:
    found = recipients(
        TREE,
        (*EVERYBODY, FOLLOWER),
        "committee_member",
        branch_id=BRANCH,
        body_id=OFFICE_OF_WORKS,
        is_restricted=True,
    )
    assert (found.account_ids, found.role) == ((INSPECTOR.account_id,), "inspection")
    alone = recipients(
        TREE, (FOLLOWER,), "committee_member", branch_id=BRANCH, body_id=None, is_restricted=True
    )
    assert alone.account_ids == ()
