"""Simulated meetings: when they were held, who came, how they scored themselves and what was decided above."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from tracker.demonstration.arguments import DemoArguments, Dice
from tracker.demonstration.org import Branch, Org, Row
from tracker.demonstration.places import BUSY
from tracker.demonstration.texts import content
from tracker.domain.assessments import MeetingFacts, Score, asked, score
from tracker.domain.dates import Quarter, midnight
from tracker.domain.errors import NotFound
from tracker.domain.meetings import MeetingKind, RollCall, required_minutes
from tracker.domain.org import BranchType
from tracker.domain.rubric import GRADE_LABELS, Rubric, rubric_on

RECENTLY = timedelta(days=6)
"""So long ago the branches whose log-ins are printed held a thematic meeting: its concerns are under way."""

EVENINGS = ((19, 30), (19, 30), (19, 30), (19, 0), (20, 0))
WEEKENDS = ((8, 0), (14, 0), (19, 30))
OFFICE_HOURS = ((7, 30), (14, 0), (15, 30), (16, 30))


@dataclass(frozen=True)
class Held:
    """A held meeting as the concerns' simulation needs it."""

    id: int
    branch: Branch
    kind: MeetingKind
    held_on: date
    submitted_at: datetime
    superior_name: str
    row: Row


@dataclass(frozen=True)
class _Plan:
    """One meeting that should be held."""

    branch: Branch
    kind: MeetingKind
    on: date


def build_meetings(arguments: DemoArguments, org: Org, dice: Dice, rubrics: tuple[Rubric, ...]) -> list[Held]:
    """Return the meetings whose sheets came in before the moment, oldest sheet first; rows go into ``org``."""
    plans = [plan for branch in org.branches for plan in _plans(branch, arguments, dice)]
    found = [row for plan in plans if (row := _held(plan, arguments.moment, dice)) is not None]
    found.sort(key=lambda row: (row["submitted_at"], row["branch_id"]))
    by_id = {branch.id: branch for branch in org.branches}
    meetings: list[Held] = []
    for values in found:
        number = org.add("meeting", **values)
        branch = by_id[values["branch_id"]]
        held = Held(
            id=number,
            branch=branch,
            kind=MeetingKind(values["kind"]),
            held_on=values["held_on"],
            submitted_at=values["submitted_at"],
            superior_name=values["superior_name"],
            row=values,
        )
        _conclusions(org, held, dice)
        _assess(org, held, arguments.moment, dice, rubrics)
        meetings.append(held)
    return meetings


def _plans(branch: Branch, arguments: DemoArguments, dice: Dice) -> Iterator[_Plan]:
    missed = 0.07 if branch.is_difficult else 0.004 if branch.is_model else 0.018
    recent = arguments.as_of - RECENTLY
    if branch.name in BUSY and recent >= arguments.first_month:
        yield _Plan(branch, MeetingKind.THEMATIC, recent)
    thematic: dict[Quarter, tuple[MeetingKind | None, date]] = {}
    for month in arguments.months:
        quarter = Quarter.of(month)
        if quarter not in thematic:
            thematic[quarter] = (_thematic(branch, dice), dice.pick(quarter.months))
            if branch.name in BUSY and quarter == Quarter.of(recent):
                thematic[quarter] = (None, recent)
        kind, when = thematic[quarter]
        if not dice.chance(missed):
            both = kind is MeetingKind.BOTH and when == month
            yield _Plan(
                branch, MeetingKind.BOTH if both else MeetingKind.REGULAR, _regular_day(branch, month, dice)
            )
        if kind is MeetingKind.THEMATIC and when == month:
            yield _Plan(branch, MeetingKind.THEMATIC, month.replace(day=dice.randint(11, 25)))


def _thematic(branch: Branch, dice: Dice) -> MeetingKind | None:
    throw = dice.random()
    if throw < (0.35 if branch.is_difficult else 0.02 if branch.is_model else 0.1):
        return None
    return MeetingKind.BOTH if dice.chance(0.6) else MeetingKind.THEMATIC


def _regular_day(branch: Branch, month: date, dice: Dice) -> date:
    """Return the 3rd mostly, else a day of the first week; weak branches often later (HD 42 as reported)."""
    if dice.chance(0.28 if branch.is_difficult else 0.06):
        return month.replace(day=dice.randint(8, 24))
    return month.replace(day=3 if dice.chance(0.55) else dice.randint(1, 7))


def _starts(branch: Branch, on: date, dice: Dice) -> datetime:
    if branch.branch_type in (BranchType.LOCALITY, BranchType.ENTERPRISE):
        hour, minute = dice.pick(WEEKENDS if on.weekday() >= 5 else EVENINGS)
    else:
        hour, minute = dice.pick(OFFICE_HOURS)
    return midnight(on) + timedelta(hours=hour, minutes=minute + dice.pick((0, 0, 0, 0, 5, 10)))


def _held(plan: _Plan, moment: datetime, dice: Dice) -> Row | None:
    """Return the meeting's row, or None when its sheet had not come in by the moment."""
    branch = plan.branch
    starts = _starts(branch, plan.on, dice)
    needed = 120 if plan.kind is MeetingKind.BOTH else 90
    missing = max(0, int(dice.gauss(0, 12) + 55 * (0.8 - branch.quality)))
    ends = starts + timedelta(minutes=max(35, needed - missing + dice.pick((0, 5, 10, 15))))
    late = dice.chance(0.3 if branch.is_difficult else 0.1)
    submitted = _awake(dice.later(ends, 50, 216) if late else dice.later(ends, 0.3, 40))
    roll = roll_call(branch, dice)
    superior = _superior(branch, dice)
    key = f"{dice.getrandbits(128):032x}"
    if submitted >= moment:
        return None
    return {
        "request_key": key,
        "branch_id": branch.id,
        "committee_id": branch.committee.id,
        "kind": plan.kind.value,
        "held_on": plan.on,
        "month": plan.on.replace(day=1),
        "starts_at": starts,
        "ends_at": ends,
        "place": _place(branch, dice),
        "chair": branch.secretary_name,
        "minute_taker": branch.minute_taker,
        **vars(roll),
        "superior_attended": bool(superior),
        "superior_name": superior,
        "submitted_by": branch.secretary,
        "submitted_at": submitted,
        "version": 1,
    }


def _awake(at: datetime) -> datetime:
    """Return the instant itself by day, else the hour of it that day at which people are up."""
    return at + timedelta(hours=7) if at.hour < 6 else at


def roll_call(branch: Branch, dice: Dice) -> RollCall:
    """Return a believable roll call: present, excused and unexcused together are those expected."""
    members = branch.roll
    away = dice.pick((0, 0, 0, 1, 1, 2)) if members.official > 12 else 0
    expected = members.expected - away
    share = max(0.0, dice.gauss(0.27 - 0.25 * branch.quality, 0.04))
    absent = max(0, min(expected - 3, int(expected * share)))
    unexcused = min(absent, dice.pick((1, 1, 2))) if dice.chance(0.5 - 0.48 * branch.quality) else 0
    return replace(
        members,
        temp_exempt=away,
        present=expected - absent,
        excused=absent - unexcused,
        unexcused=unexcused,
    )


def _superior(branch: Branch, dice: Dice) -> str:
    """Return who attended from above, or nothing: model branches are favoured (the article's failing 2)."""
    share = 0.34 if branch.is_model else 0.04 if branch.is_difficult else 0.1
    name = dice.pick(branch.committee.standing_member_names)
    return f"{name}, cấp ủy viên {branch.committee.name}" if dice.chance(share) else ""


def _place(branch: Branch, dice: Dice) -> str:
    place = dice.pick(content().meeting_places[branch.branch_type])
    return f"{place} {branch.locality}" if branch.branch_type is BranchType.LOCALITY else place


def _conclusions(org: Org, held: Held, dice: Dice) -> None:
    for position, (task, who, days) in enumerate(
        dice.sample(content().conclusions, dice.randint(1, 3)), start=1
    ):
        org.add(
            "conclusion",
            meeting_id=held.id,
            position=position,
            task=task,
            assignee=who,
            due_on=held.held_on + timedelta(days=days) if dice.chance(0.9) else None,
        )


def _facts(held: Held, rubric: Rubric) -> MeetingFacts:
    row = held.row
    roll = RollCall(**{name: row[name] for name in RollCall.__dataclass_fields__})
    minutes = int((row["ends_at"] - row["starts_at"]).total_seconds() // 60)
    return MeetingFacts(minutes, required_minutes(held.kind, rubric.durations, roll.on_roll), roll, held.kind)


def _given(rubric: Rubric, held: Held, quality: float, dice: Dice) -> dict[str, int]:
    given = {}
    for criterion in asked(rubric, held.kind):
        share = min(1.0, max(0.3, dice.gauss(quality, 0.07)))
        points = round(criterion.max_points * share)
        if criterion.choices:
            points = min(
                (choice.points for choice in criterion.choices), key=lambda at: (abs(at - points), at)
            )
        given[criterion.code] = points
    return given


def _assess(org: Org, held: Held, moment: datetime, dice: Dice, rubrics: tuple[Rubric, ...]) -> None:
    """Add the branch's own score, usually too good, and for most older meetings what was decided above."""
    try:
        rubric = rubric_on(rubrics, held.held_on)
    except NotFound:
        return
    facts = _facts(held, rubric)
    quality = held.branch.quality - (0.28 if dice.chance(0.12 if held.branch.is_difficult else 0.01) else 0)
    own = score(rubric, facts, _given(rubric, held, quality + 0.12, dice))
    voters = facts.roll.most_voters
    votes = voters - (dice.randint(0, max(1, voters // 8)) if dice.chance(0.3) else 0)
    _assessment(
        org,
        held,
        own,
        rubric,
        source="self",
        votes_for=votes,
        votes_total=voters,
        reason="",
        decided_by=held.branch.secretary,
        decided_at=held.submitted_at,
    )
    decided_at = dice.later(held.submitted_at, 5 * 24, 16 * 24)
    decided = score(rubric, facts, _given(rubric, held, quality + 0.02, dice))
    if decided_at < moment and dice.chance(0.88):
        final = own if dice.chance(0.45) or decided.total > own.total else decided
        _assessment(
            org,
            held,
            final,
            rubric,
            source="official",
            votes_for=None,
            votes_total=None,
            reason=_reason(own, final, dice),
            decided_by=held.branch.committee.standing_members,
            decided_at=decided_at,
        )


def _reason(own: Score, final: Score, dice: Dice) -> str:
    """Return why the decided class differs from the proposed one; nothing when it doesn't."""
    if own.grade is final.grade:
        return ""
    pairs = zip(own.lines, final.lines, strict=True)
    lost = max(pairs, key=lambda pair: (pair[0].points or 0) - (pair[1].points or 0))[1]
    known = content().shortcomings.get(lost.group, ("còn hạn chế so với tự chấm",))
    return (
        f"Chi bộ đề nghị {GRADE_LABELS[own.grade]} ({own.total} điểm); cấp trên xem biên bản, chấm lại "
        f"{final.total} điểm. Trừ nhiều nhất ở “{lost.title}”: {dice.pick(known)}."
    )


def _assessment(org: Org, held: Held, scored: Score, rubric: Rubric, **values: Any) -> None:
    org.add(
        "assessment",
        meeting_id=held.id,
        version=1,
        rubric_code=rubric.code,
        total=scored.total,
        reachable=scored.reachable,
        grade=scored.grade.value,
        lines=[dict(vars(line)) for line in scored.lines],
        **values,
    )
