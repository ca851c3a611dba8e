"""May the actor do it? Asked by every use case; whoever acts for one away is written down with the act."""

from typing import Any

from tracker.domain.access import Action, Resource, may
from tracker.domain.errors import Refused
from tracker.services.unit import Unit


def check_right(action: Action, resource: Resource, *, unit: Unit) -> None:
    """Raise Refused, with the reason, when the actor may not; else note in the unit for whom the act is done."""
    decision = may(unit.actor, action, resource)
    if not decision:
        raise Refused(decision.because)
    unit.acting_for = decision.acting_for


def acting(unit: Unit) -> dict[str, Any]:
    """Return what an event's details hold of the one acted for: the account's id, or nothing."""
    return {} if unit.acting_for is None else {"acting_for": unit.acting_for}
