"""The seeded script: which rounds are played, how often, and what each comes to.

``FAULT_STRIDE`` says how thin the short form is: every so many-eth point of the sweep, and as many times fewer of
the other rounds; 1 is the whole (``make proof``). ``FAULT_SEED`` chooses other orders, limits and points.
"""

import os
from collections.abc import Iterator, Mapping
from random import Random

from tests.faults import databases, faults
from tests.faults.acts import PLAYS, Play, play_round, points_of
from tests.faults.children import Child
from tests.faults.points import Points, WatchedMailer
from tests.faults.scene import URL, Fault, Scene
from tests.faults.stage import Owed, Stage
from tests.faults.tally import Figures, Tally
from tests.late import NOW
from tracker.services.delivery import deliver
from tracker.services.escalation import sweep

SEED = int(os.environ.get("FAULT_SEED", "20261125"))
STRIDE = int(os.environ.get("FAULT_STRIDE", "30"))

STEPPED: Mapping[str, Fault] = {
    "killed in the sweep": faults.killed_in_sweep,
    "killed in the delivery": faults.killed_in_delivery,
}
"""Played once for each point that is passed without a fault."""

COUNTED: Mapping[str, tuple[Fault, int]] = {
    "four at once, one killed": (faults.many_at_once, 12),
    "two at once without locks": (faults.without_locks, 6),
    "queue away for ten minutes": (faults.queue_away, 4),
    "clock an hour forward and back": (faults.clock_jumps, 12),
    "database restarted in mid-sweep": (databases.restarted, 10),
    "connection cut in mid-sweep": (databases.cut_off, 10),
    "database locked": (databases.locked, 6),
    "disk full": (databases.disk_full, 12),
}
"""Each with the number of its rounds on one database in the long form."""


def play(stage: Stage, tally: Tally) -> list[Owed]:
    """Play every round on the stage; return all that was owed. Each round must come out even by itself."""
    databases.keep_each_commit()
    rng, owed = Random(f"{SEED} {stage.database}"), list[Owed]()
    for kind, fault, step in _plan(stage, rng):
        scene = Scene(stage, tally, rng, step)
        came_to = scene.end(fault(scene))
        tally.add(kind, stage.database, came_to)
        assert even(came_to), f"{kind}, {stage.database}, step {step}, seed {SEED}: {came_to}"
        owed += scene.owed
    for kind, act, step in _acts(stage, rng):
        came_to = play_round(stage, tally, act, step)
        tally.add(kind, stage.database, came_to)
        assert even(came_to), f"{kind}, {stage.database}, step {step}, seed {SEED}: {came_to}"
    return owed


def _acts(stage: Stage, rng: Random) -> list[tuple[str, Play, int]]:
    """Return the points of all acts of a person at which one is killed, every so many-eth of them."""
    points = [
        (kind, act, step) for kind, act in PLAYS.items() for step in range(1, points_of(stage, act) + 1)
    ]
    return points[rng.randrange(min(STRIDE, len(points))) :: STRIDE]


def _plan(stage: Stage, rng: Random) -> Iterator[tuple[str, Fault, int]]:
    passed = {"killed in the sweep": sweep_points(stage), "killed in the delivery": delivery_points(stage)}
    for kind, fault in STEPPED.items():
        for step in range(rng.randint(1, STRIDE), passed[kind] + 1, STRIDE):
            yield kind, fault, step
    for kind, (fault, times) in COUNTED.items():
        for _ in range(max(times // STRIDE, 1)):
            yield kind, fault, rng.randint(1, passed["killed in the sweep"])


def even(figures: Figures) -> bool:
    """Return whether nothing is lost, doubled or untrue."""
    return (figures.lost, figures.doubled, figures.wrong) == (0, 0, 0)


def sweep_points(stage: Stage) -> int:
    """Return how many points a round's sweep passes when nothing happens to it."""
    stage.enter()
    sweep(stage.make.wiring, NOW)  # the first of all passes some more: heartbeat and chain begin
    stage.enter()

    def work(child: Child) -> None:
        points = Points()
        sweep(points.wired(stage.make.wiring), NOW, limit=3)
        child.say(points.passed)

    return int(Child(work).ended()[1])


def delivery_points(stage: Stage) -> int:
    """Return how many points a round's delivery passes when nothing happens to it."""

    def work(child: Child) -> None:
        points = Points()
        mailer = WatchedMailer(stage.letterbox, points)
        deliver(points.wired(stage.make.wiring), mailer, URL, NOW, limit=2)
        child.say(points.passed)

    return int(Child(work).ended()[1])
