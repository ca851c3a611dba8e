"""What a sweep says of one due ticket: the levels to climb, whom each reaches, and the rows that record it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from tracker.db.reading.deadlines import ladder, working_calendar
from tracker.db.reading.org import org_tree
from tracker.db.reading.people import holdings
from tracker.db.reading.sweeping import DueTicket
from tracker.domain.dates import local_date
from tracker.domain.errors import Invalid
from tracker.domain.escalation import Climb, Rung, climbs_due, rungs_for
from tracker.domain.recipients import Holders, Recipients, recipients
from tracker.domain.tickets import STATUS_WORDS, WITH_BODY
from tracker.services.notices import Telling


class Plan(NamedTuple):
    """What is to be written of one ticket: levels in order, each with whom it reaches."""

    ticket: DueTicket
    climbs: tuple[tuple[Climb, Recipients], ...]
    next_climb_at: datetime | None


class Judge:
    """The rules of the day, asked ticket by ticket; what many tickets share is worked out once.

    Reads what the ladder needs and no more: a worker's sweep is a new process each minute and finds nothing kept.
    """

    def __init__(self, session: Session, now: datetime) -> None:
        self._now = now
        self._on = local_date(now)
        self._tree = org_tree(session, self._on)
        self._holders = Holders.of(holdings(session, self._on))
        self._calendar = working_calendar(session, self._on)
        self._ladder = ladder(session)
        self._rungs: dict[str, tuple[Rung, ...]] = {}
        self._reached: dict[tuple[Any, ...], Recipients] = {}

    def plan(self, ticket: DueTicket, climbed: frozenset[int]) -> Plan:
        """Return what the ladder says of the ticket; one that awaits no answer climbs nothing (zammad#904)."""
        if ticket.status not in WITH_BODY:
            return Plan(ticket, (), None)
        if ticket.due_at is None:
            raise Invalid(f"{ticket.number} chưa có hạn trả lời")
        climbs, following = climbs_due(
            self._rungs_for(ticket.urgency),
            ticket.started_at,
            ticket.due_at,
            climbed,
            self._now,
            self._calendar,
        )
        return Plan(ticket, tuple((climb, self._whom(climb.rung, ticket)) for climb in climbs), following)

    def _rungs_for(self, urgency: str) -> tuple[Rung, ...]:
        if urgency not in self._rungs:
            self._rungs[urgency] = rungs_for(self._ladder, urgency, self._on)
        return self._rungs[urgency]

    def _whom(self, rung: Rung, ticket: DueTicket) -> Recipients:
        key = (rung.recipient, ticket.branch_id, ticket.body_id, ticket.is_restricted)
        if key not in self._reached:
            self._reached[key] = recipients(
                self._tree,
                self._holders,
                rung.recipient,
                branch_id=ticket.branch_id,
                body_id=ticket.body_id,
                is_restricted=ticket.is_restricted,
            )
        return self._reached[key]


def moved(plan: Plan) -> dict[str, Any]:
    """Return the ticket's new level and instant, as parameters of the update."""
    reached = max([plan.ticket.level, *(climb.level for climb, _ in plan.climbs)])
    return {"ticket": plan.ticket.id, "reached": reached, "following": plan.next_climb_at}


def escalation_rows(plan: Plan, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield a row a level, in order."""
    for climb, to in plan.climbs:
        yield {
            "ticket_id": plan.ticket.id,
            "level": climb.level,
            "rung_code": climb.rung.code,
            "due_at": plan.ticket.due_at,
            "reached_at": climb.at,
            "climbed_at": now,
            "because": why(climb, to)[:500],
        }


def event_rows(plan: Plan, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield what the timeline tells of each level."""
    for climb, to in plan.climbs:
        details = facts(plan, climb, to) | {"because": why(climb, to)}
        yield {
            "ticket_id": plan.ticket.id,
            "at": now,
            "actor_id": None,
            "act": "escalated",
            "details": details,
        }


def tellings(plan: Plan) -> Iterator[Telling]:
    """Yield one notice a person, of the highest level that reaches them: one event, one letter (escalade#213)."""
    highest = {account_id: climb for climb, to in plan.climbs for account_id in to.account_ids}
    due_at = plan.ticket.due_at
    for account_id, climb in highest.items():
        key = f"escalated:{plan.ticket.id}:{climb.level}:{due_at.isoformat() if due_at else ''}"
        sentence = f"{plan.ticket.number}: {climb.because[:1].lower()}{climb.because[1:]}"
        yield Telling(account_id, key, sentence[:300], plan.ticket.id)


def facts(plan: Plan, climb: Climb, to: Recipients) -> dict[str, Any]:
    """Return what timeline and audit chain both keep of a level: ids and codes."""
    return {
        "level": climb.level,
        "rung": climb.rung.code,
        "due_at": plan.ticket.due_at.isoformat() if plan.ticket.due_at else None,
        "role": to.role,
    }


def why(climb: Climb, to: Recipients) -> str:
    """Return why the level is climbed and why it reaches these."""
    return f"{climb.because} {to.because}"


def quiet(ticket: DueTicket) -> str:
    """Return why a ticket that was found climbs nothing."""
    if ticket.status not in WITH_BODY:
        return f"Không đôn đốc: kiến nghị ở trạng thái “{STATUS_WORDS[ticket.status]}”."
    return "Chưa tới bậc đôn đốc nào theo thang hiện hành."
