"""The ladder: which level when, once, in order, upward only."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.calendars import PLAIN, TET, WEEK, at, calendars, holiday, instants
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.climbs import climbs_due, next_climb, next_due_at, steady
from tracker.domain.errors import Invalid
from tracker.domain.escalation import (
    Rung,
    reopened_level,
    rung_instant,
    rungs_for,
)
from tracker.domain.time_limits import LimitUnit

FEW = settings(max_examples=50, deadline=None)
WD, HOURS = LimitUnit.WORKING_DAYS, LimitUnit.HOURS
REMINDER = Rung(1, "reminder", "Nhắc", "official", is_warning=True, at_percent=70)
HEAD = Rung(2, "head", "Quá hạn", "body_head", after_amount=0, after_unit=WD)
STANDING = Rung(3, "standing", "Quá hạn 5 ngày", "standing_members", after_amount=5, after_unit=WD)
COMMITTEE = Rung(
    4,
    "committee",
    "Quá hạn 10 ngày",
    "standing_committee",
    after_amount=10,
    after_unit=WD,
    after_reopenings=2,
)
LADDER = (REMINDER, HEAD, STANDING, COMMITTEE)
URGENT = (
    replace(REMINDER, code="reminder_khan", after_unit=HOURS, urgency="khan"),
    replace(HEAD, code="head_khan", after_unit=HOURS, urgency="khan"),
    replace(STANDING, code="standing_khan", after_amount=4, after_unit=HOURS, urgency="khan"),
    replace(COMMITTEE, code="committee_khan", after_amount=8, after_unit=HOURS, urgency="khan"),
)
START, DUE = at("2026-03-02 07:30"), at("2026-03-13 17:00")
TODAY = date(2026, 3, 2)


def sweep(
    times: list[datetime], calendar: WorkingCalendar = PLAIN, start: datetime = START, due: datetime = DUE
) -> list[tuple[int, datetime]]:
    """Return (level, instant of the ladder) of all that climbs, each sweep repeated until it is quiet."""
    climbed: frozenset[int] = frozenset()
    told = []
    for now in times:
        while (climb := next_climb(steady(LADDER), start, due, climbed, now, calendar)) is not None:
            assert climb.at <= now
            told.append((climb.level, climb.at))
            climbed |= {climb.level}
    return told


def test_the_levels_come_at_their_times() -> None:
    assert [rung_instant(rung, START, DUE, PLAIN) for rung in LADDER] == [
        at("2026-03-10 17:00"),
        DUE,
        at("2026-03-20 17:00"),
        at("2026-03-27 17:00"),
    ]


def test_urgent_levels_come_in_hours_day_and_night() -> None:
    start, due = at("2026-03-06 21:00"), at("2026-03-07 07:00")
    assert [rung_instant(rung, start, due, PLAIN) for rung in URGENT] == [
        at("2026-03-07 04:00"),
        due,
        at("2026-03-07 11:00"),
        at("2026-03-07 15:00"),
    ]


def test_a_row_for_the_urgency_stands_before_the_common_one() -> None:
    ladder = (*URGENT, *LADDER)
    assert rungs_for(ladder, "khan", TODAY) == URGENT
    assert rungs_for(ladder, "cao", TODAY) == LADDER
    assert rungs_for(ladder, None, TODAY) == LADDER


def test_only_rungs_in_force_stand() -> None:
    """osTicket PR #5183: a disabled policy was still used."""
    newer = replace(STANDING, code="standing_new", after_amount=3, valid_from=date(2026, 3, 1))
    ended = replace(COMMITTEE, valid_to=TODAY)
    assert [rung.code for rung in rungs_for((newer, *LADDER[:3], ended), None, TODAY)] == [
        "reminder",
        "head",
        "standing_new",
    ]
    assert rungs_for((ended,), None, TODAY) == ()


@pytest.mark.parametrize("calendar", [PLAIN, TET, WorkingCalendar(WEEK, {TODAY: holiday(TODAY)})])
def test_a_ticket_of_age_zero_never_climbs(calendar: WorkingCalendar) -> None:
    """django-helpdesk 2.6.1: with every day excluded a ticket one minute old was escalated. glpi#15357 too."""
    assert sweep([START], calendar) == []
    assert sweep([START], calendar, due=START) == []
    assert sweep([START + timedelta(minutes=1)], calendar) == []


def test_a_level_before_the_due_time_is_not_the_due_time() -> None:
    """glpi#15357, glpi#15429: the level before the due time equalled it."""
    reminder = rung_instant(REMINDER, START, DUE, PLAIN)
    assert reminder is not None
    assert START < reminder < DUE


def test_one_level_a_call_in_order_after_a_long_stop() -> None:
    """glpi#5319, glpi#5805: only the first of several levels ever ran."""
    assert [level for level, _ in sweep([at("2026-06-01 09:00")])] == [1, 2, 3, 4]


def test_sweeping_again_at_the_same_instant_climbs_nothing() -> None:
    """django-helpdesk 2.6.1: three runs at one instant were three escalations."""
    now = DUE + timedelta(minutes=1)
    assert [level for level, _ in sweep([now, now, now])] == [1, 2]


@FEW
@given(
    st.lists(st.integers(0, 60 * 24 * 60), max_size=30),
    calendars(),
    instants,
    st.integers(1, 30 * 24 * 60),
)
def test_every_level_is_climbed_once_whatever_the_pace_of_the_sweep(
    minutes: list[int], calendar: WorkingCalendar, start: datetime, length: int
) -> None:
    """RT EscalatePriority.pm: the speed of escalation depended on cron."""
    due, end = start + timedelta(minutes=length), start + timedelta(days=1500)
    often = sorted(start + timedelta(minutes=m) for m in minutes)
    assert sweep([*often, end], calendar, start, due) == sweep([end], calendar, start, due)
    levels = [level for level, _ in sweep([*often, end], calendar, start, due)]
    assert levels == [1, 2, 3, 4]


@FEW
@given(
    st.integers(-60 * 24, 120 * 24 * 60),
    calendars(),
    instants,
    st.integers(0, 30 * 24 * 60),
    st.sets(st.integers(1, 4)),
)
def test_all_levels_at_once_are_those_asked_for_one_by_one(
    minutes: int, calendar: WorkingCalendar, start: datetime, length: int, climbed: set[int]
) -> None:
    """glpi#5319, glpi#5805: after a long stop the whole ladder, in order; and a time for what is still ahead."""
    due, now = start + timedelta(minutes=length), start + timedelta(minutes=minutes)
    found, following = climbs_due(steady(LADDER), start, due, frozenset(climbed), now, calendar)

    known, one_by_one = frozenset(climbed), []
    while (climb := next_climb(steady(LADDER), start, due, known, now, calendar)) is not None:
        one_by_one.append(climb.level)
        known |= {climb.level}
    assert [climb.level for climb in found] == one_by_one
    assert following == next_due_at(steady(LADDER), start, due, known, calendar)


def test_the_next_time_is_that_of_the_next_level() -> None:
    """Recurring work always advances (glpi#6205, glpi#8168): after the last level there is no next time."""
    found = [next_due_at(steady(LADDER), START, DUE, frozenset(range(1, n)), PLAIN) for n in range(1, 6)]
    assert found == [*[rung_instant(rung, START, DUE, PLAIN) for rung in LADDER], None]


def test_the_climb_says_why() -> None:
    now = at("2026-06-01 09:00")
    told = [next_climb(steady(LADDER), START, DUE, frozenset(range(1, n)), now, PLAIN) for n in range(1, 5)]
    assert [climb and climb.because for climb in told] == [
        "Đã qua 70\u00a0% thời hạn (hạn 17:00, 13/03/2026): nhắc cán bộ đơn vị xử lý.",
        "Đã hết hạn trả lời (hạn 17:00, 13/03/2026): báo người đứng đầu đơn vị xử lý.",
        "Quá hạn 5 ngày làm việc (hạn 17:00, 13/03/2026): báo Thường trực cấp ủy.",
        "Quá hạn 10 ngày làm việc (hạn 17:00, 13/03/2026): báo Ban Thường vụ.",
    ]


class TestReopening:
    @pytest.mark.parametrize(
        ("level", "count", "then"), [(0, 1, 2), (1, 1, 2), (2, 1, 3), (3, 1, 4), (0, 2, 4), (4, 3, 4)]
    )
    def test_a_ticket_sent_back_goes_one_level_of_authority_up(
        self, level: int, count: int, then: int
    ) -> None:
        """frappe/helpdesk#2050: reopened often, next level; the second time the standing committee."""
        assert reopened_level(LADDER, level, count) == then

    def test_without_a_ladder_the_level_stays(self) -> None:
        assert reopened_level((), 2, 5) == 2

    def test_after_a_reopening_the_ladder_goes_upward_only(self) -> None:
        """zammad#188: a ticket opened again was computed wrong."""
        after = DUE + timedelta(minutes=1)
        climb = next_climb(steady(LADDER), START, DUE, frozenset({1, 3}), after, PLAIN)
        assert climb is None
        climb = next_climb(steady(LADDER), START, DUE, frozenset({1, 3}), at("2026-03-27 17:00"), PLAIN)
        assert climb is not None
        assert climb.level == 4

    def test_the_reminder_still_comes_for_the_new_due_time(self) -> None:
        climb = next_climb(steady(LADDER), START, DUE, frozenset({2}), at("2026-03-10 17:00"), PLAIN)
        assert climb is not None
        assert climb.level == 1

    def test_a_rung_of_reopenings_alone_is_never_reached_by_time(self) -> None:
        alone = Rung(5, "again", "Trả lại nhiều lần", "standing_committee", after_reopenings=3)
        assert rung_instant(alone, START, DUE, PLAIN) is None
        assert next_due_at(steady([alone]), START, DUE, frozenset(), PLAIN) is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"recipient": ""}, "người nhận"),
        ({"level": 0}, "cấp phải từ 1"),
        ({"after_amount": None}, "chưa ghi khi nào"),
        ({"at_percent": 50}, "chỉ chọn một"),
        ({"after_unit": None}, "đơn vị tính"),
        ({"after_amount": -1}, "từ 0 trở lên"),
        ({"after_amount": None, "at_percent": 101}, "từ 1 đến 100"),
    ],
)
def test_a_rung_that_says_nothing_or_two_things_is_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        replace(HEAD, **changes)  # type: ignore[arg-type]
