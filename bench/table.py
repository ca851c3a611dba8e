"""One measured line, and how lines are printed and kept."""

import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """One figure beside the one it is compared with, both taken in this run. ``ratio`` is ours / other.

    Either is None where it could not be measured; the note says why.
    """

    benchmark: str
    what: str
    ours: float | None
    other: float | None
    unit: str
    #: what ``other`` is: the floor, the smaller case, a peer
    beside: str
    aim: str = ""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.ours / self.other if self.ours is not None and self.other else None


def show(rows: list[Row]) -> str:
    """Return the rows as a table of plain text."""
    heads = ("benchmark", "what", "ours", "other", "unit", "ratio", "beside", "aim", "note")
    cells = [
        (
            r.benchmark,
            r.what,
            _figure(r.ours),
            _figure(r.other),
            r.unit,
            _figure(r.ratio),
            r.beside,
            r.aim,
            r.note,
        )
        for r in rows
    ]
    widths = [max(len(line[i]) for line in [heads, *cells]) for i in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [heads, *cells]
    )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:,.2f}"


def keep(rows: list[Row]) -> Path:
    """Write the rows as JSON into ``bench/results`` and return the file."""
    RESULTS.mkdir(exist_ok=True)
    at = datetime.now(UTC)
    path = RESULTS / f"{at:%Y%m%dT%H%M%SZ}.json"
    content = {
        "at": at.isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "rows": [asdict(row) | {"ratio": row.ratio} for row in rows],
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
