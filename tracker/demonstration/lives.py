"""Simulated concerns after their filing: triage, acknowledgement, answer, "not ours", and the branch's verdict."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from tracker.demonstration.meetings import Held
from tracker.demonstration.org import Row
from tracker.demonstration.pausing import Pausing
from tracker.demonstration.texts import content
from tracker.domain.climbs import Climb
from tracker.domain.dates import date_words, local_date
from tracker.domain.text import fold
from tracker.domain.tickets import Move, Status, Urgency, next_status
from tracker.domain.time_limits import Clock

NEAR = 3
"""So many words in common, and an answer speaks of the same thing."""

COMMON = frozenset(
    [
        "da",
        "cac",
        "va",
        "de",
        "nghi",
        "cho",
        "co",
        "khong",
        "ngay",
        "truoc",
        "trong",
        "cua",
        "tu",
        "den",
        "la",
        "o",
        "thi",
        "ma",
        "lai",
        "phai",
        "duoc",
        "mot",
        "hai",
        "{d}",
        "{p}",
        "chi",
        "bo",
        "phuong",
        "ba",
        "con",
        "don",
        "vi",
        "gui",
        "tai",
        "nay",
        "vi",
        "nguoi",
        "ho",
        "khu",
        "nhieu",
        "lam",
        "xong",
        "sau",
        "moi",
    ]
)


class Life(Pausing):
    """One concern's life; nothing happens at or after the world's moment."""

    def run(self) -> int:
        """Live until the branch accepts or the moment comes; return the ticket's id."""
        self.at = self.held.submitted_at
        self._file()
        while self.row["status"] != Status.ACCEPTED:
            if self.row["status"] == Status.ANSWERED:
                going_on = self._bring_back()
            elif self.row["status"] == Status.TRIAGE:
                going_on = self._triage()
            else:
                going_on = self._work()
            if not going_on:
                break
        self._climb(self.world.moment, is_running=True)
        if self.row["status"] not in (Status.TRIAGE, Status.ROUTED, Status.ACKNOWLEDGED):
            self.row["due_at"] = (
                None if self.row["resolved_on_spot"] and self.round == 1 else self.row["due_at"]
            )
        return int(self.row["id"])

    def _climb(self, until: datetime, *, is_running: bool = False) -> None:
        """Climb all levels that the running clocks reach up to ``until``; keep the next instants at the end."""
        found: list[tuple[datetime, int, Row, Climb]] = []
        for clock in self.clocks:
            if clock["met_at"] or clock["stopped_at"]:
                continue
            climbs, following = self._ahead(clock, until)
            paused_until = self.paused_until if clock["kind"] == Clock.ANSWER else None
            clock["next_at"] = (paused_until or following) if is_running else None
            for climb in climbs:
                swept = min(climb.at + timedelta(seconds=self.world.dice.randint(2, 58)), until)
                found.append((swept, len(found), clock, climb))
        for swept, _, clock, climb in sorted(found, key=lambda one: one[:2]):
            self._record_climb(clock, climb, swept)

    def _record_climb(self, clock: Row, climb: Climb, swept: datetime) -> None:
        kind, role, rung = clock["kind"], climb.rung.recipient, climb.rung.code
        self._escalation(climb, clock["due_at"], swept, kind)
        due = clock["due_at"].astimezone(UTC).isoformat()
        facts = {"clock": kind, "level": climb.level, "rung": rung, "due_at": due, "role": role}
        self._event("escalated", None, at=swept, because=climb.because, **facts)
        key = f"escalated:{self.row['id']}:{'' if kind == 'answer' else f'{kind}:'}{climb.level}:{due}"
        self._notice(self._recipient(role), key, climb.because[:1].lower() + climb.because[1:], swept)

    # -- what people do -------------------------------------------------------------------------------------

    def _triage(self) -> bool:
        """The office finds the body within a day or two; return False when the moment came first."""
        proposed = self.row["proposed_body_id"]
        at = self._later(1, 30) if self.world.dice.chance(0.65) else self._later(40, 200)
        if at >= self.world.moment:
            return False
        self._climb(at)
        self.at = at
        bodies = self.world.org.bodies.values()
        found = next((body for body in bodies if body.id == proposed), None)
        self.body = found or self.world.org.body(self.concern.body, self.held.branch)
        self.row["category"] = self.concern.category
        reason = "theo nội dung kiến nghị"
        self._move(Move.ASSIGN, self.held.branch.committee.office, body=self.body.id, reason=reason)
        self.row.update(body_id=self.body.id, proposed_body_id=None, rule_code=None)
        self.row["because"] = [
            f"Văn phòng {self.held.branch.committee.name} chuyển {self.body.name}: {reason}"
        ]
        self._end("met_at", "route")
        self._start(Clock.ACKNOWLEDGE)
        key = f"assigned:{self.row['id']}:{self.row['version']}"
        self._notice(self.body.official, key, "được chuyển tới đơn vị", at)
        return True

    def _work(self) -> bool:
        """The body acknowledges, passes on or answers; return False when the moment came first."""
        body, dice = self._body_now(), self.world.dice
        if self.row["status"] == Status.ROUTED:
            at = self._later(1, 34) if dice.chance(0.93) else self._later(60, 140)
            if at >= self.world.moment:
                return False
            ways = content().bounces.get((body.code, self.concern.category), ())
            true = [way for way in ways if way.fits(self.row["text"])]
            if true and self._sends_back():
                way = dice.pick(true)
                return self._bounce(at, way.target, way.reason)
            if dice.chance(0.9):
                self._climb(at)
                self.at = at
                self._move(Move.ACKNOWLEDGE, body.official)
                self._end("met_at", "acknowledge")
                if not self._needs_time():
                    return False
        return self._answer()

    def _sends_back(self) -> bool:
        """Let chance say whether the body says "not ours"; a second time more often, so that some are seen."""
        times = self.row["bounce_count"]
        return self.world.dice.chance(0.3) if times == 0 else times == 1 and self.world.turns.chance(0.6)

    def _bounce(self, at: datetime, target: str, reason: str) -> bool:
        assert self.body is not None
        self._climb(at)
        self.at = at
        proposed = self.world.org.body(target, self.held.branch)
        self._move(Move.BOUNCE, self.body.official, reason=reason, body=self.body.id, proposed=proposed.id)
        self.row["bounce_count"] += 1
        self.row.update(body_id=None, proposed_body_id=proposed.id)
        self.body = None
        self._end("stopped_at", "acknowledge")
        self._start(Clock.ROUTE)
        times = self.row["bounce_count"]
        level = self.world.timing.bounced(self.row["urgency"], at, self.row["level"], times)
        if level > self.row["level"]:
            because, event = (
                f"Đã {times} lần bị báo không thuộc thẩm quyền.",
                f"bounced_up:{self.row['id']}:{times}",
            )
            self._rise(level, because, event, "bị báo không thuộc thẩm quyền lần nữa")
        return True

    def _answer(self) -> bool:
        assert self.body is not None
        clock, dice = self._answer_clock(), self.world.dice
        share = (
            self.body.pace * dice.lognormvariate(-0.5, 0.45) if dice.chance(0.968) else dice.between(2, 16)
        )
        wanted = clock["started_at"] + timedelta(
            seconds=int((clock["due_at"] - clock["started_at"]).total_seconds() * share)
        )
        at = self.world.timing.office_time(max(wanted, self.at + timedelta(minutes=dice.randint(20, 300))))
        if at >= self.world.moment:
            return False
        self._climb(at)
        self.at = at
        quality = self._quality(at > clock["due_at"])
        text = self._answer_text(quality)
        self._move(Move.ANSWER, self.body.official, text=text)
        self._end("met_at", "acknowledge", "answer")
        self._start(Clock.BRING_BACK)
        self.row["first_answered_at"] = self.row["first_answered_at"] or at
        self._response(text, self.body.official, quality=quality)
        key = f"answered:{self.row['id']}:{self.row['reopened_count']}"
        secretary = self.held.branch.secretary
        self._notice(secretary, key, "đã có trả lời để báo lại chi bộ", self.at)
        return True

    def _quality(self, is_late: bool) -> str:
        dice = self.world.dice
        if is_late and dice.chance(0.6):
            return "late"
        return "vague" if dice.chance(0.3 if self.round == 1 else 0.08) else "good"

    def _answer_text(self, quality: str) -> str:
        """Return an answer of that quality that the branch has not heard yet, the nearest to what was said."""
        category, answers, dice = self.concern.category, content().answers, self.world.dice
        # A branch that hears the same sentence twice is hardly believable; one concern never gets it twice.
        heard = self.world.answered.setdefault(self.held.branch.id, set())
        own = [text for text in answers.get((category, quality), ()) if text not in heard]
        said = _words(self.concern.text)
        fitting = [(len(said & _words(text)), text) for text in own]
        best = max((shared for shared, _ in fitting), default=0)
        if best >= NEAR or (own and quality != "good" and dice.chance(0.5)):
            found = dice.pick([text for shared, text in fitting if shared == best])
        else:
            free = [text for text in answers["any", quality] if text not in self.given]
            unused = [text for text in free if text not in heard] or free
            # After so many refusals everything has been said: the next answer says that it is one more.
            again = f"Trả lời bổ sung lần {self.round}: {dice.pick(answers['any', 'good'])}"
            found = dice.pick(unused) if unused else again
        self.given.append(found)
        heard.add(found)
        day = local_date(self.at) + timedelta(days=dice.randint(-3, 20))
        place = self.row["place"].split(",")[0] or "nơi chi bộ nêu"
        return found.replace("{p}", place).replace("{d}", date_words(day))

    def _bring_back(self) -> bool:
        """The secretary reads the answer out in the next regular meeting, or the one after it."""
        dice = self.world.dice
        told = self.world.next_meeting(self.held.branch, max(self.at, self.held.row["ends_at"]))
        if told is not None and dice.chance(0.12):
            told = self.world.next_meeting(self.held.branch, told.row["ends_at"])
        if told is None:
            return False
        self._climb(told.submitted_at)
        self.at = told.submitted_at
        self._end("met_at", "bring_back")
        response = self.world.org.tables["response"][-1]
        accepts = dice.chance({"good": 0.93, "late": 0.84, "vague": 0.45}[self.quality])
        reason = "" if accepts else str(dice.pick(content().refusals))
        response.update(told_meeting_id=told.id, is_accepted=accepts, verdict_reason=reason)
        if accepts:
            self.row["accepted_at"] = self.at
            self._move(Move.ACCEPT, told.branch.secretary, meeting=told.id)
        else:
            self._reopen(told, reason)
        return True

    def _reopen(self, told: Held, reason: str) -> None:
        """The branch was not content: a new round begins, one level up."""
        self.row["reopened_count"] += 1
        self.row["answered_at"] = None
        self.round += 1
        urgency, times = self.row["urgency"], self.row["reopened_count"]
        raised = self.world.timing.reopened(urgency, self.at, self.row["level"], times)
        self.row["level"] = raised
        self._move(Move.REJECT, told.branch.secretary, reason=reason, meeting=told.id, level=raised)
        self.pauses = ()
        self._start_clocks()
        self.climbed["answer"] = frozenset()
        because = f"Chi bộ chưa đồng ý với câu trả lời (lần {times})."
        key = f"reopened:{self.row['id']}:{times}"
        self._rise(raised, because, key, "chi bộ chưa đồng ý với câu trả lời")

    # -- small things ---------------------------------------------------------------------------------------

    def _later(self, low: float, high: float) -> datetime:
        hours = (low * 0.1, high * 0.1) if self.row["urgency"] == Urgency.KHAN else (low, high)
        return self.world.timing.office_time(self.world.dice.later(self.at, *hours))

    def _move(self, move: Move, actor: int, **details: Any) -> None:
        """Move the ticket on by the table of states and write down the act."""
        before = self.row["status"]
        self.row["status"] = next_status(before, move, has_body=self.body is not None).value
        self.row["version"] += 1
        states = {"from": before, "to": self.row["status"]}
        self._event(move.value, actor, **details, **states)


@cache
def _words(text: str) -> frozenset[str]:
    """Return the words of a text that say something: folded, without the small ones that stand everywhere."""
    return frozenset(fold(text).replace(",", " ").replace(".", " ").split()) - COMMON
