"""A ticket's clocks, pauses and requests for more time, as its page shows them. Times are aware, UTC."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ClockLine:
    """One time limit of the ticket; it runs while it is neither met nor stopped."""

    id: int
    kind: str
    round: int
    rule_code: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    stopped_at: datetime | None
    is_fixed: bool

    @property
    def is_running(self) -> bool:
        return self.met_at is None and self.stopped_at is None


@dataclass(frozen=True)
class PauseLine:
    """One pause: it lasts while ``ended_at`` is None; ``promised_at`` is when it ends by itself."""

    clock_id: int
    begins_at: datetime
    promised_at: datetime
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True)
class ExtensionLine:
    """One request for more time and what was decided on it; ``unit`` is the code of its unit."""

    clock_id: int
    asked_at: datetime
    reason: str
    amount: int
    unit: str
    state: str
    decided_at: datetime | None
    decision_reason: str
    old_due_at: datetime
    new_due_at: datetime | None
