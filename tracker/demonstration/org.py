"""The demonstration's units, bodies and people: rows, and what the simulation must know of each."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import Any

from tracker.demonstration.accounts import MARK
from tracker.demonstration.arguments import BEGINNING, DemoArguments, Dice
from tracker.demonstration.places import branch_specs, person, slug
from tracker.demonstration.texts import rows
from tracker.domain.dates import midnight
from tracker.domain.meetings import RollCall
from tracker.domain.org import BranchType, UnitKind
from tracker.domain.people import Role

Row = dict[str, Any]

SIZES = {
    BranchType.LOCALITY: (18, 86),
    BranchType.AGENCY: (9, 38),
    BranchType.SCHOOL: (12, 34),
    BranchType.HEALTH: (6, 16),
    BranchType.ENTERPRISE: (5, 18),
    BranchType.ARMED_FORCES: (10, 30),
}

# Role → (user name before the dot, office) of the committee's own people.
COMMITTEE_PEOPLE = (
    (Role.OFFICE, "vanphong", "Văn phòng"),
    (Role.STANDING_MEMBERS, "thuongtruc", "Thường trực"),
    (Role.STANDING_COMMITTEE, "banthuongvu", "Ban Thường vụ"),
    (Role.INSPECTION, "kiemtra", "Ủy ban kiểm tra"),
)


FOLLOWED = 12
"""Branches that one committee member follows."""


@dataclass(frozen=True)
class Committee:
    """A ward's committee with the people who act for it."""

    id: int
    name: str
    symbol: str
    slug: str
    place: str
    office: int
    standing_members: int
    standing_committee: int
    inspection: int
    standing_member_names: tuple[str, ...]


@dataclass(frozen=True)
class Body:
    """A body that answers; ``official`` and ``head`` are accounts."""

    id: int
    code: str
    name: str
    short_name: str
    official: int
    head: int
    pace: float


@dataclass(frozen=True)
class Branch:
    """A branch as the simulation knows it. ``quality`` 0 to 1 is how well it truly meets; never shown."""

    id: int
    name: str
    branch_type: BranchType
    committee: Committee
    locality: str
    is_model: bool
    is_difficult: bool
    secretary: int
    secretary_name: str
    minute_taker: str
    roll: RollCall
    quality: float
    #: the committee member assigned to follow the branch, if any
    follower: int | None = None


@dataclass
class Org:
    """All rows of units, bodies and people, and the simulation's view of them."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    committees: list[Committee] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    bodies: dict[tuple[str, int | None], Body] = field(default_factory=dict)
    administrator: int = 0
    _usernames: set[str] = field(default_factory=set)
    _next: dict[str, Iterator[int]] = field(default_factory=dict)

    def add(self, table: str, **values: Any) -> int:
        """Append a row with the table's next id and return the id."""
        number = next(self._next.setdefault(table, count(1)))
        self.tables.setdefault(table, []).append({"id": number, **values})
        return number

    def body(self, code: str, branch: Branch) -> Body:
        """Return the body of that code nearest to the branch."""
        for place in (branch.id, branch.committee.id, None):
            found = self.bodies.get((code, place))
            if found is not None:
                return found
        raise KeyError(code)

    def take(self) -> dict[str, list[Row]]:
        """Return the rows added since the last call and forget them; ids go on counting."""
        taken, self.tables = self.tables, {}
        return taken

    def free_username(self, wanted: str, otherwise: str) -> str:
        """Return the wanted user name, or the other with a number when both are taken."""
        names = chain((wanted, otherwise), (f"{otherwise}{number}" for number in count(2)))
        name = next(name for name in names if name not in self._usernames)
        self._usernames.add(name)
        return name


def build_org(arguments: DemoArguments, dice: Dice) -> Org:
    """Return all units, bodies, accounts and roles; ids count from 1 in each table."""
    org = Org()
    province = _unit(org, "24", "Tỉnh ủy Bắc Ninh", UnitKind.PROVINCIAL_COMMITTEE, None, symbol="BN")
    for role, prefix, office in COMMITTEE_PEOPLE:
        account = _account(org, dice, f"{prefix}.bacninh", f"{office} Tỉnh ủy")
        _grant(org, account, role, unit=province)
    org.administrator = _account(org, dice, "quantri", "Quản trị hệ thống")
    _grant(org, org.administrator, Role.ADMINISTRATOR, unit=province)
    for row in rows("committees"):
        org.committees.append(_committee(org, dice, row, province))
    _shared_bodies(org, dice, province)
    by_code = {
        row["code"]: committee for row, committee in zip(rows("committees"), org.committees, strict=True)
    }
    numbers: dict[tuple[str, bool], int] = {}
    for spec in branch_specs(arguments.branches):
        key = (spec["committee"], spec["is_base"])
        numbers[key] = numbers.get(key, 0) + 1
        suffix = f"CS{numbers[key]:02d}" if spec["is_base"] else f"{numbers[key]:03d}"
        _branch(org, dice, spec, f"{spec['committee']}.{suffix}", by_code[spec["committee"]])
    _assign_followers(org, Dice(arguments.random_seed))
    return org


def _assign_followers(org: Org, dice: Dice) -> None:
    """Give most branches a committee member who follows them; every fifth still waits for one."""
    for committee in org.committees:
        own = [at for at, branch in enumerate(org.branches) if branch.committee.id == committee.id]
        followed = [at for number, at in enumerate(own) if number % 5 != 4]
        for number, first in enumerate(range(0, len(followed), FOLLOWED)):
            username = f"capuyvien{number + 1 if number else ''}.{committee.slug}"
            account = _account(org, dice, username, f"Đảng ủy viên {committee.name.removeprefix('Đảng ủy ')}")
            for at in followed[first : first + FOLLOWED]:
                _grant(org, account, Role.COMMITTEE_MEMBER, unit=org.branches[at].id)
                org.branches[at] = replace(org.branches[at], follower=account)


def _unit(
    org: Org, code: str, name: str, kind: UnitKind, parent: int | None, *, symbol: str = "", **more: Any
) -> int:
    unit = org.add("unit")
    values = {"branch_type": None, "is_model": False, "is_difficult": False, **more}
    org.add(
        "unit_version",
        unit_id=unit,
        code=code,
        name=name,
        symbol=symbol,
        kind=kind.value,
        parent_id=parent,
        decision="Dữ liệu minh họa",
        valid_from=BEGINNING,
        valid_to=None,
        version=1,
        **values,
    )
    return unit


def _account(org: Org, dice: Dice, username: str, office: str, *, name: str = "", otherwise: str = "") -> int:
    username = org.free_username(username, otherwise or username)
    return org.add(
        "account",
        username=username,
        display_name=f"{name or person(dice)}, {office} {MARK}"[:120],
        email=f"{username}@minhhoa.example",
        password_hash="",
        is_active=True,
        must_change_password=False,
        created_at=midnight(BEGINNING),
        version=1,
    )


def _grant(org: Org, account: int, role: Role, *, unit: int | None = None, body: int | None = None) -> None:
    org.add(
        "role_grant",
        account_id=account,
        role=role.value,
        unit_id=unit,
        body_id=body,
        valid_from=BEGINNING,
        valid_to=None,
    )


def _committee(org: Org, dice: Dice, row: dict[str, str], province: int) -> Committee:
    unit = _unit(org, row["code"], row["name"], UnitKind.PARTY_COMMITTEE, province, symbol=row["symbol"])
    held: dict[Role, int] = {}
    for role, prefix, office in COMMITTEE_PEOPLE:
        held[role] = _account(org, dice, f"{prefix}.{row['slug']}", f"{office} {row['name']}")
        _grant(org, held[role], role, unit=unit)
    committee = Committee(
        id=unit,
        name=row["name"],
        symbol=row["symbol"],
        slug=row["slug"],
        place=row["place"],
        office=held[Role.OFFICE],
        standing_members=held[Role.STANDING_MEMBERS],
        standing_committee=held[Role.STANDING_COMMITTEE],
        inspection=held[Role.INSPECTION],
        standing_member_names=tuple(person(dice) for _ in range(9)),
    )
    for body in rows("bodies"):
        if body["scope"] == "ward":
            names = {"committee": row["name"], "ward": row["place"]}
            _body(org, dice, body, unit, f"{_short(body['code'])}.{row['slug']}", names)
    return committee


def _shared_bodies(org: Org, dice: Dice, province: int) -> None:
    for body in rows("bodies"):
        if body["scope"] == "shared":
            _body(org, dice, body, None, _short(body["code"]), {})


def _short(code: str) -> str:
    """Return UBND_KTHT as ktht."""
    return (
        slug(code.split("_", 1)[-1]) if code.startswith(("UBND_", "DU_", "DV_", "TT_", "CN_")) else slug(code)
    )


def _body(
    org: Org, dice: Dice, row: dict[str, str], place: int | None, username: str, names: dict[str, str]
) -> Body:
    body = _body_row(org, row, place, names)
    short = row["short_name"]
    official = _account(org, dice, username, short)
    head = _account(org, dice, f"truong.{username}", f"phụ trách {short}")
    _grant(org, official, Role.OFFICIAL, body=body)
    _grant(org, head, Role.BODY_HEAD, body=body)
    made = Body(
        body, row["code"], row["name"].format(**names), short, official, head, dice.between(0.75, 1.2)
    )
    org.bodies[row["code"], place] = made
    return made


def _body_row(org: Org, row: dict[str, str], place: int | None, names: dict[str, str]) -> int:
    body = org.add("body")
    org.add(
        "body_version",
        body_id=body,
        code=row["code"],
        name=row["name"].format(**names)[:200],
        short_name=row["short_name"],
        kind=row["kind"],
        committee_id=place,
        in_chain=row["in_chain"] == "1",
        valid_from=BEGINNING,
        valid_to=None,
        version=1,
    )
    return body


def _branch(org: Org, dice: Dice, spec: Row, code: str, committee: Committee) -> None:
    throw = dice.random()
    is_model, is_difficult = throw < 0.1, throw > 0.86
    branch_type = BranchType(spec["branch_type"])
    unit = _unit(
        org,
        code,
        spec["name"],
        UnitKind.BRANCH,
        committee.id,
        branch_type=branch_type.value,
        is_model=is_model,
        is_difficult=is_difficult,
    )
    name = person(dice)
    username = f"bithu.{spec.get('slug') or slug(spec['locality'])}"
    account = _account(
        org, dice, username, f"Bí thư {spec['name']}", name=name, otherwise=f"{username}.{committee.slug}"
    )
    _grant(org, account, Role.BRANCH_SECRETARY, unit=unit)
    quality = 0.8 + 0.12 * is_model - 0.16 * is_difficult + dice.between(-0.1, 0.1)
    org.branches.append(
        Branch(
            id=unit,
            name=spec["name"],
            branch_type=branch_type,
            committee=committee,
            locality=spec["locality"],
            is_model=is_model,
            is_difficult=is_difficult,
            secretary=account,
            secretary_name=name,
            minute_taker=person(dice),
            roll=_roll(branch_type, dice),
            quality=min(quality, 0.98),
        )
    )
    _own_body(org, unit, spec["name"], account)


def _roll(branch_type: BranchType, dice: Dice) -> RollCall:
    """Return the branch's members by kind; nobody is counted as present yet."""
    size = dice.randint(*SIZES[branch_type])
    is_locality = branch_type is BranchType.LOCALITY
    return RollCall(
        official=size,
        probationary=dice.pick((0, 0, 1, 1, 2)) if size > 8 else 0,
        exempt=int(size * dice.between(0.02, 0.14)) if is_locality else 0,
        special_duty=dice.pick((0, 1, 1, 2)) if branch_type is BranchType.ARMED_FORCES else 0,
    )


def _own_body(org: Org, unit: int, name: str, secretary: int) -> None:
    """Give the branch its own body: what concerns the branch alone, its own secretary answers."""
    row = next(row for row in rows("bodies") if row["scope"] == "branch")
    body = _body_row(org, row, unit, {"branch": name})
    _grant(org, secretary, Role.BODY_HEAD, body=body)
    org.bodies["CHI_BO", unit] = Body(
        body, "CHI_BO", f"Chi ủy {name}", row["short_name"], secretary, secretary, 1
    )
