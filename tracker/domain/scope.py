"""Which units of the tree a person's roles open for an action: the same answer as ``may`` asked one by one."""

from collections.abc import Iterable

from tracker.domain.access import RULES, Action, Scope
from tracker.domain.org import OrgTree, UnitNode
from tracker.domain.people import Actor, Holding


def units_open(actor: Actor, action: Action, tree: OrgTree) -> tuple[UnitNode, ...]:
    """Return the units for which ``may`` allows the action, parents before children, each once.

    Regards roles held in units; an action that is open anywhere opens the whole tree.
    """
    found: dict[int, UnitNode] = {}
    for rule in RULES[action]:
        if rule.scope is Scope.ANYWHERE and actor.has(rule.role):
            return tuple(tree.units.values())
        for unit_id in actor.units(rule.role):
            if rule.scope is Scope.IN_SCOPE:
                found |= {unit.id: unit for unit in tree.below(unit_id)}
            elif rule.scope is Scope.OWN_BRANCH and unit_id in tree.units:
                found[unit_id] = tree.unit(unit_id)
    return tuple(found.values())


def accounts_open(
    actor: Actor, action: Action, holdings: Iterable[Holding], tree: OrgTree
) -> frozenset[int] | None:
    """Return the accounts that hold an office where ``may`` allows the action; None for everybody's.

    A body shared by all committees is regarded by each of them.
    """
    if any(rule.scope is Scope.ANYWHERE and actor.has(rule.role) for rule in RULES[action]):
        return None
    units = {unit.id for unit in units_open(actor, action, tree)}
    if not units:
        return frozenset()
    bodies = {
        body.id for body in tree.bodies.values() if body.committee_id is None or body.committee_id in units
    }
    return frozenset(one.account_id for one in holdings if one.unit_id in units or one.body_id in bodies)
