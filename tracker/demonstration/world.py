"""What all simulated concerns share: the rules, the meetings, the texts still to be told, the numbers given."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker.demonstration.arguments import DemoArguments, Dice
from tracker.demonstration.meetings import Held
from tracker.demonstration.org import Branch, Org
from tracker.demonstration.places import BUSY
from tracker.demonstration.texts import ConcernText, content
from tracker.demonstration.timing import Timing
from tracker.domain.org import BranchType
from tracker.domain.routing import Suggestion
from tracker.domain.tickets import DRAWN

FRESH = timedelta(days=16)
"""Sheets this young hold more concerns than their share, so that much is under way when the data is looked at."""


BUSY_SHEET = 2
"""Concerns on every sheet of the branches whose log-ins are printed, beside those that chance gives them."""


@dataclass
class World:
    """What every life needs: the rows that grow, the rules, the meetings and the day on which it all stops."""

    org: Org
    dice: Dice
    timing: Timing
    moment: datetime
    following: dict[int, tuple[list[datetime], list[Held]]]
    deck: Iterator[ConcernText]
    numbers: dict[tuple[int, int], int] = field(default_factory=dict)
    #: the numbers that restricted tickets have drawn, by chance of its own
    lots: Dice = field(default_factory=lambda: Dice(0))
    #: chance of its own for what moves a due time: other lives stay as they are
    turns: Dice = field(default_factory=lambda: Dice(8))
    taken: set[int] = field(default_factory=set)
    #: what the routing rules said of a text, without or with a category chosen
    heard: dict[tuple[str, str | None], Suggestion] = field(default_factory=dict)
    #: the answers that each branch has heard, as their patterns
    answered: dict[int, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, moment: datetime, org: Org, meetings: list[Held], timing: Timing, dice: Dice) -> "World":
        """Return the world before the first concern."""
        return cls(org, dice, timing, moment, _following(org, meetings), _deck(dice))

    def drawn(self) -> int:
        """Return a number for a restricted ticket that none was given before."""
        number = next(one for one in iter(lambda: self.lots.choice(DRAWN), None) if one not in self.taken)
        self.taken.add(number)
        return number

    def next_meeting(self, branch: Branch, after: datetime) -> Held | None:
        """Return the branch's first regular meeting that began after the instant and whose sheet is in."""
        starts, meetings = self.following[branch.id]
        at = bisect_right(starts, after)
        return meetings[at] if at < len(meetings) else None


def _following(org: Org, meetings: list[Held]) -> dict[int, tuple[list[datetime], list[Held]]]:
    by_branch: dict[int, list[Held]] = {branch.id: [] for branch in org.branches}
    for held in meetings:
        if held.kind.is_regular:
            by_branch[held.branch.id].append(held)
    for found in by_branch.values():
        found.sort(key=lambda held: held.row["starts_at"])
    return {key: ([held.row["starts_at"] for held in found], found) for key, found in by_branch.items()}


def _deck(dice: Dice) -> Iterator[ConcernText]:
    """Yield the concerns shuffled, all of them before any comes again."""
    while True:
        yield from dice.sample(content().concerns, len(content().concerns))


def share_out(arguments: DemoArguments, meetings: list[Held], dice: Dice) -> Iterator[tuple[Held, int]]:
    """Yield the meetings in order with how many concerns each held; together exactly ``arguments.tickets``."""
    if not meetings:
        return
    weights = [
        (3.0 if held.branch.branch_type is BranchType.LOCALITY else 1.0)
        * (14.0 if arguments.moment - held.submitted_at < FRESH else 1.0)
        * (0.2 if held.branch.id % 7 == 3 else 1.0)
        for held in meetings
    ]
    counts = {index: BUSY_SHEET for index, held in enumerate(meetings) if held.branch.name in BUSY}
    if sum(counts.values()) > arguments.tickets // 3:
        counts = {}
    for index in dice.choices(range(len(meetings)), weights, k=arguments.tickets - sum(counts.values())):
        counts[index] = counts.get(index, 0) + 1
    for index in sorted(counts):
        yield meetings[index], counts[index]
