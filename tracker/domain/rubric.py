"""The scoring table as a value: groups, criteria, levels, grades; read from dated data, checked on load."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from tracker.domain.dates import date_words
from tracker.domain.errors import Invalid, NotFound
from tracker.domain.meetings import USUAL_RHYTHM, DurationRule, Rhythm


class Grade(StrEnum):
    """The four classes of a meeting, as five sources from different provinces name them (domain.md §2.6)."""

    TOT = "tot"
    KHA = "kha"
    TRUNG_BINH = "trung_binh"
    KEM = "kem"

    @property
    def rank(self) -> int:
        """0 for Kém up to 3 for Tốt, for comparing."""
        return (Grade.KEM, Grade.TRUNG_BINH, Grade.KHA, Grade.TOT).index(self)


GRADE_LABELS: dict[Grade, str] = {
    Grade.TOT: "Tốt",
    Grade.KHA: "Khá",
    Grade.TRUNG_BINH: "Trung bình",
    Grade.KEM: "Kém",
}


class Measure(StrEnum):
    """What the sheet's own figures decide, so that nobody has to type it."""

    DURATION = "duration"
    ATTENDANCE = "attendance"
    NO_UNEXCUSED = "no_unexcused"


@dataclass(frozen=True)
class Level:
    """One step of a criterion. The measured value must reach ``at_least`` per cent (inclusive).

    For a duration ``short_by`` may stand instead: the minutes that may be missing at most.
    Neither: the level that takes what is left.
    """

    points: int
    label: str
    at_least: int | None = None
    short_by: int | None = None

    def lower_bound(self, whole: int) -> int:
        """Return the least value, times 100, that reaches this level when ``whole`` is the full measure."""
        if self.short_by is not None:
            return 100 * (whole - self.short_by)
        return (self.at_least or 0) * whole


@dataclass(frozen=True)
class CriterionGroup:
    code: str
    title: str
    max_points: int


@dataclass(frozen=True)
class Criterion:
    """One line of the table. ``levels`` are for a measured line, ``choices`` for one that a person scores.

    A person's line without choices takes any whole number from 0 to ``max_points``. ``if_unexcused`` caps
    an attendance line when somebody was absent without reason. ``only_thematic``: only in such a month.
    """

    code: str
    group: str
    title: str
    max_points: int
    measure: Measure | None = None
    levels: tuple[Level, ...] = ()
    choices: tuple[Level, ...] = ()
    only_thematic: bool = False
    if_unexcused: int | None = None

    def takes(self, points: int) -> bool:
        """True when a person may give so many points."""
        if self.choices:
            return any(choice.points == points for choice in self.choices)
        return 0 <= points <= self.max_points


@dataclass(frozen=True)
class GradeBound:
    """A class and the lowest share of the reachable points, in per cent, that earns it (inclusive)."""

    grade: Grade
    at_least: int


@dataclass(frozen=True)
class Rubric:
    """A scoring table with its validity [valid_from, valid_to), source and evidence tag (S, C, M, X, G)."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None
    source: str
    tag: str
    groups: tuple[CriterionGroup, ...]
    criteria: tuple[Criterion, ...]
    grades: tuple[GradeBound, ...]
    durations: DurationRule
    rhythm: Rhythm = USUAL_RHYTHM
    rescale: bool = False
    notes: tuple[str, ...] = ()

    @property
    def max_points(self) -> int:
        return sum(group.max_points for group in self.groups)

    def covers(self, on: date) -> bool:
        """True when the table is valid on that day; ``valid_to`` itself is outside."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def of_group(self, code: str) -> tuple[Criterion, ...]:
        """Return the group's criteria in the table's order."""
        return tuple(criterion for criterion in self.criteria if criterion.group == code)

    def group_title(self, code: str) -> str:
        """Return the group's title; raise KeyError for an unknown code."""
        return {group.code: group.title for group in self.groups}[code]


def rubric_on(rubrics: Sequence[Rubric], on: date) -> Rubric:
    """Return the table valid on that day, the latest begun if there are several.

    Raises NotFound when none is valid: a score without a rule of its day would mean nothing.
    """
    valid = [rubric for rubric in rubrics if rubric.covers(on)]
    if not valid:
        raise NotFound(f"Không có bảng chấm điểm nào có hiệu lực vào ngày {date_words(on)}.")
    return max(valid, key=lambda rubric: rubric.valid_from)


def read_rubric(data: Mapping[str, Any]) -> Rubric:
    """Return the table that the data describes, checked.

    Raises Invalid when a part is missing or of the wrong kind, when sums differ from the group or from 100,
    or when levels have gaps; ``fields`` then maps "criteria.CODE", "groups.CODE", "grades"… to a sentence.
    """
    try:
        rubric = _build(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(f"Bảng chấm điểm thiếu phần hoặc sai kiểu dữ liệu: {error}.") from error
    if errors := dict(check_rubric(rubric)):
        raise Invalid("Bảng chấm điểm chưa đúng: " + " ".join(errors.values()), errors)
    return rubric


def _build(data: Mapping[str, Any]) -> Rubric:
    ends = data.get("valid_to")
    return Rubric(
        code=data["code"],
        name=data["name"],
        valid_from=date.fromisoformat(data["valid_from"]),
        valid_to=date.fromisoformat(ends) if ends else None,
        source=data["source"],
        tag=data["tag"],
        groups=tuple(CriterionGroup(g["code"], g["title"], g["max_points"]) for g in data["groups"]),
        criteria=tuple(_criterion(g["code"], item) for g in data["groups"] for item in g["criteria"]),
        grades=tuple(GradeBound(Grade(row["code"]), row["at_least"]) for row in data["grades"]),
        durations=DurationRule(**data["durations"]),
        rhythm=Rhythm(**data["rhythm"]),
        rescale=data.get("rescale", False),
        notes=tuple(data.get("notes", ())),
    )


def _criterion(group: str, item: Mapping[str, Any]) -> Criterion:
    return Criterion(
        code=item["code"],
        group=group,
        title=item["title"],
        max_points=item["max_points"],
        measure=Measure(item["measure"]) if item.get("measure") else None,
        levels=tuple(Level(**level) for level in item.get("levels", ())),
        choices=tuple(Level(**choice) for choice in item.get("choices", ())),
        only_thematic=item.get("only_thematic", False),
        if_unexcused=item.get("if_unexcused"),
    )


def check_rubric(rubric: Rubric) -> Iterator[tuple[str, str]]:
    """Yield (field, Vietnamese sentence) for each thing wrong with the table."""
    if rubric.tag not in ("S", "C", "M", "X", "G"):
        yield "tag", f"Nhãn nguồn “{rubric.tag}” không thuộc S, C, M, X, G."
    if rubric.valid_to is not None and rubric.valid_to <= rubric.valid_from:
        yield "valid_to", "Ngày hết hiệu lực phải sau ngày có hiệu lực."
    if rubric.max_points != 100:
        yield "groups", f"Tổng điểm các nhóm là {rubric.max_points}, phải là 100."
    yield from _check_codes(rubric)
    for group in rubric.groups:
        total = sum(criterion.max_points for criterion in rubric.of_group(group.code))
        if total != group.max_points:
            yield (
                f"groups.{group.code}",
                f"Nhóm “{group.title}”: các tiêu chí cộng lại {total} điểm, phải là {group.max_points}.",
            )
    for criterion in rubric.criteria:
        if sentence := _criterion_problem(criterion, _wholes(criterion, rubric.durations)):
            yield f"criteria.{criterion.code}", f"Tiêu chí “{criterion.title}”: {sentence}"
    yield from _check_grades(rubric.grades)


def _check_codes(rubric: Rubric) -> Iterator[tuple[str, str]]:
    groups = [group.code for group in rubric.groups]
    codes = [criterion.code for criterion in rubric.criteria]
    for name, values in (("groups", groups), ("criteria", codes)):
        for code in sorted({code for code in values if values.count(code) > 1}):
            yield f"{name}.{code}", f"Mã “{code}” bị lặp."


def _wholes(criterion: Criterion, rule: DurationRule) -> tuple[int, ...]:
    """Return the full measures for which the levels must be gap-free: each required time, or 100 per cent."""
    if criterion.measure is not Measure.DURATION:
        return (100,)
    usual = {rule.regular, rule.thematic, rule.both}
    return tuple(sorted(usual | ({rule.large} if rule.large else set())))


def _criterion_problem(criterion: Criterion, wholes: tuple[int, ...]) -> str | None:
    if criterion.max_points <= 0:
        return "điểm tối đa phải lớn hơn 0."
    if criterion.measure in (Measure.DURATION, Measure.ATTENDANCE):
        return _levels_problem(criterion.levels, criterion.max_points, wholes)
    if criterion.levels:
        return "chỉ tiêu chí đo thời lượng hoặc tỷ lệ dự mới có các mức đo."
    if criterion.measure is not None and criterion.choices:
        return "phần mềm đã tính thì không có lựa chọn cho người chấm."
    if criterion.choices:
        return _choices_problem(criterion.choices, criterion.max_points)
    return None


def _levels_problem(levels: tuple[Level, ...], max_points: int, wholes: tuple[int, ...]) -> str | None:
    """Return what is wrong: levels must start at full measure's points, descend, and end with the rest."""
    if not levels:
        return "chưa có các mức đo."
    if problem := _choices_problem(levels, max_points):
        return problem
    for whole in wholes:
        bounds = [level.lower_bound(whole) for level in levels]
        if bounds[-1] > 0:
            return "mức cuối phải nhận mọi trường hợp còn lại, nếu không sẽ có khoảng trống."
        if bounds != sorted(set(bounds), reverse=True):
            return "ngưỡng của các mức phải giảm dần, không trùng nhau."
        if bounds[0] > 100 * whole:
            return "ngưỡng của mức cao nhất không thể đạt được."
    return None


def _choices_problem(choices: tuple[Level, ...], max_points: int) -> str | None:
    points = [choice.points for choice in choices]
    if points[0] != max_points:
        return f"mức cao nhất là {points[0]} điểm, phải là {max_points}."
    if points != sorted(set(points), reverse=True) or points[-1] < 0:
        return "điểm của các mức phải giảm dần và không nhỏ hơn 0."
    return None


def _check_grades(grades: tuple[GradeBound, ...]) -> Iterator[tuple[str, str]]:
    bounds = [row.at_least for row in grades]
    if [row.grade for row in grades] != list(Grade):
        yield "grades", "Phải có đủ bốn mức Tốt, Khá, Trung bình, Kém theo thứ tự đó."
    elif bounds[-1] != 0 or bounds[0] > 100 or bounds != sorted(set(bounds), reverse=True):
        yield "grades", "Ngưỡng xếp loại phải giảm dần từ tối đa 100 đến 0."
