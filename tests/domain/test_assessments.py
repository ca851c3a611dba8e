"""Scores explain themselves, never leave their bounds, and more is never worse."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tracker.data
from tracker.domain.assessments import (
    MeetingFacts,
    Score,
    asked,
    check_vote,
    grade_of,
    score,
    weakest_group,
)
from tracker.domain.errors import Invalid
from tracker.domain.meetings import MeetingKind, RollCall
from tracker.domain.quarter_class import QUARTER_LABEL, MonthResult, quarter_class
from tracker.domain.rubric import Grade, Rubric, read_rubric

DATA = Path(tracker.data.__path__[0]) / "assessments"
HD42, AN_PHU = (read_rubric(json.loads((DATA / f"{code}.json").read_text())) for code in ("hd42", "an_phu"))
ROLL = RollCall(official=28, probationary=1, exempt=2, present=27)
FACTS = MeetingFacts(95, 90, ROLL, MeetingKind.REGULAR)


def full(rubric: Rubric, kind: MeetingKind = MeetingKind.REGULAR) -> dict[str, int]:
    return {criterion.code: criterion.max_points for criterion in asked(rubric, kind)}


def line_of(result: Score, code: str) -> tuple[int | None, str]:
    line = next(line for line in result.lines if line.code == code)
    return line.points, line.because


def test_a_long_enough_meeting_gets_all_points_and_says_why() -> None:
    points, because = line_of(score(HD42, FACTS, full(HD42)), "duration")
    assert points == 5
    assert because == "Buổi họp dài 95 phút, yêu cầu 90 phút: đủ 5 điểm."


@pytest.mark.parametrize(
    ("minutes", "points"),
    [(90, 5), (89, 4), (75, 4), (74, 3), (60, 3), (59, 2), (45, 2), (44, 1), (0, 1)],
)
def test_each_duration_falls_on_one_level(minutes: int, points: int) -> None:
    result = score(HD42, replace(FACTS, minutes=minutes), full(HD42))
    assert line_of(result, "duration")[0] == points


@pytest.mark.parametrize(("present", "points"), [(90, 4), (89, 3), (75, 3), (74, 2), (65, 2), (64, 1)])
def test_attendance_is_compared_in_whole_numbers(present: int, points: int) -> None:
    roll = RollCall(official=100, present=present, excused=100 - present)
    assert line_of(score(HD42, replace(FACTS, roll=roll), full(HD42)), "attendance_rate")[0] == points


def test_eighty_nine_point_nine_six_per_cent_is_not_ninety() -> None:
    roll = RollCall(official=1245, present=1120, excused=125)
    points, because = line_of(score(HD42, replace(FACTS, roll=roll), full(HD42)), "attendance_rate")
    assert points == 3
    assert "89,9\u00a0%" in because


def test_somebody_absent_without_reason_costs_the_point_and_in_an_phu_the_whole_level() -> None:
    facts = replace(FACTS, roll=replace(ROLL, present=26, unexcused=1))
    assert line_of(score(HD42, facts, full(HD42)), "no_unexcused")[0] == 0
    assert line_of(score(AN_PHU, facts, full(AN_PHU)), "attendance_rate")[0] == 1
    assert line_of(score(AN_PHU, FACTS, full(AN_PHU)), "attendance_rate")[0] == 4


def test_an_empty_roll_earns_no_attendance() -> None:
    facts = replace(FACTS, roll=RollCall(official=0))
    assert line_of(score(HD42, facts, full(HD42)), "attendance_rate")[0] == 1


def test_a_month_without_thematic_meeting_is_rescaled_openly() -> None:
    result = score(AN_PHU, FACTS, full(AN_PHU))
    assert (result.total, result.reachable, result.on_hundred) == (95, 95, Decimal("100.0"))
    assert line_of(result, "thematic_content")[0] is None
    assert "5 điểm không áp dụng" in result.because
    assert "quy đổi 100/100" in result.because


def test_without_rescaling_the_missing_points_are_missing_and_it_is_said() -> None:
    strict = replace(AN_PHU, rescale=False)
    points = full(AN_PHU) | {"last_conclusions": 24}
    assert score(AN_PHU, FACTS, points).grade is Grade.TOT
    result = score(strict, FACTS, points)
    assert (result.total, result.grade) == (89, Grade.KHA)
    assert "không quy đổi" in result.because


def test_with_a_thematic_meeting_all_hundred_points_can_be_reached() -> None:
    facts = MeetingFacts(120, 120, ROLL, MeetingKind.BOTH)
    result = score(AN_PHU, facts, full(AN_PHU, MeetingKind.BOTH))
    assert (result.total, result.reachable, result.is_rescaled) == (100, 100, False)


def test_missing_and_impossible_points_are_told_beside_their_criterion() -> None:
    points = full(HD42) | {"chairing": 11, "discussion": -1, "duration": 5, "nothing": 1}
    del points["ending"]
    with pytest.raises(Invalid) as refused:
        score(HD42, FACTS, points)
    assert set(refused.value.fields) == {"chairing", "discussion", "duration", "nothing", "ending"}
    assert refused.value.fields["chairing"] == "Điểm phải từ 0 đến 10."


def test_points_between_two_steps_or_not_whole_or_not_applicable_are_refused() -> None:
    points: dict[str, int] = full(AN_PHU) | {"last_conclusions": 28, "praise": True, "thematic_content": 5}
    with pytest.raises(Invalid) as refused:
        score(AN_PHU, FACTS, points)
    assert set(refused.value.fields) == {"last_conclusions", "praise", "thematic_content"}
    assert "30, 27, 24" in refused.value.fields["last_conclusions"]


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        (100, "tot"),
        (90, "tot"),
        (89, "kha"),
        (70, "kha"),
        (69, "trung_binh"),
        (50, "trung_binh"),
        (49, "kem"),
    ],
)
def test_the_bounds_of_the_classes_are_inclusive(total: int, grade: str) -> None:
    assert grade_of(HD42, total, 100) == grade


@st.composite
def scorings(draw: st.DrawFn) -> tuple[Rubric, MeetingFacts, dict[str, int]]:
    rubric = draw(st.sampled_from([HD42, AN_PHU, replace(AN_PHU, rescale=False)]))
    kind = draw(st.sampled_from(MeetingKind))
    counts = [draw(st.integers(0, 60)) for _ in range(3)]
    roll = RollCall(sum(counts), present=counts[0], excused=counts[1], unexcused=counts[2])
    facts = MeetingFacts(draw(st.integers(0, 300)), draw(st.sampled_from([45, 90, 120])), roll, kind)
    points = {
        c.code: draw(
            st.sampled_from([choice.points for choice in c.choices])
            if c.choices
            else st.integers(0, c.max_points)
        )
        for c in asked(rubric, kind)
    }
    return rubric, facts, points


@given(scorings())
def test_a_total_lies_between_nothing_and_what_can_be_reached(
    case: tuple[Rubric, MeetingFacts, dict[str, int]],
) -> None:
    result = score(*case)
    assert 0 <= result.total <= result.reachable <= 100
    assert 0 <= result.on_hundred <= 100
    assert all(line.points is None or 0 <= line.points <= line.max_points for line in result.lines)
    assert all(line.because.endswith(".") for line in result.lines)


@given(scorings(), st.data())
def test_more_is_never_worse(case: tuple[Rubric, MeetingFacts, dict[str, int]], data: st.DataObject) -> None:
    rubric, facts, points = case
    code = data.draw(st.sampled_from(sorted(points)))
    criterion = next(c for c in rubric.criteria if c.code == code)
    better = score(rubric, replace(facts, minutes=facts.minutes + 20), points | {code: criterion.max_points})
    before = score(rubric, facts, points)
    assert better.total >= before.total
    assert better.grade.rank >= before.grade.rank


@given(st.integers(0, 100), st.integers(1, 100))
def test_classes_rise_with_the_total(total: int, whole: int) -> None:
    assert grade_of(HD42, total + 1, whole).rank >= grade_of(HD42, total, whole).rank


def test_the_vote_counts_official_members_present_only() -> None:
    assert check_vote(20, 22, ROLL.most_voters) == {}
    assert list(check_vote(20, 28, ROLL.most_voters)) == ["votes_total"]
    assert list(check_vote(23, 22, 27)) == ["votes_for"]
    assert list(check_vote(-1, 22, 27)) == ["votes_for"]
    assert list(check_vote(0, 0, 27)) == ["votes_total"]


def test_the_weakest_group_is_the_one_with_the_lowest_share() -> None:
    result = score(HD42, FACTS, full(HD42) | {"last_conclusions": 20, "chairing": 5})
    weakest = weakest_group(HD42, result.lines)
    assert weakest is not None
    assert (weakest.code, weakest.share_words) == ("results", "20/30 (66,6\u00a0%)")
    assert weakest_group(HD42, []) is None


TOT, KHA, TB, KEM = (MonthResult(True, grade, Decimal(90)) for grade in Grade)
EXCUSED, MISSED, UNSCORED = MonthResult(False, is_excused=True), MonthResult(False), MonthResult(True)


@pytest.mark.parametrize(
    ("months", "grade"),
    [
        ((TOT, TOT, KHA), Grade.TOT),
        ((TOT, KHA, KHA), Grade.KHA),
        ((TOT, TOT, TB), Grade.KHA),
        ((TOT, TB, TB), Grade.TRUNG_BINH),
        ((TOT, TOT, EXCUSED), Grade.KHA),
        ((TOT, EXCUSED, EXCUSED), Grade.TRUNG_BINH),
        ((TOT, TOT, KEM), Grade.KEM),
        ((TOT, TOT, MISSED), Grade.KEM),
        ((TOT, TOT, UNSCORED), None),
        ((EXCUSED, EXCUSED, EXCUSED), None),
        ((TOT, TOT), None),
    ],
)
def test_a_quarter_is_compiled_from_its_months(months: tuple[MonthResult, ...], grade: Grade | None) -> None:
    compiled = quarter_class(months, thematic_held=True, reports_overdue=0)
    assert compiled.grade is grade
    assert compiled.label == QUARTER_LABEL
    assert compiled.because


def test_a_quarter_without_thematic_meeting_or_with_a_late_report_is_not_tot_and_says_why() -> None:
    assert "chuyên đề" in quarter_class((TOT, TOT, TOT), False, 0).because
    late = quarter_class((TOT, TOT, TOT), True, 2)
    assert (late.grade, late.mean) == (Grade.KHA, Decimal("90.0"))
    assert "2 báo cáo quá hạn" in late.because


@given(st.lists(st.sampled_from(Grade), min_size=3, max_size=3), st.integers(0, 2), st.booleans())
def test_a_better_month_never_lowers_the_quarter(grades: list[Grade], which: int, thematic: bool) -> None:
    before = quarter_class([MonthResult(True, grade) for grade in grades], thematic, 0)
    raised = [Grade.TOT if place == which else grade for place, grade in enumerate(grades)]
    after = quarter_class([MonthResult(True, grade) for grade in raised], thematic, 0)
    assert before.grade is not None
    assert after.grade is not None
    assert after.grade.rank >= before.grade.rank
