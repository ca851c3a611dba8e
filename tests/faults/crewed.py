"""What befalls real workers and their queue: two schedules at once, Valkey emptied, restarted, a worker killed."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from random import Random

from tests.faults.crew import Crew, wait_until
from tests.faults.rounds import SEED, STRIDE, even
from tests.faults.scene import Scene
from tests.faults.stage import Owed, Stage
from tests.faults.tally import Tally
from tests.late import DUE


def two_schedules(crew: Crew, scene: Scene) -> None:
    """Two schedules hand everything over at once to four workers."""
    crew.tick()


def emptied(crew: Crew, scene: Scene) -> None:
    """Empty the queue while jobs wait and run; the schedule's next minute brings them again."""
    crew.tick()
    wait_until(lambda: crew.queue.count <= scene.rng.randint(1, 9), "some jobs are taken")
    crew.connection.flushall()
    crew.tick(1)


def restarted(crew: Crew, scene: Scene) -> None:
    """Kill the queue while jobs wait and run, start it again on what it wrote down; the schedule goes on.

    A worker that was at a job then ends, as RQ has it; the supervisor starts another.
    """
    crew.tick()
    wait_until(lambda: crew.queue.count <= scene.rng.randint(1, 9), "some jobs are taken")
    crew.kill_server()
    crew.start_server()
    crew.tick(1)


def worker_killed(crew: Crew, scene: Scene) -> None:
    """Kill a worker and its horse at work; the three others take the next minute's sweep."""
    crew.tick()
    wait_until(lambda: crew.queue.count <= scene.rng.randint(1, 9), "some jobs are taken")
    crew.kill_worker(scene.rng.randrange(len(crew.workers)))
    scene.befell.kills += 1
    scene.tally.killed("worker and horse")
    crew.tick(1)
    wait_until(crew.is_idle, "all is done")
    crew.start_workers(1)


CREWED: Mapping[str, tuple[Callable[[Crew, Scene], None], int]] = {
    "two schedules, four workers": (two_schedules, 8),
    "queue emptied": (emptied, 6),
    "queue restarted": (restarted, 6),
    "worker and horse killed": (worker_killed, 6),
}
"""Each with the number of its rounds on one database in the long form."""


def play(crew: Crew, stage: Stage, tally: Tally) -> list[Owed]:
    """Play every round with the crew; return all that was owed.

    Workers have the machine's own time: the tickets are so old that all their levels are reached, whenever it is.
    Letters then wait for working time, so the mail is counted in the other rounds.
    """
    rng, owed = Random(f"{SEED} crew {stage.database}"), list[Owed]()
    for kind, (befalls, times) in CREWED.items():
        for _ in range(max(times // STRIDE, 1)):
            scene = Scene(stage, tally, rng, 0)
            scene.owed = stage.enter(plain=8, shift=to_the_past())
            befalls(crew, scene)
            scene.befell.failed += crew.work_until(scene.is_climbed)
            wait_until(crew.is_idle, "all is done")
            scene.befell.failed += crew.replace_ended()
            came_to = scene.end(datetime.now(UTC), mail=False)
            tally.add(kind, stage.database, came_to)
            assert even(came_to), f"{kind}, {stage.database}, seed {SEED}: {came_to}"
            owed += scene.owed
    return owed


def to_the_past() -> timedelta:
    """Return by how much dates move so that they lie some ten weeks back, in whole weeks."""
    weeks = (datetime.now(UTC) - DUE) // timedelta(weeks=1) - 10
    return timedelta(weeks=weeks)
