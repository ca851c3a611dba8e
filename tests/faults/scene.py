"""One round: what is on the stage, what befell it, and the last healthy sweep after which all must stand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from sqlalchemy import func, select

from tests.faults.children import Child
from tests.faults.measuring import measure
from tests.faults.points import Points
from tests.faults.stage import Owed, Stage
from tests.faults.tally import Figures, Tally
from tracker.db.base import db
from tracker.db.tables.clocks import Escalation
from tracker.services.delivery import deliver
from tracker.services.escalation import sweep
from tracker.services.unit import Wiring

URL = "https://bam-co-so.example.vn"


@dataclass
class Scene:
    """A round's stage and tickets; ``step`` is the point at which something is to happen, counted from 1."""

    stage: Stage
    tally: Tally
    rng: Random
    step: int
    owed: list[Owed] = field(default_factory=list)
    befell: Figures = field(default_factory=Figures)

    @property
    def wiring(self) -> Wiring:
        return self.stage.make.wiring

    def note(self, child: Child) -> None:
        """Wait for the child and remember whether it was killed, and where, or failed."""
        status, words = child.ended()
        if status == -9:
            self.befell.kills += 1
            self.tally.killed(words)
        elif status or words == "failed":
            self.befell.failed += 1

    def sweeping(
        self, now: datetime, limit: int = 3, *, before: Callable[[Child], object] = str, kill_at: int = 0
    ) -> Child:
        """Start a sweep in a process of its own; ``before`` is done there first."""

        def work(child: Child) -> None:
            before(child)
            wiring = Points(kill_at, child.die).wired(self.wiring) if kill_at else self.wiring
            if sweep(wiring, now, limit=limit).skipped:
                child.say("failed")

        return Child(work)

    def is_climbed(self) -> bool:
        """Return whether every level owed is recorded, by whomever."""
        db.session.rollback()
        ids, levels = [one.ticket_id for one in self.owed], sum(len(one.levels) for one in self.owed)
        found = select(func.count()).select_from(Escalation).where(Escalation.ticket_id.in_(ids))
        return (db.session.scalar(found) or 0) >= levels

    def end(self, at: datetime, *, mail: bool = True) -> Figures:
        """Sweep and deliver once more, in good health; return what the round came to."""
        if sweep(self.wiring, at).skipped:
            self.befell.failed += 1
        if mail:
            deliver(self.wiring, self.stage.letterbox, URL, at)
        found = measure(self.stage, self.owed, mail=mail)
        found.add(self.befell)
        return found


Fault = Callable[[Scene], datetime]
"""Puts tickets on the stage, lets something befall the sweep or the letters; returns when the last sweep runs."""
