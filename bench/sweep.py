"""The sweep: 200 tickets due among 1,000,000, 200,000 and 2,000 open ones, beside a bare loop that writes the same."""

import os
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from bench.databases import Fresh, both
from bench.sweep_alone import alone
from bench.sweeping import Ground, Took, best, ground
from bench.table import Row

SMALL, LARGE = 2_000, (200_000, 1_000_000)
DUE_NOW, ROUNDS = 200, 15


class Best(NamedTuple):
    """The best times at one size, and the peak memory (MB) of a process that did one sweep."""

    ours: Took
    floor: Took
    forked: float
    idle: Took
    peak: float


class _Size:
    """So many open tickets in one database; each measurement has due tickets of its own."""

    def __init__(self, url: str, size: int, folder: Path, stack: ExitStack) -> None:
        self._place = stack.enter_context(ground(url, folder))
        self._place.crowd(size - DUE_NOW)
        self._alone = lambda: alone(url, folder)["peak"]
        self._ours: list[Took] = []
        self._floor: list[Took] = []
        self._forked: list[float] = []
        self._idle: list[Took] = []
        self._place.ours(DUE_NOW)  # statements are compiled, files are in the cache

    def measure(self) -> None:
        """Take one more of each time."""
        self._ours.append(self._place.ours(DUE_NOW))
        self._floor.append(self._place.floor(DUE_NOW))
        self._forked.append(_forked(self._place))
        self._idle.append(self._place.ours())

    def best(self) -> Best:
        """Return the best of what was measured: what else runs on the machine only adds."""
        self._place.due(DUE_NOW)
        return Best(best(self._ours), best(self._floor), min(self._forked), best(self._idle), self._alone())


def run() -> list[Row]:
    """Return the rows for SQLite, and for PostgreSQL where its wheel is there; milliseconds, the best of some rounds."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="bcs-bench-") as folder, both(Path(folder)) as kinds:
        for name, fresh in kinds.items():
            found = _measured(fresh, Path(folder))
            for size in LARGE:
                rows += _rows(name, size, found[size], found[SMALL])
    return rows


def _measured(fresh: Fresh, folder: Path) -> dict[int, Best]:
    """Return the best at each size; the sizes are measured by turns, so that a noisy moment hits all."""
    with ExitStack() as stack:
        sizes = {size: _Size(fresh.database(f"open_{size}"), size, folder, stack) for size in (SMALL, *LARGE)}
        for _ in range(ROUNDS):
            for one in sizes.values():
                one.measure()
        return {size: one.best() for size, one in sizes.items()}


def _rows(name: str, size: int, large: Best, small: Best) -> list[Row]:
    due, beside = f"{name}: {DUE_NOW} due of {size:,}", f"{DUE_NOW} due of {SMALL:,}"
    forked = f"{due}, first sweep of a worker's new process"
    processor = f"processor {large.ours.cpu:.0f} ms, beside {small.ours.cpu:.0f}"
    bare = f"processor {large.ours.cpu:.0f} ms, beside {large.floor.cpu:.0f}"
    idle = f"{name}: nothing due of {size:,}"
    return [
        Row("sweep", due, large.ours.wall, small.ours.wall, "ms", beside, "≤ 100 ms, ≤ 1.3", processor),
        Row("sweep", due, large.ours.wall, large.floor.wall, "ms", "bare loop, same rows", "", bare),
        Row("sweep", forked, large.forked, small.forked, "ms", beside, "≤ 100 ms, ≤ 1.3"),
        Row("sweep", idle, large.idle.wall, small.idle.wall, "ms", f"of {SMALL:,}"),
        Row("sweep", f"{due}, peak memory", large.peak, small.peak, "MB", beside, "≤ 150 MB"),
    ]


def _forked(place: Ground) -> float:
    """Return what a new process takes for its first sweep, connecting included, the fork itself not."""
    place.due(DUE_NOW)
    place.engine.dispose()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            begin = time.perf_counter()
            place.ours()
            os.write(writing, f"{(time.perf_counter() - begin) * 1000}".encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    os.waitpid(child, 0)
    told = os.read(reading, 100)
    os.close(reading)
    return float(told)
