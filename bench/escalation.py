"""Escalation of 20,000 open tickets, all overdue and 200 overdue: ours, a bare loop and the best-known peer.

Each measurement has a database of its own. The peer renders a letter a ticket in its command, and drops it; ours
writes the notice from which the letter is rendered on delivery.
"""

import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from bench import peer
from bench.databases import Fresh, both
from bench.sweep_alone import alone
from bench.sweeping import Ground, Took, best, ground
from bench.table import Row

OPEN, FEW = 20_000, 200
ROUNDS = {OPEN: 3, FEW: 7}
WARM = 5
JOURNALS = {
    "SQLite": {"its default": False, "WAL, synchronous=NORMAL": True},
    "PostgreSQL": {"its default": False},
}


def run() -> list[Row]:
    """Return the rows for SQLite, and for PostgreSQL where its wheel is there; the best of some rounds, the peer's once."""
    with tempfile.TemporaryDirectory(prefix="bcs-escalation-") as folder, both(Path(folder)) as kinds:
        python = _peers_python(Path(folder))
        return [
            row
            for name, fresh in kinds.items()
            for due in (OPEN, FEW)
            for row in _Case(name, fresh, due, Path(folder)).rows(python)
        ]


def _peers_python(folder: Path) -> Path | peer.PeerAway:
    try:
        return peer.install(folder)
    except peer.PeerAway as error:
        return error


class _Case:
    """So many overdue of the open ones on one kind of database."""

    _number = count(1)

    def __init__(self, database: str, fresh: Fresh, due: int, folder: Path) -> None:
        self._database = database
        self._fresh = fresh
        self._due = due
        self._folder = folder
        self._what = f"{database}: {OPEN:,} open, {'all' if due == OPEN else due} overdue"

    def rows(self, python: Path | peer.PeerAway) -> Iterator[Row]:
        """Yield ours beside the floor and the peer, then the peak memory of the process that sweeps."""
        ours, floor = self._measure()
        url = self._filled()
        told = alone(url, self._folder)
        yield Row(
            "escalation", self._what, ours.wall, floor.wall, "ms", "bare loop, same rows", "≤ 4",
            f"processor {ours.cpu:.0f} ms, beside {floor.cpu:.0f}; {self._due / ours.wall * 1000:.0f} tickets/s",
        )  # fmt: skip
        memory = None
        for journal, wal in JOURNALS[self._database].items():
            beside = f"{peer.NAME}, {journal}"
            try:
                theirs = self._peer(python, wal)
            except peer.PeerAway as away:
                yield Row("escalation", self._what, ours.wall, None, "ms", beside, "", f"FAILED: {away}")
                continue
            memory = theirs.peak
            note = f"processor {ours.cpu:.0f} ms, beside {theirs.cpu:.0f}; {theirs.note}"
            yield Row("escalation", self._what, ours.wall, theirs.wall, "ms", beside, "", note)
        yield Row(
            "escalation", f"{self._what}, peak memory", told["peak"], memory, "MB", peer.NAME, "≤ 150 MB"
        )

    def _measure(self) -> tuple[Took, Took]:
        ours, floor = [], []
        for _ in range(ROUNDS[self._due]):
            ours.append(self._on_its_own(Ground.ours))
            floor.append(self._on_its_own(Ground.floor))
        return best(ours), best(floor)

    def _on_its_own(self, work: Callable[[Ground, int], Took]) -> Took:
        with ground(self._database_of("ours"), self._folder) as place:
            work(place, WARM)  # statements are compiled
            place.crowd(OPEN - self._due, due=self._due)
            return work(place, 0)

    def _filled(self) -> str:
        url = self._database_of("alone")
        with ground(url, self._folder) as place:
            place.crowd(OPEN - self._due, due=self._due)
        return url

    def _peer(self, python: Path | peer.PeerAway, wal: bool) -> peer.Escalated:
        if isinstance(python, peer.PeerAway):
            raise python
        return peer.escalate(python, self._database_of("peer"), OPEN, self._due, wal=wal)

    def _database_of(self, whose: str) -> str:
        return self._fresh.database(f"{whose}_{next(self._number)}")
