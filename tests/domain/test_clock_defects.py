"""Defects of other systems' clocks that no other test here stands against; ``docs/clock-defects.md`` lists all."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.calendars import PLAIN, TET, WEEK, at, holiday
from tests.domain.clock_cases import drawn_cases, question
from tests.domain.clock_simulator import Case
from tracker.domain.calendar import WorkingCalendar, instant
from tracker.domain.climbs import climbs_due, steady
from tracker.domain.deadlines import Extension, Pause, deadline
from tracker.domain.escalation import Rung, rung_instant
from tracker.domain.ticket_lists import due_words
from tracker.domain.time_limits import Clock, LimitUnit, StartEvent, TimeLimit

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ANSWER = TimeLimit("answer_default", Clock.ANSWER, "Trả lời", 10, LimitUnit.WORKING_DAYS, StartEvent.ROUTED)
FORWARD = replace(ANSWER, code="forward", amount=5, unit=LimitUnit.CALENDAR_DAYS)
REMINDER = Rung(1, "reminder", "Nhắc", "official", is_warning=True, at_percent=70)
HEAD = Rung(2, "head", "Quá hạn", "body_head", after_amount=0, after_unit=LimitUnit.WORKING_DAYS)
STANDING = Rung(
    3, "standing", "Quá hạn 5 ngày", "standing_members", after_amount=5, after_unit=LimitUnit.WORKING_DAYS
)
LADDER = (REMINDER, HEAD, STANDING)
HELD = Pause(at("2026-03-04 07:30"), at("2026-03-05 17:00"), "chờ đo đạc")


def due(limit: TimeLimit, calendar: WorkingCalendar = PLAIN, *pauses: Pause) -> datetime:
    return deadline(limit, at("2026-03-02 09:00"), calendar, pauses).due_at


@pytest.mark.parametrize(
    ("limit", "calendar"),
    [
        (replace(ANSWER, amount=7), PLAIN),
        (replace(ANSWER, amount=15), PLAIN),
        (replace(ANSWER, amount=40, unit=LimitUnit.WORKING_HOURS), PLAIN),
        (ANSWER, WorkingCalendar(WEEK, {date(2026, 3, 10): holiday(date(2026, 3, 10))})),
    ],
)
def test_a_changed_rule_or_calendar_keeps_the_pause_already_served(
    limit: TimeLimit, calendar: WorkingCalendar
) -> None:
    """glpi#6902, glpi#15605: a change of the policy forgot it. Pauses are read from history, whatever the rule."""
    plain = due(limit, calendar)
    assert due(limit, calendar, HELD) == calendar.after(plain, timedelta(hours=15))


def test_a_pause_belongs_to_its_own_round() -> None:
    """glpi#23359: the span from solved to reopened was booked as a pause. One before the start credits nothing."""
    reopened = at("2026-03-09 10:00")
    assert deadline(ANSWER, reopened, PLAIN, (HELD,)) == deadline(ANSWER, reopened, PLAIN)


@FEW
@given(drawn_cases())
def test_every_level_is_reached_in_working_time(case: Case) -> None:
    """glpi#24489, glpi#6527, glpi#14492: reminders ignored the calendar that the due date was counted in."""
    put = question(replace(case, unit="working_days", rolls=True, extensions=()))
    found = deadline(put.limit, put.start, put.calendar, put.pauses)
    for rung in LADDER:
        reached = rung_instant(rung, put.start, found.due_at, put.calendar, put.pauses)
        assert reached is not None
        assert put.calendar.at_work(reached) == reached


@pytest.mark.parametrize(
    ("switch", "other"),
    [
        ("amount", 6),
        ("unit", LimitUnit.WORKING_DAYS),
        ("first_day_counted", True),
        ("roll_to_working", False),
    ],
)
def test_every_switch_of_a_limit_moves_a_date(switch: str, other: Any) -> None:
    """osTicket class.sla.php: a switch was read with && instead of &, so it did nothing; nobody saw for years."""
    assert due(FORWARD) == at("2026-03-09 17:00")
    starts = [at("2026-03-02 09:00") + timedelta(days=n) for n in range(7)]
    changed = replace(FORWARD, **{switch: other})
    assert any(
        deadline(changed, start, PLAIN).due_at != deadline(FORWARD, start, PLAIN).due_at for start in starts
    )


def test_a_day_is_never_taken_for_an_instant() -> None:
    """frappe/helpdesk commit 655e2704f: a date was compared with a time. Here it stops at the door."""
    with pytest.raises(AttributeError):
        instant(date(2026, 3, 2))  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        deadline(ANSWER, date(2026, 3, 2), PLAIN)  # type: ignore[arg-type]


def test_opened_again_and_paused_the_old_date_is_still_told() -> None:
    """frappe/helpdesk PR #2232, frappe/helpdesk#1623: a reopened one lost its old date, a pause hid the failure."""
    told = deadline(ANSWER, at("2026-03-02 09:00"), PLAIN, (HELD,), (Extension(2, LimitUnit.WORKING_DAYS),))
    assert told.extensions[0].old_due_at == at("2026-03-18 17:00")
    assert due_words("routed", told.due_at, None, told.due_at).state == "late"


@pytest.fixture(params=["America/New_York", "Pacific/Kiritimati", "UTC"])
def elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's own zone is another one."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
def test_the_machines_zone_changes_no_date() -> None:
    """RT SLA.pm switched the process's zone during the sum; grafana oncall#3261: hours shifted by one."""
    assert deadline(ANSWER, at("2026-02-10 23:30"), TET).due_at == at("2026-03-03 17:00")
    assert deadline(
        replace(ANSWER, amount=4, unit=LimitUnit.HOURS), at("2026-03-08 01:00"), PLAIN
    ).due_at == at("2026-03-09 07:30")


def test_what_the_ladder_wrote_sets_nothing_off() -> None:
    """zammad#5841: a trigger ran twice on one event because the clock's own write looked like another."""
    start, end, now = at("2026-03-02 09:00"), at("2026-03-16 17:00"), at("2026-03-16 18:00")
    found, _ = climbs_due(steady(LADDER), start, end, frozenset(), now, PLAIN)
    again, following = climbs_due(
        steady(LADDER), start, end, frozenset(climb.level for climb in found), now, PLAIN
    )
    assert ([climb.level for climb in found], again) == ([1, 2], ())
    assert following == at("2026-03-23 17:00")


class TestWhoHoldsTheBall:
    DUE = at("2026-03-16 17:00")

    @pytest.mark.parametrize("status", ["answered", "accepted"])
    def test_what_was_answered_in_time_is_never_late(self, status: str) -> None:
        """zammad#3140: it escalated though the official had answered last."""
        answered = self.DUE - timedelta(minutes=1)
        assert due_words(status, self.DUE, answered, self.DUE + timedelta(days=30)).state == "met"

    @FEW
    @given(st.integers(-30, 30), st.integers(-30, 30))
    def test_lateness_follows_from_the_date_and_is_kept_nowhere(self, days: int, moved: int) -> None:
        """osTicket PR #5165, #5206, #5224, osTicket#1736: the flag outlived the new due date, reopening and closing."""
        now, due_at = self.DUE, self.DUE + timedelta(days=days)
        assert (due_words("routed", due_at, None, now).state == "late") == (days <= 0)
        again = due_at + timedelta(days=moved)
        assert (due_words("routed", again, None, now).state == "late") == (days + moved <= 0)
