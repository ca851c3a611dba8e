"""Real workers, schedules and Valkey: whatever befalls the queue, the database is the record and the next minute finds it."""

from flask import Flask

from tests.faults.crew import crew
from tests.faults.crewed import play
from tests.faults.measuring import measure
from tests.faults.rounds import even
from tests.faults.stage import Stage
from tests.faults.tally import Tally


def test_whatever_befalls_queue_and_workers_nothing_is_lost_or_doubled(
    app: Flask, stage: Stage, tally: Tally
) -> None:
    """RQ hands a tick over once a schedule and keeps no promise of "once": two schedules hand it over twice."""
    with crew(app.extensions["tracker"].settings, workers=4) as four:
        owed = play(four, stage, tally)
    assert even(measure(stage, owed, mail=False))
