"""Who may do what: roles × scope in the tree × state of the thing. The only place that decides."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tracker.domain.org import OrgTree, UnitKind
from tracker.domain.people import Actor, Grant, Role
from tracker.domain.tickets import Status


class Action(StrEnum):
    """What a person may ask for. Each route names one."""

    OWN_DESK = "own_desk"
    SHEET_WRITE = "sheet_write"
    MEETING_READ = "meeting_read"
    RETURN_SHEET_READ = "return_sheet_read"
    TICKET_READ = "ticket_read"
    TICKET_ACKNOWLEDGE = "ticket_acknowledge"
    TICKET_ANSWER = "ticket_answer"
    TICKET_BOUNCE = "ticket_bounce"
    TICKET_ASSIGN = "ticket_assign"
    TICKET_PAUSE = "ticket_pause"
    EXTENSION_ASK = "extension_ask"
    EXTENSION_DECIDE = "extension_decide"
    VERDICT_RECORD = "verdict_record"
    OVERVIEW_READ = "overview_read"
    ASSESSMENT_DECIDE = "assessment_decide"
    REPORT_READ = "report_read"
    REPORT_WRITE = "report_write"
    UNDELIVERED_READ = "undelivered_read"
    DRY_RUN = "dry_run"
    SETTINGS_WRITE = "settings_write"
    AUDIT_READ = "audit_read"


class Scope(StrEnum):
    """How a role's place must lie to the thing."""

    ANYWHERE = "anywhere"
    OWN_BRANCH = "own_branch"
    IN_SCOPE = "in_scope"
    OWN_BODY = "own_body"
    #: the branch itself is the body that must answer (CHI_BO)
    BRANCH_AS_BODY = "branch_as_body"
    #: the body stands outside the party's chain: the committee's office records its letters
    OUTSIDE_BODY = "outside_body"


BRANCH_BODY = "CHI_BO"
"""Code of the body that is the branch itself."""


@dataclass(frozen=True)
class Resource:
    """What is asked for, as far as access is concerned. ``unit_path`` runs from the unit to the top."""

    unit_path: tuple[int, ...] = ()
    body_id: int | None = None
    body_code: str | None = None
    body_in_chain: bool = True
    status: str | None = None
    is_restricted: bool = False
    #: the role that decides on the request for more time, where one waits for a decision
    decider: str | None = None


@dataclass(frozen=True)
class Decision:
    """Whether it is allowed, and why or why not, in Vietnamese.

    ``acting_for`` is the account for which the person would do it; None when a role of their own allows it.
    """

    allowed: bool
    because: str
    acting_for: int | None = None

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True)
class Rule:
    """One line of the table: this role, so placed, in these states, also for restricted things or not."""

    role: Role
    scope: Scope
    statuses: frozenset[Status] | None = None
    sees_restricted: bool = False


_LEADERS = (Role.STANDING_MEMBERS, Role.STANDING_COMMITTEE)
_AT_WORK = frozenset({Status.ROUTED, Status.ACKNOWLEDGED})
_TO_ACKNOWLEDGE = frozenset({Status.ROUTED})
_TO_ASSIGN = frozenset({Status.TRIAGE, Status.ROUTED, Status.ACKNOWLEDGED})
_ANSWERED = frozenset({Status.ANSWERED})


def _body_work(statuses: frozenset[Status]) -> tuple[Rule, ...]:
    return (
        Rule(Role.OFFICIAL, Scope.OWN_BODY, statuses, sees_restricted=True),
        Rule(Role.BODY_HEAD, Scope.OWN_BODY, statuses, sees_restricted=True),
        Rule(Role.BRANCH_SECRETARY, Scope.BRANCH_AS_BODY, statuses, sees_restricted=True),
        Rule(Role.OFFICE, Scope.OUTSIDE_BODY, statuses),
    )


def _in_scope(*roles: Role) -> tuple[Rule, ...]:
    return tuple(Rule(role, Scope.IN_SCOPE) for role in roles)


RULES: Mapping[Action, tuple[Rule, ...]] = {
    Action.OWN_DESK: (),  # no role needed: see OWN
    Action.SHEET_WRITE: (Rule(Role.BRANCH_SECRETARY, Scope.OWN_BRANCH),),
    Action.MEETING_READ: (
        Rule(Role.BRANCH_SECRETARY, Scope.OWN_BRANCH, sees_restricted=True),
        Rule(Role.COMMITTEE_MEMBER, Scope.OWN_BRANCH),
        *_in_scope(Role.OFFICE, *_LEADERS, Role.INSPECTION),
    ),
    Action.RETURN_SHEET_READ: (
        Rule(Role.BRANCH_SECRETARY, Scope.OWN_BRANCH),
        *_in_scope(Role.OFFICE, *_LEADERS),
    ),
    Action.TICKET_READ: (
        Rule(Role.BRANCH_SECRETARY, Scope.OWN_BRANCH, sees_restricted=True),
        Rule(Role.OFFICIAL, Scope.OWN_BODY, sees_restricted=True),
        Rule(Role.BODY_HEAD, Scope.OWN_BODY, sees_restricted=True),
        Rule(Role.INSPECTION, Scope.IN_SCOPE, sees_restricted=True),
        Rule(Role.COMMITTEE_MEMBER, Scope.OWN_BRANCH),
        *_in_scope(Role.OFFICE, *_LEADERS),
    ),
    Action.TICKET_ACKNOWLEDGE: _body_work(_TO_ACKNOWLEDGE),
    Action.TICKET_ANSWER: _body_work(_AT_WORK),
    Action.TICKET_BOUNCE: _body_work(_AT_WORK),
    Action.TICKET_ASSIGN: (
        Rule(Role.OFFICE, Scope.IN_SCOPE, _TO_ASSIGN),
        Rule(Role.INSPECTION, Scope.IN_SCOPE, _TO_ASSIGN, sees_restricted=True),
    ),
    Action.TICKET_PAUSE: _body_work(_AT_WORK),
    Action.EXTENSION_ASK: _body_work(_AT_WORK),
    # Of these the one whom the rule for more time names: see _judge.
    Action.EXTENSION_DECIDE: (
        Rule(Role.BODY_HEAD, Scope.OWN_BODY, _AT_WORK, sees_restricted=True),
        *(Rule(role, Scope.IN_SCOPE, _AT_WORK) for role in (Role.OFFICE, *_LEADERS)),
        Rule(Role.INSPECTION, Scope.IN_SCOPE, _AT_WORK, sees_restricted=True),
    ),
    Action.VERDICT_RECORD: (Rule(Role.BRANCH_SECRETARY, Scope.OWN_BRANCH, _ANSWERED, sees_restricted=True),),
    Action.OVERVIEW_READ: _in_scope(Role.OFFICE, *_LEADERS),
    Action.ASSESSMENT_DECIDE: _in_scope(*_LEADERS),
    Action.REPORT_READ: (
        Rule(Role.BRANCH_SECRETARY, Scope.OWN_BRANCH),
        *_in_scope(Role.OFFICE, *_LEADERS, Role.INSPECTION),
    ),
    Action.REPORT_WRITE: _in_scope(Role.OFFICE),
    Action.UNDELIVERED_READ: (*_in_scope(Role.OFFICE), Rule(Role.ADMINISTRATOR, Scope.ANYWHERE)),
    Action.DRY_RUN: (*_in_scope(Role.OFFICE, *_LEADERS), Rule(Role.ADMINISTRATOR, Scope.ANYWHERE)),
    Action.SETTINGS_WRITE: (Rule(Role.ADMINISTRATOR, Scope.ANYWHERE),),
    Action.AUDIT_READ: (Rule(Role.ADMINISTRATOR, Scope.ANYWHERE), Rule(Role.INSPECTION, Scope.ANYWHERE)),
}


OWN = frozenset({Action.OWN_DESK})
"""What belongs to every account, also to one without any role: own desk, password, log-ins, notices, log-out."""


def may(actor: Actor, action: Action, resource: Resource | None = None) -> Decision:
    """Return whether the person may do it to the thing; with no thing, whether to any thing at all."""
    if action in OWN and actor.account_id is not None:
        return Decision(True, "Đây là trang của chính đồng chí.")
    asked = (
        replace(resource, decider=None) if resource and action is not Action.EXTENSION_DECIDE else resource
    )
    judged = [(_judge(grant, rule, asked), grant) for grant in actor.grants for rule in RULES[action]]
    reasons = {reason for reason, _ in judged}
    if None in reasons:
        acting = [grant.acting_for for reason, grant in judged if reason is None]
        if None in acting:
            return Decision(True, "Vai trò của đồng chí cho phép.")
        return Decision(True, "Đồng chí đang thay người vắng mặt.", acting[0])
    for sentence in (_RESTRICTED, _STATE, _ELSEWHERE):
        if sentence in reasons:
            return Decision(False, sentence)
    return Decision(False, _NO_ROLE)


_NO_ROLE = "Vai trò của đồng chí không có quyền này."
_ELSEWHERE = "Việc này thuộc đơn vị khác, ngoài phạm vi của đồng chí."
_STATE = "Trạng thái hiện tại không cho phép việc này."
_RESTRICTED = "Nội dung hạn chế, chỉ Ủy ban kiểm tra và người được giao mới xem được."


def _judge(grant: Grant, rule: Rule, resource: Resource | None) -> str | None:
    """Return None when this role allows it under this rule, else the sentence that says what stands against it."""
    if grant.role != rule.role:
        return _NO_ROLE
    if resource is None:
        return None
    if resource.decider is not None and grant.role != resource.decider:
        return _NO_ROLE
    if not _placed(grant, rule.scope, resource):
        return _ELSEWHERE
    if resource.is_restricted and not rule.sees_restricted:
        return _RESTRICTED
    if rule.statuses is not None and resource.status not in rule.statuses:
        return _STATE
    return None


def _placed(grant: Grant, scope: Scope, resource: Resource) -> bool:
    path = resource.unit_path
    own_branch = bool(path) and grant.unit_id == path[0]
    return {
        Scope.ANYWHERE: True,
        Scope.OWN_BRANCH: own_branch,
        Scope.IN_SCOPE: grant.unit_id is not None and grant.unit_id in path,
        Scope.OWN_BODY: grant.body_id is not None and grant.body_id == resource.body_id,
        Scope.BRANCH_AS_BODY: own_branch and resource.body_code == BRANCH_BODY,
        Scope.OUTSIDE_BODY: grant.unit_id in path
        and resource.body_id is not None
        and not resource.body_in_chain,
    }[scope]


@dataclass(frozen=True)
class TicketReach:
    """The tickets that a person may read, said as sets for a query: the same answer as ``may`` one by one."""

    branch_ids: tuple[int, ...]
    body_ids: tuple[int, ...]
    committee_ids: tuple[int, ...]
    restricted_committee_ids: tuple[int, ...]
    #: branches of which all but what is restricted may be read
    open_branch_ids: tuple[int, ...] = ()


def ticket_reach(actor: Actor, tree: OrgTree) -> TicketReach:
    """Return what TICKET_READ allows the person, as sets of branches, bodies and committees of the tree."""
    rules = RULES[Action.TICKET_READ]
    wide = [r for r in rules if r.scope is Scope.IN_SCOPE]
    open_roles = [r.role for r in wide]
    restricted_roles = [r.role for r in wide if r.sees_restricted]
    branch_ids, open_branch_ids = _branches(actor, Action.TICKET_READ)
    return TicketReach(
        branch_ids=branch_ids,
        body_ids=actor.bodies(),
        committee_ids=_committees(tree, actor.units(*open_roles)),
        restricted_committee_ids=_committees(tree, actor.units(*restricted_roles)),
        open_branch_ids=open_branch_ids,
    )


def _branches(actor: Actor, action: Action) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the branches that are the person's own for the action, and those of which the open part is."""
    near = [rule for rule in RULES[action] if rule.scope is Scope.OWN_BRANCH]
    whole = actor.units(*(rule.role for rule in near if rule.sees_restricted))
    followed = actor.units(*(rule.role for rule in near if not rule.sees_restricted))
    return whole, tuple(one for one in followed if one not in whole)


def _committees(tree: OrgTree, unit_ids: tuple[int, ...]) -> tuple[int, ...]:
    below = (unit for unit_id in unit_ids for unit in tree.below(unit_id))
    return tuple(dict.fromkeys(unit.id for unit in below if unit.kind != UnitKind.BRANCH))


@dataclass(frozen=True)
class MeetingReach:
    """The meeting sheets that a person may read, said as sets for a query."""

    branch_ids: tuple[int, ...]
    committee_ids: tuple[int, ...]
    #: branches of which the sheets may be read, but not what is restricted
    open_branch_ids: tuple[int, ...] = ()


def meeting_reach(actor: Actor, tree: OrgTree) -> MeetingReach:
    """Return what MEETING_READ allows the person, as sets of branches and of committees of the tree."""
    rules = RULES[Action.MEETING_READ]
    branch_ids, open_branch_ids = _branches(actor, Action.MEETING_READ)
    return MeetingReach(
        branch_ids=branch_ids,
        committee_ids=_committees(tree, actor.units(*(r.role for r in rules if r.scope is Scope.IN_SCOPE))),
        open_branch_ids=open_branch_ids,
    )
