"""(d) A ward's PDF in the warm worker beside WeasyPrint's command line on the same finished HTML."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
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


def _timed(act: Callable[[], object]) -> float:
    """Return the middle of some runs, in milliseconds."""
    spans = []
    for _ in range(TIMES):
        start = time.perf_counter()
        act()
        spans.append((time.perf_counter() - start) * 1000)
    return median(spans)


def run() -> list[Row]:
    """Return the two rows: writing alone, and figures' page with writing, each beside the command line."""
    folder = template_root() / "pdf"
    writer = WeasyPrintWriter(folder)
    figures = ward_figures()

    def page() -> str:
        heading = heading_for(figures.unit, "Tỉnh ủy Bắc Ninh", "Từ Sơn")
        return render_quarter_html(quarter_page(figures, ReportTexts(), heading, now=_NOW, anchor="1:00"))

    html = page()
    pages = writer.write(html).count(
        b"/Type /Page\n"
    )  # the first document finds the fonts: a worker's are found
    with tempfile.TemporaryDirectory() as scratch:
        source, target = Path(scratch) / "quarter.html", Path(scratch) / "quarter.pdf"
        source.write_text(html, encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "weasyprint",
            "--base-url",
            f"{folder.as_uri()}/",
            str(source),
            str(target),
        ]
        theirs = _timed(lambda: subprocess.run(command, check=True, capture_output=True))
    note = f"{BRANCHES} branches, {len(html) // 1024} kB of HTML" + (f", {pages} pages" if pages else "")
    beside = "WeasyPrint's command line"
    return [
        Row(
            "pdf",
            "the same HTML, warm worker",
            _timed(lambda: writer.write(html)),
            theirs,
            "ms",
            beside,
            "≤ 0.5",
            note,
        ),
        Row(
            "pdf",
            "figures → HTML → PDF, warm",
            _timed(lambda: writer.write(page())),
            theirs,
            "ms",
            beside,
            "",
            note,
        ),
    ]
