"""The sweep: 200 tickets due among 1,000,000, 200,000 and 2,000 open ones, beside a bare loop that writes the same."""

import os
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from bench.databases import Fresh, both
from bench.sweep_alone import alone
from bench.sweeping import NOW, Ground, Took, best, ground, took
from bench.table import Row
from tracker.db.base import db
from tracker.services.escalation import sweep

SMALL, LARGE = 2_000, (200_000, 1_000_000)
DUE_NOW, ROUNDS = 200, 15


class Best(NamedTuple):
    """The best times at one size, and the peak memory (MB) of a process that did one sweep."""

    ours: Took
    floor: Took
    forked: float
    idle: Took
    peak: float


def run() -> list[Row]:
    """Return the rows for SQLite, and for PostgreSQL where its wheel is there; milliseconds, the best of some rounds."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="bcs-bench-") as folder, both(Path(folder)) as kinds:
        for name, fresh in kinds.items():
            small = _one(fresh, SMALL, Path(folder))
            for size in LARGE:
                rows += _rows(name, size, _one(fresh, size, Path(folder)), small)
    return rows


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


def _one(fresh: Fresh, size: int, folder: Path) -> Best:
    """Return the best at this size. Each round has due tickets of its own, ours and the floor by turns."""
    url = fresh.database(f"open_{size}")
    with ground(url, folder) as place:
        place.crowd(size - DUE_NOW)
        place.ours(DUE_NOW)  # statements are compiled, files are in the cache
        ours, floor, forked, idle = [], [], [], []
        for _ in range(ROUNDS):
            ours.append(place.ours(DUE_NOW))
            floor.append(place.floor(DUE_NOW))
            forked.append(_forked(place))
            idle.append(took(lambda: sweep(place.wiring, NOW)))
        place.due(DUE_NOW)
        return Best(best(ours), best(floor), min(forked), best(idle), alone(url, folder)["peak"])


def _forked(place: Ground) -> float:
    """Return what a new process takes for its first sweep, connecting included, the fork itself not."""
    place.due(DUE_NOW)
    db.session.remove()
    db.engine.dispose()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            begin = time.perf_counter()
            sweep(place.wiring, NOW)
            os.write(writing, f"{(time.perf_counter() - begin) * 1000}".encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    os.waitpid(child, 0)
    told = os.read(reading, 100)
    os.close(reading)
    return float(told)
