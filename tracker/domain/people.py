"""Roles that a person holds in a scope, from a day to a day. Names of persons are not kept here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a person may be in a unit or a body; the ladder names its recipients by these."""

    BRANCH_SECRETARY = "branch_secretary"
    OFFICIAL = "official"
    BODY_HEAD = "body_head"
    COMMITTEE_MEMBER = "committee_member"
    OFFICE = "office"
    STANDING_MEMBERS = "standing_members"
    STANDING_COMMITTEE = "standing_committee"
    INSPECTION = "inspection"
    ADMINISTRATOR = "administrator"


ROLE_WORDS: Mapping[str, str] = {
    Role.BRANCH_SECRETARY: "Bí thư, phó bí thư chi bộ",
    Role.OFFICIAL: "Cán bộ đơn vị xử lý",
    Role.BODY_HEAD: "Người đứng đầu đơn vị xử lý",
    Role.COMMITTEE_MEMBER: "Cấp ủy viên theo dõi chi bộ",
    Role.OFFICE: "Văn phòng cấp ủy",
    Role.STANDING_MEMBERS: "Thường trực cấp ủy",
    Role.STANDING_COMMITTEE: "Ban Thường vụ",
    Role.INSPECTION: "Ủy ban kiểm tra",
    Role.ADMINISTRATOR: "Quản trị hệ thống",
}

BODY_ROLES = frozenset({Role.OFFICIAL, Role.BODY_HEAD})
"""Roles whose scope is a responsible body; all others are held in a unit."""

BRANCH_ROLES = frozenset({Role.BRANCH_SECRETARY, Role.COMMITTEE_MEMBER})
"""Roles whose scope is a branch; the others held in a unit are held in a committee."""


@dataclass(frozen=True)
class Grant:
    """One role in one scope: ``unit_id`` for roles in a unit, ``body_id`` for roles in a body.

    ``acting_for`` is the account for which the person stands in; None for a role of their own.
    """

    role: str
    unit_id: int | None = None
    body_id: int | None = None
    acting_for: int | None = None


@dataclass(frozen=True)
class Actor:
    """A person who acts, with the roles held today. ``account_id`` is None for the system itself."""

    account_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()

    def units(self, *roles: str) -> tuple[int, ...]:
        """Return the units in which the person holds one of the roles, each once."""
        found = (g.unit_id for g in self.grants if g.role in roles and g.unit_id is not None)
        return tuple(dict.fromkeys(found))

    def bodies(self) -> tuple[int, ...]:
        """Return the bodies for which the person works."""
        return tuple(dict.fromkeys(g.body_id for g in self.grants if g.body_id is not None))

    def has(self, *roles: str) -> bool:
        """Return whether the person holds one of the roles anywhere."""
        return any(g.role in roles for g in self.grants)


SYSTEM = Actor(account_id=None, name="Hệ thống")
"""The workers: they act by the clock, for nobody in particular."""


@dataclass(frozen=True)
class Holding:
    """Who holds a role: what the ladder and the notices need of a grant. ``valid_to`` is exclusive.

    ``acting_for`` is the account away for which this one stands in, by its name; ``is_away`` marks the holding
    of the one away, who isn't told while a substitute stands.
    """

    account_id: int
    role: str
    unit_id: int | None
    body_id: int | None
    valid_from: date
    valid_to: date | None
    acting_for: int | None = None
    acting_for_name: str = ""
    is_away: bool = False


@dataclass(frozen=True)
class RoleChange:
    """A role to give: ``place`` is the id of a body for the roles of bodies, of a unit for the others."""

    role: str
    place: int
    valid_from: date
    valid_to: date | None = None


def comrade(name: str) -> str:
    """Return the name as a sentence calls its person: “đồng chí …”, whatever address it begins with."""
    for address in ("đồng chí ", "đ/c "):
        if name.casefold().startswith(address):
            name = name[len(address) :]
    return f"đồng chí {name}"


def who_words(who: str, acting_for: str = "") -> str:
    """Return who did it, and for whom they stood in: “…, thay đồng chí …”."""
    return f"{who}, thay {comrade(acting_for)}" if acting_for else who
