"""What befalls the sweep and the letters: kills, many at once, a queue away, a clock that jumps."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from multiprocessing import get_context
from typing import Any

from sqlalchemy import event, inspect, text

from tests.faults.children import Child
from tests.faults.points import Points, WatchedMailer
from tests.faults.scene import URL, Scene
from tests.late import NOW
from tracker.adapters.queue import RqQueue
from tracker.db.base import db
from tracker.services.delivery import CLAIM, deliver
from tracker.services.escalation import sweep

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FORK = get_context("fork")


def killed_in_sweep(scene: Scene) -> datetime:
    """Kill the sweep at one point; the next one comes a minute later."""
    scene.owed = scene.stage.enter()
    scene.note(scene.sweeping(NOW, kill_at=scene.step))
    return NOW + MINUTE


def killed_in_delivery(scene: Scene) -> datetime:
    """Kill the delivery at one point; what it had claimed comes again when the claim has run out."""
    scene.owed = scene.stage.enter()
    sweep(scene.wiring, NOW)

    def work(child: Child) -> None:
        points = Points(scene.step, child.die)
        mailer = WatchedMailer(scene.stage.letterbox, points)
        deliver(points.wired(scene.wiring), mailer, URL, NOW, limit=2)

    scene.note(Child(work))
    return NOW + CLAIM + MINUTE


def many_at_once(scene: Scene) -> datetime:
    """Let four sweep at once, one of them killed somewhere, then four deliver at once."""
    scene.owed = scene.stage.enter(plain=12)
    sweeps = [scene.sweeping(NOW, limit=scene.rng.randint(1, 6)) for _ in range(3)]
    sweeps.append(scene.sweeping(NOW, limit=2, kill_at=scene.rng.randint(1, 30)))
    for child in sweeps:
        scene.note(child)
    sweep(scene.wiring, NOW + MINUTE)
    letterbox, later = scene.stage.letterbox, NOW + 2 * MINUTE
    for child in [Child(lambda _: deliver(scene.wiring, letterbox, URL, later, limit=1)) for _ in range(4)]:
        scene.note(child)
    return later


def without_locks(scene: Scene) -> datetime:
    """Let two sweeps without any lock meet when both have read what is due and neither has written."""
    scene.owed = scene.stage.enter()
    meeting_point = FORK.Barrier(2)
    for child in [scene.sweeping(NOW, 500, before=lambda _: _unlock(meeting_point)) for _ in range(2)]:
        scene.note(child)
    return NOW + 5 * MINUTE


def _unlock(meeting_point: Any) -> None:
    first = count()

    def bare(
        _c: object, _cursor: object, statement: str, parameters: object, *_: object
    ) -> tuple[str, object]:
        if statement.startswith("SAVEPOINT") and next(first) == 0:
            with suppress(Exception):
                meeting_point.wait(timeout=10)
        statement = re.sub(r" FOR UPDATE OF [a-z, ]+ SKIP LOCKED", "", statement)
        return ("SELECT 1" if statement == "BEGIN IMMEDIATE" else statement), parameters

    event.listen(db.engine, "before_cursor_execute", bare, retval=True)


def drop_unique_key() -> None:
    """Take away the constraint that makes a level single. For negative controls."""
    if db.engine.dialect.name == "sqlite":
        statements = [
            "CREATE TABLE bare AS SELECT * FROM escalation",
            "DROP TABLE escalation",
            "ALTER TABLE bare RENAME TO escalation",
        ]
    else:
        (key,) = inspect(db.engine).get_unique_constraints("escalation")
        statements = [f"ALTER TABLE escalation DROP CONSTRAINT {key['name']}"]
    for statement in statements:
        db.session.execute(text(statement))
    db.session.commit()


def without_transaction(scene: Scene) -> datetime:
    """Kill a sweep in which each statement stands for itself: what is half done then stays so. A negative control."""
    scene.owed = scene.stage.enter()
    scene.note(scene.sweeping(NOW, before=lambda _: untie(), kill_at=scene.step))
    return NOW + 5 * MINUTE


def untie() -> None:
    """Let each statement of this process stand for itself from now on. For negative controls."""

    def bare(
        _c: object, _cursor: object, statement: str, parameters: object, *_: object
    ) -> tuple[str, object]:
        tied = statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK"))
        return ("SELECT 1" if tied else statement), parameters

    if db.engine.dialect.name == "postgresql":

        @event.listens_for(db.engine, "connect")
        def alone(connection: Any, _record: object) -> None:
            connection.autocommit = True

    event.listen(db.engine, "before_cursor_execute", bare, retval=True)


def queue_away(scene: Scene) -> datetime:
    """Sweep for ten minutes while the queue's address answers nobody; tickets go on falling due meanwhile."""
    wiring = replace(scene.wiring, queue=RqQueue(f"unix://{scene.stage.folder}/nobody.sock"))
    for minute in range(10):
        if minute % 3 == 0:
            scene.owed += scene.stage.enter(plain=scene.rng.randint(1, 3))
        sweep(wiring, NOW + minute * MINUTE, limit=scene.rng.randint(1, 6))
    return NOW + 11 * MINUTE


def clock_jumps(scene: Scene) -> datetime:
    """Sweep now, an hour ahead and an hour back, in any order, one of them killed; an hour ahead one level more is owed."""
    scene.owed = scene.stage.enter(brink=(1, 2, 3))
    jumps = [NOW, NOW + HOUR, NOW - HOUR, NOW + HOUR / 2]
    scene.rng.shuffle(jumps)
    killed = scene.rng.randrange(len(jumps))
    for number, now in enumerate(jumps):
        scene.note(scene.sweeping(now, kill_at=scene.rng.randint(1, 40) if number == killed else 0))
    sweep(scene.wiring, NOW - HOUR)
    return NOW + HOUR + MINUTE
