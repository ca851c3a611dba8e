"""A small report about nobody, with every table, chart and face of the real one: it warms what sets reports."""

from datetime import datetime
from decimal import Decimal

from tracker.domain.dates import ZONE, Quarter
from tracker.domain.quarter import BranchRow, MeetingRow, QuarterFigures, TicketRow, UnitHead, quarter_figures
from tracker.reports.quarter import ReportTexts, heading_for, quarter_page, render_quarter_html

_QUARTER = Quarter(2026, 1)
_NOW = datetime(2026, 4, 1, 8, tzinfo=ZONE)
_UNIT = UnitHead("MAU", "Đảng bộ mẫu", "party_committee")
_TYPES = ("khu_pho", "co_quan")
_LINES = {"mot": (Decimal(8), Decimal(10)), "hai": (Decimal(82), Decimal(90))}


def _meeting(branch: int, month: int) -> MeetingRow:
    held_on = _QUARTER.start.replace(month=month, day=3)
    return MeetingRow(
        10 * branch + month, branch, "both", held_on, 95, 18, 20, branch == 1,
        Decimal(90), "tot", Decimal(89) if branch == 1 else None, "kha" if branch == 1 else None, _LINES,
    )  # fmt: skip


def _figures(before: QuarterFigures | None) -> QuarterFigures:
    branches = [
        BranchRow(number, f"MAU-{number}", f"Chi bộ mẫu {number}", kind, 1, _UNIT.name)
        for number, kind in enumerate(_TYPES, start=1)
    ]
    meetings = [_meeting(1, 1), _meeting(1, 2), _meeting(2, 3)]
    due = datetime(2026, 1, 19, 17, tzinfo=ZONE)
    ticket = TicketRow(
        1, "MAU-0001", 1, "MAU", "Đơn vị mẫu", "khac", "thuong", "routed", False, _QUARTER.start, due, level=2
    )
    return quarter_figures(
        _UNIT, _QUARTER, _QUARTER.start, _QUARTER.end, _QUARTER.months[-1], branches, meetings, [ticket],
        before, _NOW, {"mot": "Tiêu chí mẫu", "hai": "Tiêu chí mẫu khác"},
    )  # fmt: skip


def specimen_html() -> str:
    """Return the specimen as HTML for the PDF writer: the same at every call."""
    figures = _figures(_figures(None))
    texts = ReportTexts("Đoạn mẫu.", "Đoạn mẫu.")
    page = quarter_page(
        figures,
        texts,
        heading_for(_UNIT, "Cấp trên mẫu", "Nơi mẫu"),
        now=_NOW,
        anchor="0:0",
        level_words={2: "Bậc mẫu"},
    )
    return render_quarter_html(page)
