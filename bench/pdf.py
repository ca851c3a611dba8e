"""(d) A ward's PDF in the worker beside WeasyPrint's command line on the same finished HTML."""

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

from bench.table import Row
from tracker.adapters.pdf import WeasyPrintWriter
from tracker.domain.dates import ZONE, Quarter
from tracker.domain.quarter import BranchRow, MeetingRow, QuarterFigures, TicketRow, UnitHead, quarter_figures
from tracker.paths import template_root
from tracker.reports.quarter import ReportTexts, heading_for, quarter_page, render_quarter_html
from tracker.reports.specimen import specimen_html

BRANCHES = 60
TIMES = 5
_GROUPS = {
    "thoi_gian": 5,
    "ty_le": 5,
    "chuan_bi": 10,
    "to_chuc": 40,
    "nguyen_tac": 5,
    "ket_qua": 30,
    "ket_thuc": 5,
}
_NOW = datetime(2026, 10, 1, 8, tzinfo=ZONE)


def ward_figures() -> QuarterFigures:
    """Return a quarter of a ward of the size of those of Từ Sơn: sixty branches, three meetings and concerns each."""
    quarter = Quarter(2026, 3)
    unit = UnitHead("09367", "Đảng ủy phường Từ Sơn", "party_committee")
    kinds = ("khu_pho", "truong_hoc", "co_quan", "y_te")
    branches = [
        BranchRow(n, f"TS-{n:02d}", f"Chi bộ khu phố Phù Lưu {n}", kinds[n % 4], 10, unit.name)
        for n in range(1, BRANCHES + 1)
    ]
    pairs = [
        (branch.id, month)
        for branch in branches
        for month in quarter.months
        if (branch.id + month.month) % 19
    ]
    meetings = [_meeting(number, branch, month) for number, (branch, month) in enumerate(pairs)]
    tickets = [_ticket(number, branch, month) for number, (branch, month) in enumerate(pairs)]
    return quarter_figures(
        unit, quarter, quarter.start, quarter.end, quarter.end - timedelta(days=1), branches, meetings, tickets,
        None, _NOW, {code: f"Nhóm tiêu chí {code}" for code in _GROUPS},
    )  # fmt: skip


def _meeting(number: int, branch: int, month: date) -> MeetingRow:
    lines = {code: (Decimal(most - (number + most) % 3), Decimal(most)) for code, most in _GROUPS.items()}
    total = sum((got for got, _ in lines.values()), Decimal(0))
    grade = "tot" if total >= 90 else "kha"
    return MeetingRow(
        number,
        branch,
        "regular",
        month.replace(day=3),
        95,
        18,
        20,
        number % 7 == 0,
        total,
        grade,
        lines=lines,
    )


def _ticket(number: int, branch: int, month: date) -> TicketRow:
    raised = month.replace(day=3)
    due = datetime(raised.year, raised.month, 17, 17, tzinfo=ZONE)
    return TicketRow(
        number, f"TS-2026-{number:04d}", branch, f"B{number % 9}", f"Đơn vị xử lý {number % 9}", "ha_tang", "thuong",
        "answered" if number % 3 else "routed", False, raised, due,
        answered_at=due - timedelta(days=number % 5) if number % 3 else None,
    )  # fmt: skip


@dataclass(frozen=True)
class Span:
    """What something took, in milliseconds: on the clock, and of processors (which other work can't stretch as much)."""

    clock: float
    work: float


def _timed(start: Callable[[], int]) -> Span:
    """Return what a process took from its start to its end; ``start`` returns its id."""
    began = time.perf_counter()
    _, status, used = os.wait4(start(), 0)
    clock = time.perf_counter() - began
    if status:
        raise RuntimeError(f"the measured process ended with {status}")
    return Span(clock * 1000, (used.ru_utime + used.ru_stime) * 1000)


def _in_work_horse(act: Callable[[], object]) -> int:
    """Fork as our worker does for each report, do the work in the child; return its process id."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            gc.disable()  # as workers.worker does in a horse that makes a report
            act()
            status = 0
        finally:
            os._exit(status)
    return child


def _rounds(starts: Mapping[str, Callable[[], int]]) -> dict[str, Span]:
    """Return the middle of some runs of each. They take turns, so that a busy spell of the machine meets all."""
    spans: dict[str, list[Span]] = {name: [] for name in starts}
    for _ in range(TIMES):
        for name, start in starts.items():
            spans[name].append(_timed(start))
    return {
        name: Span(median(one.clock for one in taken), median(one.work for one in taken))
        for name, taken in spans.items()
    }


def _page(figures: QuarterFigures) -> str:
    heading = heading_for(figures.unit, "Tỉnh ủy Bắc Ninh", "Từ Sơn")
    return render_quarter_html(
        quarter_page(figures, ReportTexts(), heading, now=_NOW, anchor="1:00", level_words={})
    )


def run() -> list[Row]:
    """Return the rows: writing alone and figures' page with writing, each beside the command line.

    The worker's side is warmed by what a worker is warmed with (never by the measured page) and forks a child a
    document, as RQ does. Both sides must give the same bytes, or the benchmark fails.
    """
    folder = template_root() / "pdf"
    writer = WeasyPrintWriter(folder)
    writer.write(specimen_html())
    figures = ward_figures()
    html = _page(figures)
    with tempfile.TemporaryDirectory() as scratch:
        source, ours, theirs = (Path(scratch) / name for name in ("quarter.html", "ours.pdf", "theirs.pdf"))
        source.write_text(html, encoding="utf-8")
        base = f"{folder.as_uri()}/"
        command = [sys.executable, "-m", "weasyprint", "--base-url", base, str(source), str(theirs)]
        spans = _rounds(
            {
                "writing": lambda: _in_work_horse(lambda: ours.write_bytes(writer.write(html))),
                "all": lambda: _in_work_horse(lambda: ours.write_bytes(writer.write(_page(figures)))),
                "theirs": lambda: os.posix_spawn(sys.executable, command, os.environ),
            }
        )
        if ours.read_bytes() != theirs.read_bytes():
            raise RuntimeError("the worker and the command line gave different documents")
    return _rows(spans, f"{BRANCHES} branches, {len(html) // 1024} kB of HTML, same bytes from both")


def _rows(spans: Mapping[str, Span], note: str) -> list[Row]:
    beside = "WeasyPrint's command line"
    theirs = spans["theirs"]
    return [
        Row(
            "pdf",
            "the same HTML, in the worker",
            spans["writing"].clock,
            theirs.clock,
            "ms",
            beside,
            "≤ 0.5",
            note,
        ),
        Row(
            "pdf", "the same, processor time", spans["writing"].work, theirs.work, "ms", beside, "≤ 0.5", note
        ),
        Row("pdf", "figures → HTML → PDF", spans["all"].clock, theirs.clock, "ms", beside, "", note),
    ]
