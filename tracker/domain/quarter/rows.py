"""What the quarter is compiled from: branches, meetings and concerns as frozen rows, free of text and names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

REGULAR, THEMATIC, BOTH = "regular", "thematic", "both"
"""Kinds of meetings: regular, thematic, or both on one occasion."""


@dataclass(frozen=True)
class UnitHead:
    """The unit for which the quarter is compiled; ``kind`` is a UnitKind."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class BranchRow:
    """One branch as it was named at the cut-off. Its duty to meet runs from ``valid_from`` to before ``valid_to``."""

    id: int
    code: str
    name: str
    branch_type: str
    committee_id: int
    committee_name: str
    is_model: bool = False
    is_difficult: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class MeetingRow:
    """One submitted meeting sheet. ``lines`` maps a criterion group to (points, most points), of the decided score."""

    id: int
    branch_id: int
    kind: str
    held_on: date
    minutes: int | None = None
    present: int = 0
    expected: int = 0
    superior_attended: bool = False
    self_total: Decimal | None = None
    self_grade: str | None = None
    official_total: Decimal | None = None
    official_grade: str | None = None
    lines: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)

    @property
    def is_regular(self) -> bool:
        return self.kind in (REGULAR, BOTH)

    @property
    def is_thematic(self) -> bool:
        return self.kind in (THEMATIC, BOTH)

    @property
    def is_official(self) -> bool:
        """Whether the direct upper committee has decided the class."""
        return self.official_grade is not None

    @property
    def grade(self) -> str | None:
        """The official class where decided, else the branch's own."""
        return self.official_grade or self.self_grade

    @property
    def total(self) -> Decimal | None:
        """The points behind ``grade``."""
        return self.official_total if self.is_official else self.self_total


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One concern, without its words and without who raised it. Times are aware; ``raised_on`` is a local day.

    ``due_at`` and ``answered_at`` belong to the running round: after a reopening they are those of the new round.
    """

    id: int
    number: str
    branch_id: int
    body_code: str
    body_name: str
    category: str
    urgency: str
    status: str
    is_restricted: bool
    raised_on: date
    due_at: datetime | None = None
    first_answered_at: datetime | None = None
    answered_at: datetime | None = None
    answered_at_next_meeting: bool | None = None
    accepted_at: datetime | None = None
    reopened_count: int = 0
    level: int = 0
    resolved_on_spot: bool = False
