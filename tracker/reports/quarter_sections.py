"""The report's sections, each turned from figures into the words and numbers that its template prints."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from tracker.domain.dates import date_words
from tracker.domain.numbers import decimal_words, percent_words, whole_words
from tracker.domain.org import BRANCH_TYPE_WORDS
from tracker.domain.quarter import Mean, QuarterFigures, Share
from tracker.domain.quarter.branches import BranchFigures, Deduction, MonthMark
from tracker.domain.quarter.concerns import ConcernCounts, OldConcern
from tracker.domain.quarter.meetings import GRADE_WORDS, CriterionFigures
from tracker.domain.quarter.numbers import NOTHING

MARK_LETTERS: Mapping[str, str] = {"tot": "T", "kha": "K", "trung_binh": "TB", "kem": "Kém"}


def type_words(branch_type: str) -> str:
    """Return the Vietnamese name of a type of branches; an unknown code stands for itself."""
    return BRANCH_TYPE_WORDS.get(branch_type, branch_type)


def _points(number: Decimal | None) -> str:
    return NOTHING if number is None else decimal_words(number)


def _signed(number: Decimal | None) -> str:
    if number is None:
        return NOTHING
    return f"+{decimal_words(number)}" if number > 0 else decimal_words(number)


def meeting_section(figures: QuarterFigures) -> dict[str, Any]:
    """Return section I: what was due and held, by month and by type of branch."""
    meetings = figures.meetings
    return {
        "branches": whole_words(meetings.branches),
        "branch_count": meetings.branches,
        "held": meetings.held.words,
        "complete": meetings.branches_complete.words,
        "thematic": meetings.thematic_branches.words,
        "carried": meetings.carried,
        "roll": meetings.roll.words,
        "months": [
            {
                "name": f"Tháng {month.month.month}",
                "is_complete": month.is_complete,
                "due": whole_words(month.held.denominator),
                "held": whole_words(month.held.numerator),
                "percent": month.held.percent_words,
                "missed": whole_words(month.held.rest),
                "thematic": whole_words(month.thematic),
            }
            for month in meetings.months
        ],
        "missed": whole_words(meetings.held.rest),
        "types": [
            {
                "name": type_words(kind.branch_type),
                "branches": whole_words(kind.branches),
                "due": whole_words(kind.held.denominator),
                "held": whole_words(kind.held.numerator),
                "percent": kind.held.percent_words,
                "grades": [whole_words(count) for count in kind.grades.values],
                "raised": whole_words(kind.concerns.raised),
                "in_time": kind.concerns.in_time.words,
                "accepted": kind.concerns.accepted.words,
                "overdue": whole_words(kind.concerns.overdue),
                "superior": kind.superior.words,
            }
            for kind in figures.types
        ],
    }


def _criterion(place: int, group: CriterionFigures) -> dict[str, Any]:
    percent = group.ratio * 100
    return {
        "name": group.name,
        "mean": _points(Mean(group.points, group.meetings).value),
        "most": _points(Mean(group.most, group.meetings).value),
        "meetings": whole_words(group.meetings),
        "percent": percent_words(percent),
        "label": f"{place}. {group.name}",
        "short": f"TC{place}",
        "value": round(float(percent), 1),
        "text": percent_words(percent),
    }


def _changes(figures: QuarterFigures) -> list[dict[str, str]]:
    now, before = figures.headline, figures.before
    if before is None:
        return []
    shares: list[tuple[str, Share, Share]] = [
        ("Sinh hoạt thường kỳ đã tổ chức", before.held, now.held),
        ("Buổi sinh hoạt xếp loại Tốt", before.good, now.good),
        ("Trả lời đúng hạn", before.in_time, now.in_time),
        ("Trả lời tại kỳ sinh hoạt kế tiếp", before.at_next_meeting, now.at_next_meeting),
        ("Chi bộ đồng ý với trả lời", before.accepted, now.accepted),
        ("Buổi sinh hoạt có cấp trên dự", before.superior, now.superior),
    ]
    rows = [_change_of_share(name, old, new) for name, old, new in shares]
    gap = None if now.points is None or before.points is None else now.points - before.points
    rows.insert(
        2, _change("Điểm bình quân một buổi", _points(before.points), _points(now.points), gap, "điểm")
    )
    overdue = Decimal(now.overdue - before.overdue)
    rows.append(
        _change(
            "Đang quá hạn trả lời",
            whole_words(before.overdue),
            whole_words(now.overdue),
            overdue,
            "kiến nghị",
        )
    )
    return rows


def _change_of_share(name: str, old: Share, new: Share) -> dict[str, str]:
    gap = None if old.percent is None or new.percent is None else new.percent - old.percent
    return _change(name, old.words, new.words, gap, "điểm phần trăm")


def _change(name: str, old: str, new: str, gap: Decimal | None, unit: str) -> dict[str, str]:
    if gap is None:
        told = "không so sánh được"
    elif gap == 0:
        told = "không đổi"
    else:
        told = f"{'tăng' if gap > 0 else 'giảm'} {decimal_words(abs(gap))} {unit}"
    return {"name": name, "before": old, "now": new, "change": told}


def quality_section(figures: QuarterFigures) -> dict[str, Any]:
    """Return section II: classes month by month, points, criteria, self against official, spread, change."""
    meetings = figures.meetings
    low = meetings.lowest_criterion
    spread = meetings.spread
    grades = meetings.all_grades
    criteria = [_criterion(place, group) for place, group in enumerate(meetings.criteria, start=1)]
    return {
        "grade_names": list(GRADE_WORDS.values()),
        "months": [
            {
                "name": f"Tháng {month.month.month}",
                "official": [whole_words(count) for count in month.official.values],
                "own": [whole_words(count) for count in month.self_only.values],
                "unscored": whole_words(month.unscored),
            }
            for month in meetings.months
        ],
        "chart": [
            {
                "label": f"Tháng {month.month.month}",
                "values": [
                    one + other
                    for one, other in zip(month.official.values, month.self_only.values, strict=True)
                ],
            }
            for month in meetings.months
        ],
        "scored": whole_words(grades.total),
        "has_scores": grades.total > 0,
        "official": Share(meetings.official.total, grades.total).words,
        "grades": [
            {"name": name, "share": Share(count, grades.total).words}
            for name, count in zip(GRADE_WORDS.values(), grades.values, strict=True)
        ],
        "unscored": whole_words(meetings.unscored),
        "mean": meetings.points.words,
        "criteria": criteria,
        "lowest": low.name if low else "",
        "lowest_percent": percent_words(low.ratio * 100) if low else "",
        "difference": {
            "count": whole_words(meetings.difference.mean.count),
            "has": meetings.difference.mean.count > 0,
            "mean": _signed(meetings.difference.mean.value),
            "raised": whole_words(meetings.difference.raised),
            "same": whole_words(meetings.difference.same),
            "lowered": whole_words(meetings.difference.lowered),
        },
        "spread": {
            "branches": whole_words(spread.branches),
            "has": spread.branches > 1,
            "lowest": _points(spread.lowest),
            "middle": _points(spread.middle),
            "highest": _points(spread.highest),
            "width": _points(spread.width),
        },
        "changes": _changes(figures),
    }


def _counts(counts: ConcernCounts) -> dict[str, str]:
    return {
        "raised": whole_words(counts.raised),
        "on_the_spot": whole_words(counts.on_the_spot),
        "in_time": counts.in_time.words,
        "at_next_meeting": counts.at_next_meeting.words,
        "accepted": counts.accepted.words,
        "reopened": whole_words(counts.reopened),
        "overdue": whole_words(counts.overdue),
        "open": whole_words(counts.open),
    }


def _state(old: OldConcern) -> str:
    if old.is_answered:
        return "chờ chi bộ"
    return "quá hạn" if old.is_overdue else "trong hạn"


def concern_section(figures: QuarterFigures, level_words: Mapping[int, str]) -> dict[str, Any]:
    """Return section III: what was raised and what became of it, without the words of any concern."""
    concerns = figures.concerns
    return {
        **_counts(concerns.whole),
        "raised_count": concerns.whole.raised,
        "carried": _counts(concerns.carried),
        "carried_count": concerns.carried.raised,
        "all_overdue": whole_words(concerns.overdue),
        "restricted": concerns.restricted.words,
        "bodies": [
            {"name": body.name or "Chờ phân loại", **_counts(body.counts)} for body in concerns.bodies
        ],
        "levels": [
            {
                "name": level_words.get(level.level, "Bậc nay không còn dùng"),
                "count": whole_words(level.count),
            }
            for level in concerns.levels
        ],
        "oldest": [
            {
                "number": old.number,
                "branch": old.branch_name,
                "body": old.body_name or "Chờ phân loại",
                "raised_on": date_words(old.raised_on),
                "days": whole_words(old.days_open),
                "state": _state(old),
            }
            for old in concerns.oldest
        ],
    }


def superior_section(figures: QuarterFigures) -> dict[str, Any]:
    """Return section IV: meetings that a superior attended, and at which branches."""
    superiors = figures.meetings.superiors
    groups = [
        ("Chi bộ điển hình", superiors.model),
        ("Chi bộ khó khăn, phức tạp", superiors.difficult),
        ("Các chi bộ còn lại", superiors.others),
        ("Một phần ba chi bộ có điểm bình quân cao nhất", superiors.strong),
        ("Một phần ba chi bộ có điểm bình quân thấp nhất", superiors.weak),
    ]
    return {
        "attended": superiors.attended.words,
        "reached": superiors.branches_reached.words,
        "never": Share(superiors.branches_reached.rest, superiors.branches_reached.denominator).words,
        "groups": [
            {
                "name": name,
                "held": whole_words(share.denominator),
                "attended": whole_words(share.numerator),
                "percent": share.percent_words,
            }
            for name, share in groups
        ],
    }


def _mark(mark: MonthMark) -> str:
    if not mark.is_held:
        return "không họp" if mark.is_due else "–"
    if mark.grade is None:
        return "chưa chấm"
    points = "" if mark.points is None else f"{decimal_words(mark.points)}\u00a0"
    return f"{points}{MARK_LETTERS[mark.grade]}{'' if mark.is_official else '*'}"


def _notes(place: Mapping[str, int], held: int, lost: Sequence[Deduction]) -> str:
    """Return what was taken off in every meeting, then in some: "TC7 −2; T7, T9: TC1 −3, TC5 −3".

    Months are named once for all that was lost in them; the largest loss stays first on either side.
    """
    groups: dict[str, list[str]] = {"": []}
    for one in lost:
        months = "" if len(one.months) == held else ", ".join(f"T{month.month}" for month in one.months)
        told = f"TC{place[one.code]}\u00a0−{decimal_words(one.points)}"
        groups.setdefault(months, []).append(told)
    return "; ".join(
        f"{months}: {', '.join(told)}" if months else ", ".join(told)
        for months, told in groups.items()
        if told
    )


def _branch(place: Mapping[str, int], number: int, row: BranchFigures) -> dict[str, Any]:
    """Return a row of the annex. Months have their class beside the points: columns that count them say it twice.

    The crossed columns of the lists that wards keep [C] hold official classes only, which a quarter's isn't.
    """
    held = sum(mark.is_held for mark in row.months)
    return {
        "number": number,
        "name": row.name,
        "marks": [_mark(mark) for mark in row.months],
        "quarter": GRADE_WORDS[row.quarter_grade] if row.quarter_grade else "–",
        "notes": _notes(place, held, row.deductions),
    }


def annex_section(figures: QuarterFigures) -> dict[str, Any]:
    """Return the annex: the branches of each committee in the order given, numbered through."""
    place = {group.code: number for number, group in enumerate(figures.meetings.criteria, start=1)}
    months = figures.branches[0].months if figures.branches else ()
    numbered = enumerate(figures.branches, start=1)
    return {
        "months": [f"T{mark.month.month}" for mark in months],
        "criteria": [f"TC{place[group.code]}: {group.name}" for group in figures.meetings.criteria],
        "committees": [
            {"name": name, "rows": [_branch(place, number, row) for number, row in rows]}
            for name, rows in groupby(numbered, key=lambda pair: pair[1].committee_name)
        ],
    }
