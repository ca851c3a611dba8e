"""Who is told: the ladder's roles found in the tree, a vacant office passing upward and saying so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.domain.access import BRANCH_BODY
from tracker.domain.org import OrgTree
from tracker.domain.people import Holding, Role

_UPWARD: dict[str, tuple[str, ...]] = {
    Role.OFFICIAL: (Role.OFFICIAL, Role.BODY_HEAD, Role.OFFICE),
    Role.BODY_HEAD: (Role.BODY_HEAD, Role.STANDING_MEMBERS, Role.STANDING_COMMITTEE),
    Role.STANDING_MEMBERS: (Role.STANDING_MEMBERS, Role.STANDING_COMMITTEE),
    Role.STANDING_COMMITTEE: (Role.STANDING_COMMITTEE,),
}
_BODY_ROLES = (Role.OFFICIAL, Role.BODY_HEAD)
_WORDS = {
    Role.OFFICIAL: "cán bộ đơn vị xử lý",
    Role.BODY_HEAD: "người đứng đầu đơn vị xử lý",
    Role.OFFICE: "văn phòng cấp ủy",
    Role.INSPECTION: "Ủy ban kiểm tra",
    Role.STANDING_MEMBERS: "Thường trực cấp ủy",
    Role.STANDING_COMMITTEE: "Ban Thường vụ",
    Role.BRANCH_SECRETARY: "bí thư chi bộ",
}


@dataclass(frozen=True)
class Recipients:
    """The accounts to tell, in the order granted; ``role`` is the one reached, ``because`` says why these."""

    account_ids: tuple[int, ...]
    role: str
    because: str


def recipients(
    tree: OrgTree,
    holdings: Sequence[Holding],
    role: str,
    *,
    branch_id: int,
    body_id: int | None,
    is_restricted: bool = False,
) -> Recipients:
    """Return who is told on this rung for a ticket of the branch with that body (None: in triage).

    A vacant office passes to the next role, then to the committee above. The office is never told of a
    restricted ticket: the inspection commission stands in its place.
    """
    for step in _steps(tree, role, body_id, is_restricted):
        found = _holders(tree, holdings, step, branch_id, body_id)
        if found:
            return Recipients(found, step, _because(role, step))
    return Recipients((), role, f"Chưa có ai giữ vai trò {_WORDS[Role(role)]} và các cấp trên.")


def _steps(tree: OrgTree, role: str, body_id: int | None, is_restricted: bool) -> tuple[str, ...]:
    body = tree.bodies.get(body_id) if body_id else None
    steps: Iterable[str] = _UPWARD[role]
    if body and body.code == BRANCH_BODY:
        steps = (Role.BRANCH_SECRETARY if step in _BODY_ROLES else step for step in steps)
    elif body is None:
        steps = (Role.OFFICE if step == Role.OFFICIAL else step for step in steps if step != Role.BODY_HEAD)
    if is_restricted:
        steps = (Role.INSPECTION if step == Role.OFFICE else step for step in steps)
    return tuple(dict.fromkeys(steps))


def _holders(
    tree: OrgTree, holdings: Sequence[Holding], role: str, branch_id: int, body_id: int | None
) -> tuple[int, ...]:
    if role in _BODY_ROLES:
        return _accounts(h for h in holdings if h.role == role and h.body_id == body_id)
    for unit_id in tree.path(branch_id):
        found = _accounts(h for h in holdings if h.role == role and h.unit_id == unit_id)
        if found:
            return found
    return ()


def _accounts(holdings: Iterable[Holding]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(holding.account_id for holding in holdings))


def _because(asked: str, reached: str) -> str:
    if asked == reached or reached in (Role.BRANCH_SECRETARY, Role.INSPECTION):
        return f"Báo {_WORDS[Role(reached)]}."
    return f"Báo {_WORDS[Role(reached)]}, vì chưa có {_WORDS[Role(asked)]}."
