"""Units of the party, the bodies that answer, and the tree they form on one day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tracker.domain.errors import Invalid, NotFound


class UnitKind(StrEnum):
    """Kinds of units (domain glossary)."""

    PROVINCIAL_COMMITTEE = "provincial_committee"
    PARTY_COMMITTEE = "party_committee"
    BRANCH = "branch"


UNIT_KIND_WORDS: Mapping[str, str] = {
    UnitKind.PROVINCIAL_COMMITTEE: "Tỉnh ủy",
    UnitKind.PARTY_COMMITTEE: "Đảng ủy",
    UnitKind.BRANCH: "Chi bộ",
}


class BranchType(StrEnum):
    """Types of branches; their content lists differ (HD 42-HD/BTCTW section 4)."""

    LOCALITY = "khu_pho"
    AGENCY = "co_quan"
    SCHOOL = "truong_hoc"
    HEALTH = "y_te"
    ENTERPRISE = "doanh_nghiep"
    ARMED_FORCES = "luc_luong"


BRANCH_TYPE_WORDS: Mapping[str, str] = {
    BranchType.LOCALITY: "Thôn, khu phố",
    BranchType.AGENCY: "Cơ quan",
    BranchType.SCHOOL: "Trường học",
    BranchType.HEALTH: "Y tế",
    BranchType.ENTERPRISE: "Doanh nghiệp",
    BranchType.ARMED_FORCES: "Công an, quân sự",
}


class BodyKind(StrEnum):
    """Where a responsible body stands; those outside the party's chain of command are reached by letter."""

    PARTY = "party"
    GOVERNMENT = "government"
    MASS = "mass"
    OUTSIDE = "outside"


BODY_KIND_WORDS: Mapping[str, str] = {
    BodyKind.PARTY: "Cơ quan của cấp ủy",
    BodyKind.GOVERNMENT: "Chính quyền",
    BodyKind.MASS: "Mặt trận, đoàn thể",
    BodyKind.OUTSIDE: "Ngoài địa phương",
}


@dataclass(frozen=True)
class UnitNode:
    """One unit as it is on the tree's day. ``parent_id`` is None at the top."""

    id: int
    code: str
    name: str
    kind: str
    branch_type: str | None
    parent_id: int | None
    symbol: str = ""
    is_model: bool = False
    is_difficult: bool = False


@dataclass(frozen=True)
class BodyNode:
    """One responsible body as it is on the tree's day; ``committee_id`` is None for one shared by all."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    committee_id: int | None
    in_chain: bool


@dataclass(frozen=True)
class OrgTree:
    """The units and bodies of one day, looked up by internal id."""

    units: Mapping[int, UnitNode]
    bodies: Mapping[int, BodyNode]
    _children: Mapping[int | None, tuple[int, ...]] = field(repr=False)
    _by_place: Mapping[tuple[str, int | None], int] = field(repr=False)

    @classmethod
    def build(cls, units: Iterable[UnitNode], bodies: Iterable[BodyNode]) -> "OrgTree":
        """Return the tree of the given nodes, children in the order given."""
        by_id = {unit.id: unit for unit in units}
        children: dict[int | None, list[int]] = {}
        for unit in by_id.values():
            children.setdefault(unit.parent_id, []).append(unit.id)
        body_map = {body.id: body for body in bodies}
        places = {(body.code, body.committee_id): body.id for body in body_map.values()}
        return cls(by_id, body_map, {key: tuple(ids) for key, ids in children.items()}, places)

    def unit(self, unit_id: int) -> UnitNode:
        """Return the unit; raise NotFound for one that isn't there on this day."""
        if unit_id not in self.units:
            raise NotFound("Không tìm thấy đơn vị này.")
        return self.units[unit_id]

    def path(self, unit_id: int) -> tuple[int, ...]:
        """Return the ids from the unit itself up to the top."""
        ids: list[int] = []
        at: int | None = unit_id
        while at is not None and at in self.units and at not in ids:
            ids.append(at)
            at = self.units[at].parent_id
        return tuple(ids)

    def codes(self, unit_id: int) -> tuple[str, ...]:
        """Return the codes from the unit itself up to the top, for routing rules that name a unit."""
        return tuple(self.units[step].code for step in self.path(unit_id))

    def below(self, unit_id: int) -> Iterator[UnitNode]:
        """Yield the unit itself and all below it, parents before children."""
        waiting = [unit_id] if unit_id in self.units else []
        while waiting:
            at = waiting.pop()
            yield self.units[at]
            waiting.extend(reversed(self._children.get(at, ())))

    def children(self, unit_id: int) -> tuple[UnitNode, ...]:
        """Return the units directly below."""
        return tuple(self.units[child] for child in self._children.get(unit_id, ()))

    def branches(self, unit_id: int) -> tuple[UnitNode, ...]:
        """Return the branches at or below the unit."""
        return tuple(unit for unit in self.below(unit_id) if unit.kind == UnitKind.BRANCH)

    def committee_of(self, branch_id: int) -> UnitNode:
        """Return the direct upper committee of a branch; raise NotFound when it has none."""
        parent = self.unit(branch_id).parent_id
        if parent is None:
            raise NotFound("Chi bộ này chưa thuộc cấp ủy nào.")
        return self.unit(parent)

    def body(self, code: str, branch_id: int) -> BodyNode | None:
        """Return the body of that code nearest to the branch: its committee's own, an upper one's, or a shared one."""
        for place in (*self.path(branch_id), None):
            found = self._by_place.get((code, place))
            if found is not None:
                return self.bodies[found]
        return None

    def bodies_for(self, branch_id: int) -> tuple[BodyNode, ...]:
        """Return the bodies that may answer a concern of the branch, one a code, in the order of their names."""
        codes = sorted({code for code, _ in self._by_place})
        found = (self.body(code, branch_id) for code in codes)
        return tuple(sorted((body for body in found if body), key=lambda body: body.name))


def check_unit(node: UnitNode, tree: OrgTree) -> None:
    """Raise Invalid, with a sentence a field, when the unit can't stand so in that day's tree (id 0: a new unit)."""
    others = [unit for unit in tree.units.values() if unit.id != node.id]
    errors = _parent_errors(node, tree)
    if any(unit.code == node.code for unit in others):
        errors["code"] = "Mã này đang thuộc đơn vị khác."
    if node.kind == UnitKind.BRANCH and not node.branch_type:
        errors["branch_type"] = "Chọn loại hình chi bộ."
    if node.kind != UnitKind.BRANCH and node.branch_type:
        errors["branch_type"] = "Chỉ chi bộ mới có loại hình."
    if node.kind == UnitKind.PARTY_COMMITTEE and not node.symbol:
        errors["symbol"] = "Ghi ký hiệu; nó đứng đầu số kiến nghị."
    if node.symbol and any(unit.symbol == node.symbol for unit in others if unit.kind != UnitKind.BRANCH):
        errors["symbol"] = "Ký hiệu này đang thuộc cấp ủy khác; số kiến nghị sẽ trùng."
    if errors:
        raise Invalid(" ".join(errors.values()), errors)


def _parent_errors(node: UnitNode, tree: OrgTree) -> dict[str, str]:
    if node.parent_id is None:
        top = node.kind == UnitKind.PROVINCIAL_COMMITTEE
        return {} if top else {"parent_id": "Chọn cấp ủy cấp trên trực tiếp."}
    parent = tree.units.get(node.parent_id)
    if parent is None:
        return {"parent_id": "Đơn vị cấp trên không tồn tại vào ngày áp dụng."}
    if parent.kind == UnitKind.BRANCH:
        return {"parent_id": "Cấp trên phải là cấp ủy, không phải chi bộ."}
    if node.id in tree.path(parent.id):
        return {"parent_id": "Đơn vị không thể thuộc chính nó hoặc đơn vị bên dưới nó."}
    return {}


def check_body(node: BodyNode, tree: OrgTree) -> None:
    """Raise Invalid, with a sentence a field, when the body can't stand so in that day's tree (id 0: a new body)."""
    errors = {}
    if any(
        other.id != node.id and (other.code, other.committee_id) == (node.code, node.committee_id)
        for other in tree.bodies.values()
    ):
        errors["code"] = "Cấp ủy này đã có đơn vị mang mã đó."
    if node.committee_id is not None:
        committee = tree.units.get(node.committee_id)
        if committee is None or committee.kind == UnitKind.BRANCH:
            errors["committee_id"] = "Cấp ủy này không tồn tại vào ngày áp dụng."
    if errors:
        raise Invalid(" ".join(errors.values()), errors)
