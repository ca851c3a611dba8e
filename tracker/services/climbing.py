"""What a sweep says of one due clock: the levels to climb, whom each reaches, and the rows that record it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from tracker.db.reading.deadlines import calendars, ladder
from tracker.db.reading.org import org_tree
from tracker.db.reading.people import holdings
from tracker.db.reading.sweeping import DueClock
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.climbs import Climb, Ladder, climbs_due, ladder_from
from tracker.domain.dates import local_date
from tracker.domain.deadlines import Pause
from tracker.domain.recipients import Holders, Recipients, recipients
from tracker.domain.tickets import CLOCK_RUNS_IN, STATUS_WORDS, Urgency
from tracker.domain.time_limits import Clock
from tracker.services.notices import Telling


class Rise(NamedTuple):
    """One level to be climbed by one ticket: when the ladder says so, whom it reaches, and why in words."""

    climb: Climb
    to: Recipients
    because: str


class Plan(NamedTuple):
    """What is to be written of one clock: its pause ended, levels in order, and when it is next looked at."""

    clock: DueClock
    rises: tuple[Rise, ...]
    next_at: datetime | None
    ends_pause: bool = False
    #: who is told that the pause is over
    resumed: Recipients | None = None


class Judge:
    """The rules of the day, asked clock by clock; what many clocks share is worked out once.

    Reads what the ladder needs and no more: a worker's sweep is a new process each minute and finds nothing kept.
    """

    def __init__(self, session: Session, now: datetime) -> None:
        self._now = now
        self._on = local_date(now)
        self._tree = org_tree(session, self._on)
        self._holders = Holders.of(holdings(session, self._on))
        self._calendars = calendars(session, self._tree)
        self._calendar: dict[tuple[str, int, int | None], WorkingCalendar] = {}
        self._rungs = ladder(session)
        self._ladders: dict[tuple[str, str, str | None, date], Ladder] = {}
        self._alike: dict[Ladder, Ladder] = {}
        self._climbs: dict[tuple[Any, ...], tuple[tuple[Climb, ...], datetime | None]] = {}
        self._reached: dict[tuple[Any, ...], Recipients] = {}
        self._rises: dict[tuple[Any, ...], tuple[Rise, ...]] = {}

    @property
    def calendar(self) -> WorkingCalendar:
        """The nation's calendar; raises Invalid when its hours leave no open time or overlap."""
        return self._calendars.national

    def plan(self, clock: DueClock, climbed: frozenset[int], pauses: Sequence[Pause] = ()) -> Plan:
        """Return what the ladder says of the clock; one whose ticket awaits nothing of it is quiet (zammad#904).

        A paused one is quiet till the day that was promised (glpi#24481), and then the pause ends by itself.
        """
        if clock.status not in CLOCK_RUNS_IN[clock.kind]:
            return Plan(clock, (), None)
        if clock.promised_at is not None and clock.promised_at > self._now:
            return Plan(clock, (), clock.promised_at)
        climbs, following = self._due(clock, climbed, tuple(pauses))
        rises = self._rises_of(clock, climbs)
        if clock.promised_at is None:
            return Plan(clock, rises, following)
        return Plan(clock, rises, following, True, self._whom("official", clock))

    def _due(
        self, clock: DueClock, climbed: frozenset[int], pauses: tuple[Pause, ...]
    ) -> tuple[tuple[Climb, ...], datetime | None]:
        steps = self._ladder_of(clock)
        reached = clock.level if clock.kind == Clock.ANSWER else 0
        calendar = self._calendar_of(clock)
        key = (id(steps), id(calendar), clock.started_at, clock.due_at, climbed, reached, pauses)
        found = self._climbs.get(key)
        if found is None:
            found = self._climbs[key] = climbs_due(
                steps,
                clock.started_at,
                clock.due_at,
                climbed,
                self._now,
                calendar,
                reached=reached,
                pauses=pauses,
            )
        return found

    def _calendar_of(self, clock: DueClock) -> WorkingCalendar:
        key = (clock.kind, clock.branch_id, clock.body_id)
        found = self._calendar.get(key)
        if found is None:
            found = self._calendar[key] = self._calendars.of_clock(*key)
        return found

    def _ladder_of(self, clock: DueClock) -> Ladder:
        """Return the clock's ladder since the day on which it should have been looked at: what a sweep missed
        is climbed by the rungs of then, so that a long stop changes nothing. One object for all that are alike.
        """
        on = local_date(min(clock.next_at, clock.fails_since or clock.next_at))
        key = (clock.kind, clock.urgency, clock.category, on)
        found = self._ladders.get(key)
        if found is None:
            found = ladder_from(self._rungs, clock.urgency, on, clock=clock.kind, category=clock.category)
            found = self._ladders[key] = self._alike.setdefault(found, found)
        return found

    def _rises_of(self, clock: DueClock, climbs: tuple[Climb, ...]) -> tuple[Rise, ...]:
        if not climbs:
            return ()
        key = (id(climbs), clock.branch_id, clock.body_id, clock.is_restricted)
        found = self._rises.get(key)
        if found is None:
            reached = [self._whom(climb.rung.recipient, clock) for climb in climbs]
            found = self._rises[key] = tuple(
                Rise(climb, to, f"{climb.because} {to.because}"[:500])
                for climb, to in zip(climbs, reached, strict=True)
            )
        return found

    def _whom(self, recipient: str, clock: DueClock) -> Recipients:
        key = (recipient, clock.branch_id, clock.body_id, clock.is_restricted)
        if key not in self._reached:
            self._reached[key] = recipients(
                self._tree,
                self._holders,
                recipient,
                branch_id=clock.branch_id,
                body_id=clock.body_id,
                is_restricted=clock.is_restricted,
            )
        return self._reached[key]


def reached_level(plan: Plan) -> int | None:
    """Return the ticket's new level, None when it stays: levels of the answer's ladder alone are the ticket's."""
    if plan.clock.kind != Clock.ANSWER or not plan.rises:
        return None
    level = max(rise.climb.level for rise in plan.rises)
    return level if level > plan.clock.level else None


def escalation_rows(plan: Plan, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield a row a level, in order."""
    for rise in plan.rises:
        yield {
            "ticket_id": plan.clock.ticket_id,
            "clock": plan.clock.kind,
            "level": rise.climb.level,
            "rung_code": rise.climb.rung.code,
            "due_at": plan.clock.due_at,
            "reached_at": rise.climb.at,
            "climbed_at": now,
            "because": rise.because,
        }


def event_rows(plan: Plan, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield what the timeline tells: a pause that ended by itself, then each level."""
    common = {"ticket_id": plan.clock.ticket_id, "at": now, "actor_id": None}
    if plan.ends_pause:
        yield common | {"act": "pause_over", "details": {"pause": plan.clock.pause_id}}
    for rise in plan.rises:
        yield common | {"act": "escalated", "details": {**facts(plan, rise), "because": rise.because}}


def tellings(plan: Plan) -> Iterator[Telling]:
    """Yield one notice a person, of the highest level that reaches them: one event, one letter (escalade#213)."""
    is_urgent = plan.clock.urgency == Urgency.KHAN
    highest = {account_id: rise for rise in plan.rises for account_id in rise.to.account_ids}
    for account_id, rise in highest.items():
        because = rise.climb.because
        yield Telling(
            account_id,
            f"escalated:{plan.clock.ticket_id}:{_named(plan.clock.kind)}{rise.climb.level}:{_at(plan.clock.due_at)}",
            f"{plan.clock.number}: {because[:1].lower()}{because[1:]}"[:300],
            plan.clock.ticket_id,
            is_urgent=is_urgent,
        )
    if plan.resumed is not None:
        for account_id in plan.resumed.account_ids:
            sentence = f"{plan.clock.number}: hết thời gian tạm dừng, thời hạn trả lời chạy tiếp"
            key = f"pause_over:{plan.clock.pause_id}"
            yield Telling(account_id, key, sentence, plan.clock.ticket_id, is_urgent=is_urgent)


def _named(kind: str) -> str:
    return "" if kind == Clock.ANSWER else f"{kind}:"


_ISO: dict[datetime, str] = {}


def _at(due_at: datetime) -> str:
    """Return the time as records write it; many tickets of a sweep share it."""
    if len(_ISO) > 5000:
        _ISO.clear()
    found = _ISO.get(due_at)
    if found is None:
        found = _ISO[due_at] = due_at.isoformat()
    return found


def facts(plan: Plan, rise: Rise) -> Mapping[str, Any]:
    """Return what timeline and audit chain both keep of a level: ids and codes."""
    return {
        "clock": plan.clock.kind,
        "level": rise.climb.level,
        "rung": rise.climb.rung.code,
        "due_at": _at(plan.clock.due_at),
        "role": rise.to.role,
    }


def quiet(plan: Plan) -> str:
    """Return why a clock that was found climbs nothing."""
    clock = plan.clock
    if clock.status not in CLOCK_RUNS_IN[clock.kind]:
        return f"Không đôn đốc: kiến nghị ở trạng thái “{STATUS_WORDS[clock.status]}”."
    if clock.promised_at is not None and not plan.ends_pause:
        return "Không đôn đốc: đang tạm dừng."
    if plan.ends_pause:
        return "Hết thời gian tạm dừng: thời hạn chạy tiếp."
    return "Chưa tới bậc đôn đốc nào theo thang hiện hành."
