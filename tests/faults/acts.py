"""Acts of a person killed at each of their points: a pause, its end, more time asked for and granted.

Whoever was cut off sends the same form again, from the page that was seen, and everything must be there just once.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from tests.faults.children import Child
from tests.faults.faults import untie
from tests.faults.points import Points
from tests.faults.stage import Stage
from tests.faults.tally import Figures, Tally
from tests.late import NOW
from tracker.db.base import db
from tracker.db.tables.audit import AuditRow
from tracker.db.tables.clocks import Clock, Extension, Pause
from tracker.db.tables.notices import Notice
from tracker.db.tables.tickets import Ticket, TicketEvent
from tracker.domain.dates import ZONE, local_date
from tracker.domain.extension_rules import AskExtension
from tracker.domain.people import Actor
from tracker.services import extensions, pausing
from tracker.services.extensions import DecideExtension
from tracker.services.reference import reference_on
from tracker.services.unit import Unit, Wiring, unit_of_work

RAISED = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
DUE = datetime(2026, 12, 8, 17, 0, tzinfo=ZONE)
"""Ten working days after ``RAISED``; Tuesday the 24th is a holiday."""
BACK = datetime(2026, 11, 30, 7, 30, tzinfo=ZONE)
LATER = timedelta(days=1)

Do = Callable[[int, int, Unit], None]


def _pause(ticket_id: int, version: int, unit: Unit) -> None:
    reference = reference_on(unit.session, local_date(unit.now))
    pausing.pause(ticket_id, version, "Chờ đo đạc", date(2026, 11, 30), unit=unit, reference=reference)


def _resume(ticket_id: int, version: int, unit: Unit) -> None:
    reference = reference_on(unit.session, local_date(unit.now))
    pausing.resume(ticket_id, version, unit=unit, reference=reference)


def _ask(ticket_id: int, version: int, unit: Unit) -> None:
    reference = reference_on(unit.session, local_date(unit.now))
    asked = AskExtension(5, "Phải đo đạc lại cả tuyến")
    extensions.ask(ticket_id, version, asked, unit=unit, reference=reference)


def _grant(ticket_id: int, version: int, unit: Unit) -> None:
    reference = reference_on(unit.session, local_date(unit.now))
    decision = DecideExtension(True, "")
    extensions.decide(ticket_id, version, decision, unit=unit, reference=reference)


@dataclass(frozen=True)
class Step:
    """One act: its name in the timeline, who does it, when, and what is done."""

    name: str
    actor: str
    after: timedelta
    do: Do


PAUSE = Step("pause", "official", timedelta(0), _pause)
RESUME = Step("resume", "official", LATER, _resume)
ASK = Step("extension_asked", "official", timedelta(0), _ask)
GRANT = Step("extension_granted", "standing", LATER, _grant)


@dataclass(frozen=True)
class Play:
    """Acts in order, the last of them killed, and what must stand afterwards, known by hand.

    ``told``: who gets a notice, once each. ``rows``: pauses that last, pauses that are over, requests that wait and
    that are granted, clocks that run for a decision.
    """

    acts: tuple[Step, ...]
    due_at: datetime
    told: tuple[str, ...]
    rows: tuple[int, int, int, int, int]


PLAYS = {
    "killed in a pause": Play(
        (PAUSE,), datetime(2026, 12, 11, 14, 30, tzinfo=ZONE), ("secretary",), (1, 0, 0, 0, 0)
    ),
    "killed in the end of a pause": Play(
        (PAUSE, RESUME), datetime(2026, 12, 9, 17, 0, tzinfo=ZONE), ("secretary",), (0, 1, 0, 0, 0)
    ),
    "killed in asking for more time": Play((ASK,), DUE, ("standing",), (0, 0, 1, 0, 1)),
    "killed in granting more time": Play(
        (ASK, GRANT),
        datetime(2026, 12, 15, 17, 0, tzinfo=ZONE),
        ("standing", "official", "secretary"),
        (0, 0, 0, 1, 0),
    ),
}


def points_of(stage: Stage, play: Play) -> int:
    """Return how many points the last act passes when nothing happens to it."""
    ticket_id = _prepared(stage, play)

    def work(child: Child) -> None:
        points = Points()
        _act(stage, play.acts[-1], ticket_id, len(play.acts), points.wired(stage.make.wiring))
        child.say(points.passed)

    return int(Child(work).ended()[1])


def play_round(stage: Stage, tally: Tally, play: Play, step: int, *, tied: bool = True) -> Figures:
    """Kill the last act at one point, do it again as its person would, and return what the round came to.

    ``tied`` False is the negative control: there each statement stands for itself.
    """
    ticket_id, last, version = _prepared(stage, play), play.acts[-1], len(play.acts)

    def work(child: Child) -> None:
        if not tied:
            untie()
        wiring = Points(step, child.die).wired(stage.make.wiring)
        _act(stage, last, ticket_id, version, wiring)

    status, words = Child(work).ended()
    befell = Figures(kills=int(status == -9), failed=int(status > 0))
    if status == -9:
        tally.killed(words)
    try:
        _act(stage, last, ticket_id, version, stage.make.wiring)
    except Exception:  # what is half done may be refused for good: then it is counted below
        befell.failed += 1
    found = _measure(stage, play, ticket_id)
    found.add(befell)
    return found


def _prepared(stage: Stage, play: Play) -> int:
    """Return a new ticket with all acts done but the last."""
    (ticket_id,) = stage.late.tickets(
        filed_at=RAISED, due_at=DUE, next_at=RAISED + timedelta(days=7), status="acknowledged"
    )
    for number, one in enumerate(play.acts[:-1], start=1):
        _act(stage, one, ticket_id, number, stage.make.wiring)
    return ticket_id


def _act(stage: Stage, step: Step, ticket_id: int, version: int, wiring: Wiring) -> None:
    actor: Actor = getattr(stage.late, step.actor)
    with unit_of_work(wiring, actor=actor, now=NOW + step.after) as unit:
        step.do(ticket_id, version, unit)


def _measure(stage: Stage, play: Play, ticket_id: int) -> Figures:
    """Return how the rows stand to what is owed; reads only."""
    db.session.rollback()
    names = [one.name for one in play.acts]
    wanted = [getattr(stage.late, name).account_id for name in play.told]
    events = db.session.scalars(select(TicketEvent.act).filter_by(ticket_id=ticket_id)).all()
    told = db.session.scalars(select(Notice.account_id).filter_by(ticket_id=ticket_id)).all()
    found = Figures(rounds=1, acts=len(names), wrong=_untrue(play, ticket_id))
    for name, owed, there in (
        ("events", names, events),
        ("audit", names, _audited(ticket_id)),
        ("notices", wanted, told),
    ):
        missing, more = Counter(owed), Counter(there)
        found.lost += (missing - more).total()
        setattr(found, f"doubled_{name}", (more - missing).total())
    return found


def _audited(ticket_id: int) -> list[str]:
    rows = select(AuditRow.body).filter_by(subject="ticket", subject_id=ticket_id)
    return [json.loads(body)["action"] for body in db.session.scalars(rows)]


def _untrue(play: Play, ticket_id: int) -> int:
    """Return how many of the rows, dates and the version are others than those that must stand."""
    clocks: Sequence[Clock] = db.session.scalars(select(Clock).filter_by(ticket_id=ticket_id)).all()
    ticket = db.session.get_one(Ticket, ticket_id, populate_existing=True)
    pauses = db.session.scalars(select(Pause.ended_at).filter_by(ticket_id=ticket_id)).all()
    states = db.session.scalars(select(Extension.state).filter_by(ticket_id=ticket_id)).all()
    running = [one for one in clocks if one.kind == "extension" and one.met_at is None]
    answer = next(one for one in clocks if one.kind == "answer")
    rows = (
        pauses.count(None),
        len(pauses) - pauses.count(None),
        states.count("asked"),
        states.count("granted"),
        len(running),
    )
    wrong = sum(abs(one - other) for one, other in zip(rows, play.rows, strict=True))
    wrong += (answer.due_at, ticket.due_at) != (play.due_at, play.due_at)
    wrong += (answer.next_at == BACK) != (play.rows[0] == 1)
    return wrong + (ticket.version != len(play.acts) + 1)
