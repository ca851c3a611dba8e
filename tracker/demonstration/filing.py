"""A simulated concern is filed: its ticket, the reasons for its body, its clocks, what was settled on the spot."""

from datetime import UTC, datetime

from tracker.demonstration.org import Body, Branch
from tracker.demonstration.places import person
from tracker.demonstration.records import Record
from tracker.demonstration.texts import ConcernText, content
from tracker.domain.climbs import Climb
from tracker.domain.org import BranchType
from tracker.domain.routing import Suggestion, suggest
from tracker.domain.text import fold
from tracker.domain.tickets import (
    FIRST_CLOCKS,
    ConcernKind,
    RaiserKind,
    first_status,
    raised_words,
    ticket_number,
)
from tracker.domain.time_limits import Clock

RESTRICTED = frozenset({"can_bo", "tu_tuong"})
"""Categories whose concerns few may see (domain.md §4.5)."""

ASKED_FOR_SECRECY = ("giu kin", "bao rieng", "khong neu ten", "phan anh kin")

CHOOSES_ITSELF = 0.1
"""How often the branch itself chooses a body where the rules can't decide; the rest waits for the office."""

RAISED_THRICE, RAISED_TWICE = 0.012, 0.06
"""How often a concern was raised in three meetings already, and how often in two or three."""

KINDS = (
    (ConcernKind.PETITION,) * 5 + (ConcernKind.REPORT,) * 4 + (ConcernKind.OPINION, ConcernKind.SUGGESTION)
)
RAISERS = (RaiserKind.MEMBER,) * 5 + (RaiserKind.NON_MEMBER,) * 3 + (RaiserKind.SEVERAL,) * 2


class Filing(Record):
    """The beginning of a concern's life."""

    def _file(self) -> None:
        dice, org, branch = self.world.dice, self.world.org, self.held.branch
        place = dice.pick(content().places)
        text = self._said(place)
        is_restricted = self._is_restricted(text)
        on_spot = not is_restricted and self.concern.category in content().on_the_spot and dice.chance(0.12)
        plain = self._suggestion(text)
        undecided = plain is None or plain.body is None
        # What the words alone would restrict wrongly, the branch places itself.
        chosen = bool(plain and plain.restricted) or dice.chance(CHOOSES_ITSELF)
        has_body = on_spot or is_restricted or not undecided or chosen
        proposed = org.body(self.concern.body, branch)
        self.body = proposed if has_body else None
        because, rule_code = self._because(text, proposed, has_body)
        values = {
            "number": self._number(is_restricted),
            "meeting_id": self.held.id,
            "position": self.position,
            "branch_id": branch.id,
            "committee_id": branch.committee.id,
            "kind": dice.pick(KINDS).value,
            "raiser_kind": dice.pick(RAISERS).value,
            "category": self.concern.category if has_body else plain and plain.category,
            "urgency": self.concern.urgency,
            "is_restricted": is_restricted,
            "place": _place(place if "{p}" in self.concern.text else "", branch),
            "text": text,
            "because": because,
            "rule_code": rule_code,
            "body_id": self.body.id if self.body else None,
            "proposed_body_id": None,
            "status": first_status(has_body=has_body, resolved_on_spot=on_spot).value,
            "resolved_on_spot": on_spot,
            "raised_on": self.held.held_on,
            "filed_at": self.at,
            "due_at": None,
            "level": 0,
            "first_answered_at": None,
            "answered_at": None,
            "accepted_at": None,
            "reopened_count": 0,
            "bounce_count": 0,
            "raised_count": 1 if on_spot else self._raised_count(),
            "version": 1,
        }
        ticket = org.add("ticket", **values)
        self.row = org.tables["ticket"][-1]
        if self.row["raiser_kind"] != RaiserKind.SEVERAL and dice.chance(0.35):
            org.tables.setdefault("raiser", []).append({"ticket_id": ticket, "sealed_name": person(dice)})
        self._begin(on_spot=on_spot)

    def _begin(self, *, on_spot: bool) -> None:
        """Start what the new ticket waits for, tell of it, and write down that it was filed."""
        self._start_clocks()
        self._raise_again()
        if on_spot:
            self._settle()
        else:
            told = self._recipient("official")
            self._notice(told, f"filed:{self.row['id']}:1", "kiến nghị mới", self.at)
        due = self.row["due_at"]
        self._event(
            "filed",
            self.held.branch.secretary,
            body=self.row["body_id"],
            status=self.row["status"],
            due_at=due and due.astimezone(UTC).isoformat(),
        )

    def _raised_count(self) -> int:
        """Return in how many meetings the branch has raised it: nearly always this one alone."""
        throw = self.world.turns.random()
        return 3 if throw < RAISED_THRICE else 2 if throw < RAISED_TWICE else 1

    def _raise_again(self) -> None:
        """Let what was raised before begin higher, as ``services.filing`` does."""
        urgency, count = self.row["urgency"], self.row["raised_count"]
        level = self.world.timing.begins(urgency, self.at, count)
        if level:
            because, event = f"Chi bộ {raised_words(count)}.", f"raised_again:{self.row['id']}"
            self._rise(level, because, event, "kiến nghị đã nêu ở nhiều kỳ họp")

    def _rise(self, level: int, because: str, event: str, words: str) -> None:
        """Record a level reached at once, not by the clock, and tell whom it reaches."""
        rungs = self.world.timing.rungs(self.row["urgency"], self.at)
        rung = next((rung for rung in rungs if rung.level == level), None)
        if rung is None:
            return
        self._escalation(Climb(level, rung, self.at, because), self.row["due_at"], self.at, "answer")
        self._notice(self._recipient(rung.recipient), event, words, self.at)

    def _said(self, place: str) -> str:
        """Return the text with its place, written without marks where the rest is."""
        said = self.concern.text
        return said.replace("{p}", fold(place) if fold(said) == said.casefold() else place)

    def _number(self, is_restricted: bool) -> str:
        committee, year = self.held.branch.committee, self.held.held_on.year
        if is_restricted:
            return ticket_number(committee.symbol, year, self.world.drawn())
        number = self.world.numbers[committee.id, year] = self.world.numbers.get((committee.id, year), 0) + 1
        return ticket_number(committee.symbol, year, number)

    def _because(self, text: str, body: Body, has_body: bool) -> tuple[list[str], str | None]:
        """Return the reasons for the body and the rule that gave them, as filing a sheet would say it."""
        plain, chosen = self._suggestion(text), self._suggestion(text, self.concern.category)
        if plain is None or chosen is None:
            return ["chưa có quy tắc nào quyết định được, chuyển văn phòng phân loại"], None
        if not has_body:
            return list(plain.because), None
        for told in (plain, chosen):
            if (told.body, told.category) == (body.code, self.concern.category):
                return list(told.because), told.rule
        return [f"chi bộ chọn {body.name}"], None

    def _suggestion(self, text: str, category: str | None = None) -> Suggestion | None:
        """Return what the routing rules say of the text, each text asked once; None without a rule book."""
        heard, book = self.world.heard, self.world.timing.rules.book
        if (text, category) not in heard and book is not None:
            heard[text, category] = suggest(text, book, (), self.held.held_on, category=category)
        return heard.get((text, category))

    def _is_restricted(self, text: str) -> bool:
        told = self._suggestion(text, self.concern.category)
        return (
            self.concern.category in RESTRICTED
            or _asks_for_secrecy(self.concern)
            or bool(told and told.restricted)
        )

    def _settle(self) -> None:
        """Record what was settled in the meeting itself: an answer that still waits for the branch's verdict."""
        dice = self.world.dice
        who = self.held.superior_name or f"{self.held.branch.secretary_name}, bí thư chi bộ"
        how = dice.pick(content().on_the_spot[self.concern.category])
        self.row["first_answered_at"] = self.at
        self._response(str(how), self.held.branch.secretary, settled_by=who)

    def _start_clocks(self) -> None:
        """Start what a ticket waits for that comes into this state, anew or again."""
        for clock in FIRST_CLOCKS[self.row["status"]]:
            self._start(clock)

    def _start(self, clock: Clock) -> None:
        rule, due = self._due(clock)
        if clock is Clock.ANSWER:
            self.row["due_at"] = due
        self._clock(clock.value, rule, due)

    def _due(self, clock: Clock) -> tuple[str, datetime]:
        return self.world.timing.due(clock, self.row["category"], self.row["urgency"], self.at)


def _asks_for_secrecy(concern: ConcernText) -> bool:
    said = fold(concern.text)
    return any(words in said for words in ASKED_FOR_SECRECY)


def _place(place: str, branch: Branch) -> str:
    locality = branch.locality if branch.branch_type is BranchType.LOCALITY else ""
    return ", ".join(part for part in (place, locality) if part)
