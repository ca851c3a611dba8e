"""Who is told: a rung of the ladder names a role, the tree and the offices held name the persons."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tracker.domain.access import BRANCH_BODY
from tracker.domain.org import BodyNode, OrgTree
from tracker.domain.people import BODY_ROLES, ROLE_WORDS, Holding, Role, comrade


@dataclass(frozen=True)
class Holders:
    """The holdings of a day looked up by role and place; build it once for many questions."""

    _by_place: Mapping[tuple[str, int | None], tuple[int, ...]]
    _acting: Mapping[tuple[str, int | None], tuple[str, ...]]

    @classmethod
    def of(cls, holdings: Iterable[Holding]) -> "Holders":
        """Return the holdings as a look-up, each person once a place, in the order granted.

        One who is away is left out: the substitute is told in their place.
        """
        found: dict[tuple[str, int | None], dict[int, None]] = {}
        acting: dict[tuple[str, int | None], dict[str, None]] = {}
        for held in holdings:
            if held.is_away:
                continue
            key = (held.role, held.body_id if held.role in BODY_ROLES else held.unit_id)
            found.setdefault(key, {})[held.account_id] = None
            if held.acting_for is not None:
                acting.setdefault(key, {})[held.acting_for_name] = None
        return cls(
            {key: tuple(ids) for key, ids in found.items()},
            {key: tuple(names) for key, names in acting.items()},
        )

    def at(self, role: str, place: int | None) -> tuple[int, ...]:
        """Return the accounts that hold the role in that unit or body."""
        return self._by_place.get((role, place), ())

    def away(self, role: str, place: int | None) -> tuple[str, ...]:
        """Return the names of those away for whom somebody stands in, in that role and place."""
        return self._acting.get((role, place), ())


class Recipients(NamedTuple):
    """The accounts to tell (none twice, may be none), the role that was reached, and why these."""

    account_ids: tuple[int, ...]
    role: str
    because: str


_LEADERS = (Role.STANDING_MEMBERS, Role.STANDING_COMMITTEE)


class _Step(NamedTuple):
    role: Role
    places: tuple[int, ...]
    #: said when it is this step that reaches somebody
    because: str


def recipients(
    tree: OrgTree,
    holdings: Holders | Iterable[Holding],
    role: str,
    *,
    branch_id: int,
    body_id: int | None,
    is_restricted: bool = False,
) -> Recipients:
    """Return who stands for the role where this ticket belongs: a vacant office passes upward, and says so.

    ``role`` is official, body_head, committee_member (assigned to the branch), branch_secretary, office,
    standing_members or standing_committee; another one is looked for in the units above the branch. A ticket
    without a body is the office's, one of the branch itself its secretaries'.
    Of a restricted ticket, which office and leaders can't open, the inspection committee is told in their
    place; leaders only, by its number, where there is no such committee: somebody must hear of it.
    """
    holders = holdings if isinstance(holdings, Holders) else Holders.of(holdings)
    steps = _steps(tree, Role(role), branch_id, body_id, is_restricted)
    for step in _closed(steps) if is_restricted else steps:
        for place in step.places:
            found = holders.at(step.role, place)
            if found:
                away = holders.away(step.role, place)
                return Recipients(found, step.role, _said(tree, step, place) + _instead(away))
    return Recipients((), role, f"Chưa có ai giữ vai trò {ROLE_WORDS[role]} ở đây và ở cấp trên.")


def _steps(
    tree: OrgTree, role: Role, branch_id: int, body_id: int | None, is_restricted: bool
) -> Iterator[_Step]:
    """Yield where to look, first to last."""
    above = tree.path(branch_id)[1:]
    body = tree.bodies.get(body_id) if body_id is not None else None
    desk = Role.INSPECTION if is_restricted else Role.OFFICE
    if role is Role.COMMITTEE_MEMBER:
        yield _Step(role, (branch_id,), "{place}.")
    elif role is Role.BRANCH_SECRETARY:
        yield _Step(role, (branch_id,), "{place}.")
        yield _Step(desk, above, "Chi bộ chưa có bí thư trên hệ thống: {place}.")
    elif role is Role.OFFICE:
        yield _Step(desk, above, "{place}.")
    elif role not in BODY_ROLES:
        yield _Step(role, above, "{place}.")
    elif body is not None:
        yield from _in_body(role, body, branch_id, above, desk)
    elif role is Role.OFFICIAL:
        yield _Step(desk, above, "Chưa có đơn vị xử lý: {place} phân loại.")
    else:
        yield _Step(Role.STANDING_MEMBERS, above, "Chưa có đơn vị xử lý: báo lên {place}.")
    for leaders in _LEADERS:
        yield _Step(leaders, above, f"Chưa có ai giữ vai trò {ROLE_WORDS[role]}: báo {{place}}.")


def _closed(steps: Iterable[_Step]) -> Iterator[_Step]:
    """Yield the steps of a restricted ticket: the inspection committee before any leader, and no one assigned."""
    for step in steps:
        if step.role is Role.COMMITTEE_MEMBER:
            continue  # follows the branch's open matters alone
        if step.role in _LEADERS:
            yield _Step(Role.INSPECTION, step.places, "Nội dung hạn chế: báo {place}.")
        yield step


def _in_body(
    role: Role, body: BodyNode, branch_id: int, above: tuple[int, ...], desk: Role
) -> Iterator[_Step]:
    """Yield where a role of a body is looked for: in the body, then where its vacancy is borne."""
    if body.code == BRANCH_BODY:
        yield _Step(Role.BRANCH_SECRETARY, (branch_id,), "Việc của chính chi bộ: {place}.")
    if role is Role.OFFICIAL:
        yield _Step(Role.OFFICIAL, (body.id,), f"Cán bộ của {body.name}.")
        yield _Step(Role.BODY_HEAD, (body.id,), f"{body.name} chưa có cán bộ phụ trách: người đứng đầu.")
        yield _Step(desk, above, f"{body.name} chưa có người phụ trách trên hệ thống: chuyển {{place}}.")
    else:
        yield _Step(Role.BODY_HEAD, (body.id,), f"Người đứng đầu {body.name}.")
        vacant = f"{body.name} đang khuyết người đứng đầu trên hệ thống: báo lên {{place}}."
        yield _Step(Role.STANDING_MEMBERS, above, vacant)


def _instead(away: tuple[str, ...]) -> str:
    """Return the sentence that says for whom the substitutes are told."""
    return f" Thay {', '.join(comrade(name) for name in away)} đang vắng mặt." if away else ""


def _said(tree: OrgTree, step: _Step, place: int) -> str:
    unit = tree.units.get(place)
    named = f"{ROLE_WORDS[step.role]} ({unit.name})" if unit else ROLE_WORDS[step.role]
    return step.because.replace("{place}", named)
