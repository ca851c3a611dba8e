"""The whole simulation in order: units and people, meetings, concerns. No database: rows in, rows out."""

from collections.abc import Iterator

from tracker.demonstration.arguments import DemoArguments, Dice
from tracker.demonstration.lives import Life
from tracker.demonstration.meetings import Held, build_meetings
from tracker.demonstration.org import Org, Row, build_org
from tracker.demonstration.timing import Rules, Timing
from tracker.demonstration.world import World, share_out

BATCH = 4000
"""Concerns a batch: enough for quick inserts, few enough for a small machine's memory."""


def build(arguments: DemoArguments, rules: Rules) -> Iterator[dict[str, list[Row]]]:
    """Yield batches of rows by table name, parents before children; the same arguments give the same rows.

    Not yet closed: ``account.password_hash`` is empty and ``raiser.sealed_name`` is the plain invented name,
    for hashing and sealing draw on chance of their own. Times are aware.
    """
    dice = Dice(arguments.random_seed)
    org = build_org(arguments, dice)
    meetings = build_meetings(arguments, org, dice, rules.rubrics)
    yield org.take()
    for number, _ in enumerate(build_tickets(arguments, org, meetings, Timing(rules), dice), start=1):
        if number % BATCH == 0:
            yield org.take()
    yield org.take()


def build_tickets(
    arguments: DemoArguments, org: Org, meetings: list[Held], timing: Timing, dice: Dice
) -> Iterator[int]:
    """Live through all concerns, oldest sheet first; yield each ticket's id once its rows are in ``org``."""
    world = World.of(arguments.moment, org, meetings, timing, dice)
    for held, count in share_out(arguments, meetings, dice):
        for position in range(1, count + 1):
            yield Life(world, held, position, next(world.deck)).run()
    org.tables["number_series"] = [
        {"committee_id": committee, "year": year, "last": last}
        for (committee, year), last in sorted(world.numbers.items())
    ]
