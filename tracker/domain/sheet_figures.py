"""What the sheet can say of its own figures while it is being typed: rate, minutes, measured points, total."""

from collections.abc import Mapping
from datetime import time

from tracker.domain.assessments import MeetingFacts, applies, asked, measured, score
from tracker.domain.errors import Invalid
from tracker.domain.meetings import MeetingKind, RollCall, check_roll, required_minutes
from tracker.domain.rubric import GRADE_LABELS, Rubric


def minutes_between(starts: time | None, ends: time | None) -> int | None:
    """Return whole minutes from start to end on one day; None while one is missing or they are in wrong order."""
    if starts is None or ends is None:
        return None
    minutes = 60 * (ends.hour - starts.hour) + ends.minute - starts.minute
    return minutes if minutes > 0 else None


def live_figures(
    rubric: Rubric, kind: MeetingKind, minutes: int | None, roll: RollCall, given: Mapping[str, int]
) -> dict[str, str]:
    """Return a Vietnamese sentence for each figure that can be worked out so far, "" for one that can't yet.

    Names: rate, rate_why, roll_problem, duration, total, and ``measured-CODE`` for each measured criterion.
    """
    required = required_minutes(kind, rubric.durations, roll.on_roll)
    facts = MeetingFacts(minutes or 0, required, roll, kind)
    return {
        **_roll_words(roll),
        "duration": "" if minutes is None else _duration_words(minutes, required),
        **_measured_words(rubric, facts, minutes),
        "total": _total_words(rubric, facts, minutes, given),
    }


def _roll_words(roll: RollCall) -> dict[str, str]:
    if roll.expected <= 0:
        return {"rate": "", "rate_why": "", "roll_problem": _problem(roll)}
    left_out = f", trừ {roll.left_out} người miễn, tạm miễn, nhiệm vụ đặc thù" if roll.left_out else ""
    return {
        "rate": roll.rate_words if roll.present else "",
        "rate_why": f"Danh sách {roll.on_roll} đảng viên{left_out}: phải dự {roll.expected} người.",
        "roll_problem": _problem(roll),
    }


def _problem(roll: RollCall) -> str:
    """Return what is wrong with the roll once it has both a list and people present."""
    return " ".join(check_roll(roll).values()) if roll.on_roll and roll.present else ""


def _duration_words(minutes: int, required: int) -> str:
    lack = f", thiếu {required - minutes} phút" if minutes < required else ", đủ"
    return f"{minutes} phút (yêu cầu {required} phút{lack})"


def _measured_words(rubric: Rubric, facts: MeetingFacts, minutes: int | None) -> dict[str, str]:
    words = {}
    for criterion in rubric.criteria:
        if criterion.measure is None:
            continue
        known = minutes is not None if criterion.measure == "duration" else facts.roll.present > 0
        shown = applies(criterion, facts.kind) and known and facts.roll.expected > 0
        words[f"measured-{criterion.code}"] = measured(criterion, facts)[1] if shown else ""
    return words


def _total_words(rubric: Rubric, facts: MeetingFacts, minutes: int | None, given: Mapping[str, int]) -> str:
    if minutes is None or facts.roll.expected <= 0 or not facts.roll.present:
        return ""
    try:
        result = score(rubric, facts, given)
    except Invalid:
        wanted = asked(rubric, facts.kind)
        done = sum(1 for criterion in wanted if criterion.takes(given.get(criterion.code, -1)))
        return f"Đã chấm {done}/{len(wanted)} mục." if done else ""
    return f"{result.because} Chi bộ đề nghị mức {GRADE_LABELS[result.grade]}."
