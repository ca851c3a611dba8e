"""A simulated body that needs more time: it pauses with a promised day, or asks for an extension that is decided."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tracker.demonstration.filing import Filing
from tracker.demonstration.org import Row
from tracker.demonstration.texts import content
from tracker.domain.climbs import Climb
from tracker.domain.dates import local_date, midnight
from tracker.domain.extension_rules import ExtensionRule, choose_extension_rule
from tracker.domain.extensions import Extension
from tracker.domain.pauses import Pause
from tracker.domain.tickets import Urgency
from tracker.domain.time_limits import Clock, LimitUnit

PAUSES, ASKS = 0.13, 0.15
"""How often a body pauses, and how often it asks for more time."""

LATELY, MORE = timedelta(days=7), 2.2
"""Of what came in so lately this is more often, so that some still lasts or waits when the data is looked at."""


class Pausing(Filing):
    """What moves an answer's due time. Only in a first round in which nothing has climbed yet."""

    def _needs_time(self) -> bool:
        """Let the body pause or ask for more time, if chance will; return False when the moment comes meanwhile."""
        throw = self.world.turns.random()
        if self.round > 1 or self.row["raised_count"] > 1 or self.row["urgency"] == Urgency.KHAN:
            return True
        often = MORE if self.world.moment - self.at < LATELY else 1.0
        if throw < PAUSES * often:
            return self._pause()
        return self._ask() if throw < (PAUSES + ASKS) * often else True

    def _turn(self, low: float, high: float) -> datetime:
        """Return an instant in working hours so many hours from now, by a chance that moves no other life."""
        return self.world.timing.office_time(self.world.turns.later(self.at, low, high))

    def _fits(self, at: datetime) -> bool:
        """Return whether the answer's clock can be acted on then: not yet due, and nothing climbed before."""
        clock = self._answer_clock()
        climbs, _ = self._ahead(clock, at)
        is_open = at < min(clock["due_at"], self.world.moment)
        return is_open and not climbs and not self.climbed.get("answer")

    def _ahead(self, clock: Row, until: datetime) -> tuple[list[Climb], datetime | None]:
        kind, start, due = clock["kind"], clock["started_at"], clock["due_at"]
        climbed = self.climbed.get(kind, frozenset())
        pauses = self.pauses if kind == Clock.ANSWER else ()
        return self.world.timing.climbs(self.row["urgency"], start, due, climbed, until, kind, pauses)

    # -- a pause --------------------------------------------------------------------------------------------

    def _pause(self) -> bool:
        begins = self._turn(2, 60)
        if not self._fits(begins):
            return True
        self.at, turns, clock = begins, self.world.turns, self._answer_clock()
        day = midnight(local_date(begins) + timedelta(days=turns.randint(4, 14)))
        promised = self.world.timing.rules.calendar.next_open(day)
        reason, official = turns.pick(content().waiting["pause"]), self._body_now().official
        self.world.org.add(
            "pause",
            ticket_id=self.row["id"],
            clock_id=clock["id"],
            begins_at=begins,
            promised_at=promised,
            ended_at=None,
            reason=reason,
            account_id=official,
            ended_by=None,
        )
        row = self.world.org.tables["pause"][-1]
        self._move_due([Pause(begins, promised)], [])
        self._note("pause", official, reason=reason, until=_iso(promised), **self._dates)
        key = f"paused:{self.row['id']}:{self.row['version']}"
        words = "đơn vị xin tạm dừng, có hẹn ngày làm tiếp"
        self._notice(self.held.branch.secretary, key, words, begins)
        return self._go_on(row)

    def _go_on(self, row: Row) -> bool:
        """End the pause early or on its day; return False when it still lasts at the moment."""
        begins, promised, official = row["begins_at"], row["promised_at"], row["account_id"]
        early = self._turn(20, 80)
        if early < min(promised, self.world.moment) and self.world.turns.chance(0.3):
            self.at = row["ended_at"] = early
            row["ended_by"] = official
            self._move_due([Pause(begins, early)], [])
            self._note("resume", official, **self._dates)
            return True
        if promised >= self.world.moment:
            self.paused_until = promised
            return False
        row["ended_at"] = promised
        self.at = min(promised + timedelta(seconds=self.world.turns.randint(2, 58)), self.world.moment)
        self._event("pause_over", None)
        self._notice(
            official, f"pause_over:{row['id']}", "hết thời gian tạm dừng, thời hạn chạy tiếp", promised
        )
        return True

    # -- more time ------------------------------------------------------------------------------------------

    def _ask(self) -> bool:
        rules, turns, at = self.world.timing.rules.extension_rules, self.world.turns, self._turn(3, 60)
        rule = choose_extension_rule(rules, self.row["category"], self.row["urgency"], local_date(at))
        if rule is None or rule.unit is not LimitUnit.WORKING_DAYS or not self._fits(at):
            return True
        self.at, clock, official = at, self._answer_clock(), self._body_now().official
        wanted = Extension(turns.randint(2, rule.max_amount), rule.unit)
        reason = turns.pick(content().waiting["extension"])
        self.world.org.add(
            "extension",
            ticket_id=self.row["id"],
            clock_id=clock["id"],
            asked_at=at,
            asked_by=official,
            reason=reason,
            amount=wanted.amount,
            unit=str(wanted.unit),
            state="asked",
            decided_at=None,
            decided_by=None,
            decision_reason="",
            old_due_at=clock["due_at"],
            new_due_at=None,
        )
        self._start(Clock.EXTENSION)
        self._note("extension_asked", official, reason=reason, amount=wanted.words)
        key = f"extension_asked:{self.row['id']}:{self.row['version']}"
        self._notice(self._decider(rule), key, "đơn vị đề nghị gia hạn", at)
        return self._decide(self.world.org.tables["extension"][-1], wanted, rule)

    def _decide(self, row: Row, wanted: Extension, rule: ExtensionRule) -> bool:
        """Let whom the rule names decide; return False when nobody has at the moment."""
        turns, at = self.world.turns, self._turn(8, 100)
        if at >= self.world.moment:
            return False
        if not self._fits(at):
            at = self.world.timing.office_time(self.at + timedelta(minutes=40))
        self.at, is_granted = at, turns.chance(0.7)
        state = "granted" if is_granted else "refused"
        reason = turns.pick(content().waiting[state])
        row.update(state=state, decided_at=at, decided_by=self._decider(rule), decision_reason=reason)
        self._end("met_at", "extension")
        dates = {}
        if is_granted:
            self._move_due([], [wanted])
            row["new_due_at"], dates = self.row["due_at"], self._dates
        self._note(f"extension_{state}", row["decided_by"], reason=reason, **dates)
        words = "được gia hạn trả lời" if is_granted else "không được gia hạn trả lời"
        key = f"extension:{self.row['id']}:{self.row['version']}"
        told = (row["asked_by"], self.held.branch.secretary) if is_granted else (row["asked_by"],)
        for account in dict.fromkeys(told):
            self._notice(account, key, words, at)
        return True

    def _decider(self, rule: ExtensionRule) -> int:
        """Return who decides: of what is restricted the inspection commission, as ``services.ticket_acts`` says."""
        is_inspection = self.row["is_restricted"]
        return self.held.branch.committee.inspection if is_inspection else self._recipient(rule.decider)

    # -- small things ---------------------------------------------------------------------------------------

    def _move_due(self, pauses: list[Pause], extensions: list[Extension]) -> None:
        clock = self._answer_clock()
        self._dates = {"old_due_at": _iso(clock["due_at"])}
        due = self.world.timing.moved(clock["rule_code"], clock["started_at"], pauses, extensions)
        clock["due_at"] = self.row["due_at"] = due
        self._dates["due_at"] = _iso(due)
        self.pauses = tuple(pauses)

    def _note(self, act: str, actor: int, **details: Any) -> None:
        self.row["version"] += 1
        self._event(act, actor, **details)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
