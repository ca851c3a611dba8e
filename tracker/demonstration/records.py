"""The rows of one simulated concern as they come to be: events, clocks, answers, climbs and notices."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tracker.demonstration.meetings import Held
from tracker.demonstration.org import Body, Row
from tracker.demonstration.texts import ConcernText
from tracker.demonstration.world import World
from tracker.domain.climbs import Climb
from tracker.domain.pauses import Pause

NOTICED = timedelta(days=21)
"""Notices older than this at the moment are left out: nobody would look for them."""

READ = timedelta(days=4)
"""Notices older than this have been read."""


@dataclass
class Record:
    """One concern's rows. ``at`` is the simulated now."""

    world: World
    held: Held
    position: int
    concern: ConcernText
    at: datetime = field(init=False)
    row: Row = field(init=False, default_factory=dict)
    body: Body | None = field(init=False, default=None)
    round: int = field(init=False, default=1)
    #: levels recorded for the running clock of a kind
    climbed: dict[str, frozenset[int]] = field(init=False, default_factory=dict)
    #: answers already given, as their patterns
    given: list[str] = field(init=False, default_factory=list)
    #: its clocks so far
    clocks: list[Row] = field(init=False, default_factory=list)
    #: what was paused of the running answer clock, and until when it still is
    pauses: tuple[Pause, ...] = field(init=False, default=())
    paused_until: datetime | None = field(init=False, default=None)
    #: how good the last answer was
    quality: str = field(init=False, default="good")

    def _body_now(self) -> Body:
        """Return the body that has the ticket."""
        assert self.body is not None, "without a body it waits for the office"
        return self.body

    def _clock(self, kind: str, rule: str, due: datetime) -> None:
        """Start a clock of this round now."""
        self.world.org.add(
            "clock",
            ticket_id=self.row["id"],
            kind=kind,
            round=self.round,
            rule_code=rule,
            started_at=self.at,
            due_at=due,
            is_fixed=False,
            next_at=None,
            met_at=None,
            stopped_at=None,
        )
        self.clocks.append(self.world.org.tables["clock"][-1])
        self.climbed[kind] = frozenset()

    def _running(self, kind: str) -> Row | None:
        """Return the ticket's running clock of the kind."""
        return next(
            (row for row in self.clocks if row["kind"] == kind and not (row["met_at"] or row["stopped_at"])),
            None,
        )

    def _end(self, column: str, *kinds: str) -> None:
        """Note that these clocks were met, or stopped, now."""
        for kind in kinds:
            running = self._running(kind)
            if running is not None:
                running[column], running["next_at"] = self.at, None

    def _answer_clock(self) -> Row:
        running = self._running("answer")
        assert running is not None, "whoever waits for an answer has a clock"
        return running

    def _escalation(self, climb: Climb, due_at: datetime, climbed_at: datetime, kind: str) -> None:
        self.climbed[kind] = self.climbed.get(kind, frozenset()) | {climb.level}
        if kind == "answer":
            self.row["level"] = max(self.row["level"], climb.level)
        self.world.org.add(
            "escalation",
            ticket_id=self.row["id"],
            clock=kind,
            level=climb.level,
            rung_code=climb.rung.code,
            due_at=due_at,
            reached_at=climb.at,
            climbed_at=climbed_at,
            because=climb.because,
        )

    def _recipient(self, role: str) -> int:
        """Return who stands on the rung, as ``domain.recipients`` would: no body, and it is the office's."""
        committee = self.held.branch.committee
        if role == "branch_secretary":
            return self.held.branch.secretary
        if role == "office":
            return committee.inspection if self.row["is_restricted"] else committee.office
        if role == "standing_committee":
            return committee.standing_committee
        if role == "committee_member":
            if self.row["is_restricted"]:
                return committee.inspection
            return self.held.branch.follower or committee.standing_members
        if role == "standing_members" or (role == "body_head" and self.body is None):
            return committee.standing_members
        if self.body is None:
            return committee.inspection if self.row["is_restricted"] else committee.office
        return self.body.head if role == "body_head" else self.body.official

    def _notice(self, account: int, event: str, words: str, at: datetime) -> None:
        """Tell a person in the application, as the services do: number and what happened, never the words."""
        moment = self.world.moment
        if moment - at > NOTICED:
            return
        self.world.org.add(
            "notice",
            account_id=account,
            event_key=event,
            ticket_id=self.row["id"],
            report_id=None,
            sentence=f"{self.row['number']}: {words}",
            created_at=at,
            read_at=min(at + timedelta(hours=9), moment) if moment - at > READ else None,
            mail_state="none",
            attempts=0,
            next_try_at=None,
            sent_at=None,
            last_error="",
        )

    def _response(self, text: str, by: int, *, settled_by: str = "", quality: str = "good") -> None:
        self.row["answered_at"] = self.at
        self.quality = quality
        self.world.org.add(
            "response",
            ticket_id=self.row["id"],
            round=self.round,
            text=text,
            body_id=self.row["body_id"],
            answered_by=by,
            settled_by=settled_by,
            answered_at=self.at,
            told_meeting_id=None,
            is_accepted=None,
            verdict_reason="",
        )

    def _event(self, act: str, actor: int | None, *, at: datetime | None = None, **details: Any) -> None:
        self.world.org.add(
            "ticket_event",
            ticket_id=self.row["id"],
            at=at or self.at,
            actor_id=actor,
            act=act,
            details=details,
        )
