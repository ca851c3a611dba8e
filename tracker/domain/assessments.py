"""Scoring a meeting on a rubric, the branch's vote, and the class decided above."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tracker.domain.errors import Invalid
from tracker.domain.meetings import MeetingKind, RollCall, percent
from tracker.domain.numbers import decimal_words, percent_words
from tracker.domain.rubric import GRADE_LABELS, Criterion, Grade, Level, Measure, Rubric


@dataclass(frozen=True)
class MeetingFacts:
    """What the sheet's own figures say: minutes held, minutes required, the roll call and the kind."""

    minutes: int
    required_minutes: int
    roll: RollCall
    kind: MeetingKind


@dataclass(frozen=True)
class ScoreLine:
    """A criterion's points with the reason. ``points`` is None where the criterion doesn't apply."""

    code: str
    group: str
    title: str
    max_points: int
    points: int | None
    because: str
    is_measured: bool


@dataclass(frozen=True)
class Score:
    """The scored table. ``total`` of ``reachable`` points; ``grade`` by the rubric's bounds, and why."""

    lines: tuple[ScoreLine, ...]
    total: int
    reachable: int
    grade: Grade
    because: str
    is_rescaled: bool

    @property
    def on_hundred(self) -> Decimal:
        """The figure that was graded: rescaled to 100 if the rubric says so, one decimal, cut off."""
        return percent(self.total, self.reachable) if self.is_rescaled else Decimal(self.total)


def applies(criterion: Criterion, kind: MeetingKind) -> bool:
    """True when the criterion is scored for a meeting of this kind."""
    return kind.is_thematic or not criterion.only_thematic


def asked(rubric: Rubric, kind: MeetingKind) -> tuple[Criterion, ...]:
    """Return the criteria that a person must score for a meeting of this kind, in the table's order."""
    return tuple(c for c in rubric.criteria if c.measure is None and applies(c, kind))


def score(rubric: Rubric, facts: MeetingFacts, given: Mapping[str, int]) -> Score:
    """Return the scored table: measured lines from the facts, the others from ``given`` (code → points).

    Raises Invalid, with a sentence for each criterion code that is missing, out of range, unknown, not
    applicable or decided by the sheet itself. Points are whole numbers.
    """
    if errors := check_given(rubric, facts.kind, given):
        raise Invalid("Phần chấm điểm chưa đủ hoặc chưa đúng.", errors)
    lines = tuple(_line(criterion, facts, given) for criterion in rubric.criteria)
    total = sum(line.points for line in lines if line.points is not None)
    reachable = sum(line.max_points for line in lines if line.points is not None)
    is_rescaled = rubric.rescale and reachable < rubric.max_points
    whole = reachable if is_rescaled else rubric.max_points
    grade = grade_of(rubric, total, whole)
    because = _total_because(rubric, total, reachable, whole, grade)
    return Score(lines, total, reachable, grade, because, is_rescaled)


def check_given(rubric: Rubric, kind: MeetingKind, given: Mapping[str, int]) -> dict[str, str]:
    """Return a Vietnamese sentence for each criterion code whose points can't be taken."""
    wanted = {criterion.code: criterion for criterion in asked(rubric, kind)}
    errors = {code: _why_not(rubric, code) for code in given if code not in wanted}
    for code, criterion in wanted.items():
        if code not in given:
            errors[code] = f"Chưa chấm điểm “{criterion.title}”."
        elif not isinstance(given[code], int) or isinstance(given[code], bool):
            errors[code] = "Điểm phải là số nguyên."
        elif not criterion.takes(given[code]):
            errors[code] = _out_of_range(criterion)
    return errors


def _why_not(rubric: Rubric, code: str) -> str:
    criterion = next((item for item in rubric.criteria if item.code == code), None)
    if criterion is None:
        return "Bảng chấm điểm không có tiêu chí này."
    if criterion.measure is not None:
        return f"Điểm “{criterion.title}” được tính từ số liệu của phiếu, không nhập tay."
    return f"“{criterion.title}” chỉ chấm khi có sinh hoạt chuyên đề."


def _out_of_range(criterion: Criterion) -> str:
    if criterion.choices:
        steps = ", ".join(str(choice.points) for choice in criterion.choices)
        return f"Hãy chọn một trong các mức điểm: {steps}."
    return f"Điểm phải từ 0 đến {criterion.max_points}."


def _line(criterion: Criterion, facts: MeetingFacts, given: Mapping[str, int]) -> ScoreLine:
    points: int | None
    if not applies(criterion, facts.kind):
        points, because = None, "Không áp dụng: buổi này không có sinh hoạt chuyên đề."
    elif criterion.measure is None:
        points = given[criterion.code]
        because = next(
            (choice.label for choice in criterion.choices if choice.points == points), "Chi bộ tự chấm"
        )
        because = f"{because}: {_points_words(points, criterion)}."
    else:
        points, because = measured(criterion, facts)
    return ScoreLine(
        code=criterion.code,
        group=criterion.group,
        title=criterion.title,
        max_points=criterion.max_points,
        points=points,
        because=because,
        is_measured=criterion.measure is not None,
    )


def measured(criterion: Criterion, facts: MeetingFacts) -> tuple[int, str]:
    """Return the points that the sheet's figures give a measured criterion, and why (Vietnamese).

    Raises ValueError for a criterion that a person scores. Bounds are compared in whole numbers.
    """
    if criterion.measure is Measure.DURATION:
        return _duration(criterion, facts)
    if criterion.measure is Measure.ATTENDANCE:
        return _attendance(criterion, facts.roll)
    if criterion.measure is Measure.NO_UNEXCUSED:
        return _no_unexcused(criterion, facts.roll)
    raise ValueError(f"not measured: {criterion.code}")


def _duration(criterion: Criterion, facts: MeetingFacts) -> tuple[int, str]:
    level = _reached(criterion.levels, 100 * facts.minutes, facts.required_minutes)
    short = facts.required_minutes - facts.minutes
    lack = f", thiếu {short} phút" if short > 0 else ""
    words = f"Buổi họp dài {facts.minutes} phút, yêu cầu {facts.required_minutes} phút{lack}"
    return level.points, f"{words}: {_points_words(level.points, criterion)}."


def _attendance(criterion: Criterion, roll: RollCall) -> tuple[int, str]:
    level = _reached(criterion.levels, 100 * roll.present, max(1, roll.expected))
    words = f"Có mặt {roll.present}/{roll.expected} đảng viên phải dự ({percent_words(roll.percent)})"
    points = level.points
    if criterion.if_unexcused is not None and roll.unexcused > 0:
        points = min(points, criterion.if_unexcused)
        words += f", có {roll.unexcused} người vắng không lý do"
    return points, f"{words}: {_points_words(points, criterion)}."


def _no_unexcused(criterion: Criterion, roll: RollCall) -> tuple[int, str]:
    points = criterion.max_points if roll.unexcused == 0 else 0
    words = "Không ai vắng không lý do" if points else f"Có {roll.unexcused} người vắng không lý do"
    return points, f"{words}: {_points_words(points, criterion)}."


def _reached(levels: tuple[Level, ...], value: int, whole: int) -> Level:
    """Return the first level whose bound is reached; the last takes the rest, whatever its bound says."""
    return next((level for level in levels if value >= level.lower_bound(whole)), levels[-1])


def _points_words(points: int, criterion: Criterion) -> str:
    return f"đủ {points} điểm" if points == criterion.max_points else f"{points}/{criterion.max_points} điểm"


def grade_of(rubric: Rubric, total: int, whole: int) -> Grade:
    """Return the class of ``total`` points of ``whole``; bounds are inclusive, compared in whole numbers."""
    return next((row.grade for row in rubric.grades if 100 * total >= row.at_least * whole), Grade.KEM)


def _total_because(rubric: Rubric, total: int, reachable: int, whole: int, grade: Grade) -> str:
    bound = next(row.at_least for row in rubric.grades if row.grade is grade)
    least = f"từ {bound} điểm" if bound else f"dưới {rubric.grades[-2].at_least} điểm"
    verdict = f"mức {GRADE_LABELS[grade]} ({least})"
    if reachable == rubric.max_points:
        return f"Đạt {total}/{reachable} điểm: {verdict}."
    left_out = rubric.max_points - reachable
    opening = (
        f"Có {left_out} điểm không áp dụng cho buổi này, nên tối đa là {reachable}. Đạt {total}/{reachable}"
    )
    if whole == reachable:
        return f"{opening}, quy đổi {decimal_words(percent(total, whole))}/100 điểm: {verdict}."
    return f"{opening}, không quy đổi: {verdict}."


def check_vote(agree: int, total: int, eligible: int) -> dict[str, str]:
    """Return what is wrong with the vote on the self-score, by field; empty when it can stand.

    ``total`` counts those who voted, ``eligible`` the official members present; where only the roll is
    known pass ``RollCall.most_voters``. Probationary members don't vote [M]. Fields: votes_for, votes_total.
    """
    votes = {"votes_for": agree, "votes_total": total}
    if errors := {field: "Số phiếu không được nhỏ hơn 0." for field, n in votes.items() if n < 0}:
        return errors
    if total == 0:
        return {"votes_total": "Chưa nhập số đảng viên biểu quyết."}
    if total > eligible:
        return {
            "votes_total": f"Số biểu quyết là {total}, nhưng chỉ có {eligible} đảng viên chính thức có mặt "
            "được biểu quyết. Hãy sửa lại; đảng viên dự bị không biểu quyết."
        }
    if agree > total:
        return {"votes_for": f"Số tán thành là {agree}, lớn hơn số biểu quyết là {total}. Hãy sửa lại."}
    return {}


@dataclass(frozen=True)
class SelfScoring:
    """The branch's own scoring: points by criterion code, and the vote if one was taken."""

    given: Mapping[str, int]
    votes_for: int | None = None
    votes_total: int | None = None


@dataclass(frozen=True)
class OfficialClass:
    """The class that the direct upper committee decides, with its reason."""

    grade: Grade
    reason: str = ""


def check_official(proposed: Grade, decided: OfficialClass) -> dict[str, str]:
    """Return what is missing from the decision, by field: a class that differs needs a reason."""
    if decided.grade is not proposed and not decided.reason.strip():
        return {
            "reason": f"Chi bộ đề nghị mức {GRADE_LABELS[proposed]}, quyết định mức "
            f"{GRADE_LABELS[decided.grade]}: hãy ghi lý do."
        }
    return {}


@dataclass(frozen=True)
class Weakest:
    """The group of criteria with the lowest share of its reachable points over several scores."""

    code: str
    title: str
    points: int
    reachable: int

    @property
    def share_words(self) -> str:
        """Return "24/30 (80 %)"."""
        return f"{self.points}/{self.reachable} ({percent_words(percent(self.points, self.reachable))})"


def weakest_group(rubric: Rubric, lines: Iterable[ScoreLine]) -> Weakest | None:
    """Return the weakest group over the lines of one or many scores; None when nothing was scored.

    On a tie the first in the table is returned.
    """
    scored = [(line.group, line.points, line.max_points) for line in lines if line.points is not None]
    found: Weakest | None = None
    for group in rubric.groups:
        points = sum(given for code, given, _ in scored if code == group.code)
        reachable = sum(most for code, _, most in scored if code == group.code)
        if reachable and (found is None or points * found.reachable < found.points * reachable):
            found = Weakest(group.code, group.title, points, reachable)
    return found
