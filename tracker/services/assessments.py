"""Scores of meetings: the branch's own, voted in the meeting, and the official class decided above."""

from sqlalchemy import func, select

from tracker.db.tables.meetings import Assessment, Meeting
from tracker.domain.access import Action, Resource
from tracker.domain.assessments import MeetingFacts, Score, check_given, check_vote, score
from tracker.domain.errors import Conflict, Invalid, NotFound, StaleEdit
from tracker.domain.meetings import SheetFacts, required_minutes
from tracker.domain.rubric import GRADE_LABELS, Grade, Rubric, rubric_on
from tracker.domain.sheets import SelfScore, SubmitSheet
from tracker.services.reference import Reference
from tracker.services.rights import check_right
from tracker.services.touching import who_was_quicker
from tracker.services.unit import Unit


def meeting_facts(rubric: Rubric, facts: SheetFacts) -> MeetingFacts:
    """Return what the rubric measures of a sheet."""
    required = required_minutes(facts.kind, rubric.durations, facts.roll.on_roll)
    return MeetingFacts(facts.minutes, required, facts.roll, facts.kind)


def score_errors(given: SelfScore, facts: SheetFacts, reference: Reference) -> dict[str, str]:
    """Return what is wrong with the branch's own points and vote, by field id; empty when they can stand."""
    try:
        rubric = rubric_on(reference.rubrics, facts.held_on)
    except NotFound as missing:
        return {"score_later": f"{missing.sentence} Hãy đánh dấu “chấm sau”."}
    errors = check_vote(given.votes_for, given.votes_total, facts.roll.most_voters)
    points = check_given(rubric, facts.kind, given.points)
    return errors | {f"score-{code}": words for code, words in points.items()}


def self_score(meeting: Meeting, command: SubmitSheet, *, unit: Unit, reference: Reference) -> Assessment:
    """Record the branch's own score of the sheet's meeting; an earlier one of the same sheet stays.

    Raises Invalid with field ids ``score-<criterion>``, ``votes_for`` and ``votes_total``.
    """
    assert command.score is not None
    facts = command.header.facts
    if errors := score_errors(command.score, facts, reference):
        raise Invalid("Phần chấm điểm còn chỗ cần sửa; chưa gửi gì cả.", errors)
    rubric = rubric_on(reference.rubrics, facts.held_on)
    result = score(rubric, meeting_facts(rubric, facts), command.score.points)
    assessment = _keep(meeting, "self", rubric, result, unit)
    assessment.votes_for, assessment.votes_total = command.score.votes_for, command.score.votes_total
    unit.record("meeting", meeting.id, "self_scored", total=result.total, grade=result.grade.value)
    return assessment


def _keep(meeting: Meeting, source: str, rubric: Rubric, result: Score, unit: Unit) -> Assessment:
    assessment = Assessment(
        meeting_id=meeting.id,
        source=source,
        # A sheet that was never corrected has no earlier score to look for.
        version=1 if meeting.version == 1 else _latest_version(meeting.id, source, unit) + 1,
        rubric_code=rubric.code,
        total=result.total,
        reachable=result.reachable,
        grade=result.grade.value,
        lines=[dict(vars(line)) for line in result.lines],
        decided_by=unit.actor.account_id,
        decided_at=unit.now,
    )
    unit.session.add(assessment)
    return assessment


def _latest_version(meeting_id: int, source: str, unit: Unit) -> int:
    return unit.session.execute(
        select(func.coalesce(func.max(Assessment.version), 0)).where(
            Assessment.meeting_id == meeting_id, Assessment.source == source
        )
    ).scalar_one()


def latest_score(meeting_id: int, source: str, unit: Unit) -> Assessment | None:
    """Return the newest score of that source, or None."""
    return unit.session.scalars(
        select(Assessment)
        .where(Assessment.meeting_id == meeting_id, Assessment.source == source)
        .order_by(Assessment.version.desc())
        .limit(1)
    ).first()


def decide_class(
    meeting_id: int, grade: str, reason: str, *, version: int, unit: Unit, reference: Reference
) -> None:
    """Decide a meeting's official class: confirm the proposed one, or another with a reason. Flushes.

    ``version`` is how many decisions the person saw (0 for none); a later one raises StaleEdit.
    Source: the direct upper committee decides the official class (HD 42-HD/BTCTW, as used in Tân Tiến ward).
    """
    meeting = unit.session.execute(
        select(Meeting).where(Meeting.id == meeting_id).with_for_update()
    ).scalar_one_or_none()
    if meeting is None:
        raise NotFound("Không tìm thấy buổi họp này.")
    path = reference.tree.path(meeting.branch_id)
    check_right(Action.ASSESSMENT_DECIDE, Resource(unit_path=path), unit=unit)
    proposed = latest_score(meeting_id, "self", unit)
    if proposed is None:
        raise Conflict("Chi bộ chưa tự chấm điểm buổi họp này nên chưa quyết định được mức.")
    earlier = latest_score(meeting_id, "official", unit)
    if (earlier.version if earlier else 0) != version:
        if earlier and (earlier.grade, earlier.reason, earlier.decided_by) == (
            grade,
            reason,
            unit.actor.account_id,
        ):
            return  # the second click of a double click
        raise StaleEdit(
            "Mức xếp loại vừa được người khác quyết định. Hãy xem lại."
            + who_was_quicker("meeting", meeting_id, unit)
        )
    _check_decision(grade, reason, proposed.grade)
    unit.session.add(
        Assessment(
            meeting_id=meeting_id,
            source="official",
            version=version + 1,
            rubric_code=proposed.rubric_code,
            total=proposed.total,
            reachable=proposed.reachable,
            grade=grade,
            lines=proposed.lines,
            reason=reason,
            decided_by=unit.actor.account_id,
            decided_at=unit.now,
        )
    )
    unit.record(
        "meeting", meeting_id, "class_decided", grade=grade, proposed=proposed.grade, reason=unit.mark(reason)
    )
    unit.session.flush()


def _check_decision(grade: str, reason: str, proposed: str) -> None:
    if grade not in set(Grade):
        raise Invalid("Chưa quyết định được.", {"grade": "Chọn một trong bốn mức."})
    if grade != proposed and len(reason) < 10:
        words = f"Chi bộ đề nghị mức {GRADE_LABELS[Grade(proposed)]}. Ghi rõ vì sao quyết định khác."
        raise Invalid("Chưa quyết định được.", {"reason": words})
