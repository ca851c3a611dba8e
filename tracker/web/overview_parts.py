"""The overview's parts as values: what its figures are called, charts, and the units below beside each other."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.domain.org import UnitKind, UnitNode
from tracker.domain.quarter import Share
from tracker.domain.quarter.branches import BranchFigures
from tracker.domain.quarter.rows import BranchRow
from tracker.reports.quarter_sections import (
    annex_section,
    meeting_section,
    quality_section,
    superior_section,
    type_words,
)
from tracker.services.overview import Overview

FIGURE_WORDS: Mapping[str, str] = {
    "raised": "Kiến nghị nêu trong kỳ",
    "on_the_spot": "Giải quyết ngay tại cuộc họp",
    "in_time": "Trả lời đúng hạn",
    "not_in_time": "Không trả lời đúng hạn",
    "told": "Báo lại chi bộ ngay kỳ họp kế tiếp",
    "not_told": "Chưa báo lại ở kỳ họp kế tiếp",
    "accepted": "Chi bộ đồng ý với trả lời",
    "not_accepted": "Đã trả lời, chi bộ chưa kết luận hoặc chưa đồng ý",
    "reopened": "Chi bộ từng chưa đồng ý",
    "new_overdue": "Nêu trong kỳ, đang quá hạn trả lời",
    "open": "Nêu trong kỳ, chưa kết thúc",
    "overdue": "Đang quá hạn trả lời",
    "carried": "Từ kỳ trước chuyển sang",
    "meetings": "Các buổi sinh hoạt trong kỳ",
    "thematic": "Sinh hoạt chuyên đề",
    "official": "Đã có mức chính thức",
    "undecided": "Chi bộ đã tự chấm, chờ quyết định mức",
    "unscored": "Chưa chấm điểm",
    "attended": "Có cấp trên dự",
    "not_attended": "Không có cấp trên dự",
    "grade-tot": "Xếp loại Tốt",
    "grade-kha": "Xếp loại Khá",
    "grade-trung_binh": "Xếp loại Trung bình",
    "grade-kem": "Xếp loại Kém",
    "held": "Đã sinh hoạt thường kỳ",
    "missed": "Đến kỳ mà chưa có phiếu sinh hoạt thường kỳ",
}
"""What each figure is called above its rows; the levels of the ladder are named by the ladder itself."""

TABS = (
    ("in_time", "not_in_time"),
    ("told", "not_told"),
    ("accepted", "not_accepted"),
    ("held", "missed"),
    ("attended", "not_attended"),
    ("official", "undecided", "unscored"),
    ("grade-tot", "grade-kha", "grade-trung_binh", "grade-kem"),
)
"""Figures that make a whole together."""

GRADES = ("tot", "kha", "trung_binh", "kem")


@dataclass(frozen=True)
class UnitLine:
    """One unit below, beside the others. ``marks`` are a branch's months as in the report's annex."""

    id: int
    name: str
    branches: int
    held: Share
    raised: int
    overdue: int
    marks: tuple[str, ...] = ()

    @property
    def needs_care(self) -> bool:
        """Whether something is overdue or a sheet is missing; these are shown first."""
        return self.overdue > 0 or self.held.rest > 0


def page_parts(seen: Overview) -> dict[str, Any]:
    """Return the sections that the page has in common with the PDF, in the same words and from the same figures."""
    figures = seen.figures
    return {
        "figures": figures,
        "quality": quality_section(figures),
        "months": meeting_section(figures)["months"],
        "superiors": superior_section(figures),
        "mark_heads": annex_section(figures)["months"],
        "type_words": type_words,
        "grades": GRADES,
        "in_time_chart": [
            {
                "label": body.name or "Chờ phân loại",
                "value": float(body.counts.in_time.percent or 0),
                "text": body.counts.in_time.words,
            }
            for body in figures.concerns.bodies
            if body.counts.in_time.denominator
        ],
    }


def by_unit(seen: Overview, unit: UnitNode) -> list[UnitLine]:
    """Return the units below: the wards of the province, the branches of a ward, nothing below a branch."""
    if unit.kind == UnitKind.BRANCH:
        return []
    pairs = list(zip(seen.rows.branches, seen.figures.branches, strict=True))
    if all(branch.committee_id == unit.id for branch, _ in pairs):
        marks = [row["marks"] for part in annex_section(seen.figures)["committees"] for row in part["rows"]]
        return [
            _line(branch.id, branch.name, [(branch, row)], tuple(marked))
            for (branch, row), marked in zip(pairs, marks, strict=True)
        ]
    groups: dict[int, list[tuple[BranchRow, BranchFigures]]] = defaultdict(list)
    for branch, row in pairs:
        groups[branch.committee_id].append((branch, row))
    return [_line(key, group[0][0].committee_name, group) for key, group in groups.items()]


def _line(
    unit_id: int, name: str, group: list[tuple[BranchRow, BranchFigures]], marks: tuple[str, ...] = ()
) -> UnitLine:
    due = [mark for _, row in group for mark in row.months if mark.is_due]
    return UnitLine(
        id=unit_id,
        name=name,
        branches=len(group),
        held=Share(sum(mark.is_held for mark in due), len(due)),
        raised=sum(row.raised for _, row in group),
        overdue=sum(row.overdue for _, row in group),
        marks=marks,
    )
