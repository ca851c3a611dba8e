"""What must hold of every date, whatever the calendar, the limit, the pauses and the extensions."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.domain.calendars import PLAIN, WEEK, at, holiday, instants
from tests.domain.clock_cases import UNITS, Question, drawn_cases, instant, question
from tests.domain.clock_simulator import DAY, Case
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.climbs import climbs_due, steady
from tracker.domain.deadlines import Deadline, Extension, Pause, deadline, instant_at_percent, shift
from tracker.domain.escalation import Rung
from tracker.domain.time_limits import Clock, LimitUnit, StartEvent, TimeLimit

LAW = settings(
    max_examples=max(60, int(os.environ.get("CLOCK_CASES", "400")) // 40),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
ANSWER = TimeLimit("answer_default", Clock.ANSWER, "Trả lời", 5, LimitUnit.WORKING_DAYS, StartEvent.ROUTED)
LADDER = (
    Rung(1, "reminder", "Nhắc", "official", is_warning=True, at_percent=70),
    Rung(2, "head", "Quá hạn", "body_head", after_amount=0, after_unit=LimitUnit.WORKING_DAYS),
)
IN_STEPS = (LimitUnit.WORKING_DAYS, LimitUnit.WORKING_HOURS, LimitUnit.HOURS)


def due(put: Question) -> Deadline:
    return deadline(put.limit, put.start, put.calendar, put.pauses, put.extensions)


def ordinals(case: Case) -> set[int]:
    """Return the days that a pause touches."""
    return {day for begins, ends in case.pauses for day in range(begins // DAY, (ends - 1) // DAY + 1)}


@LAW
@given(drawn_cases(), st.frozensets(st.integers(-3, 60), max_size=20))
def test_more_holidays_never_make_a_date_earlier(case: Case, more: frozenset[int]) -> None:
    """django-helpdesk escalate_tickets.py 2.6.1: excluded days shortened the wait.

    A pause credits working time alone (glpi#10594), so a holiday in the middle of a pause takes its credit back:
    the law is for holidays beside the pauses.
    """
    added = {case.start // DAY + n for n in more} - ordinals(case)
    kept = tuple(day for day in case.days if day[0].toordinal() not in added)
    holidays = tuple((date.fromordinal(on), "holiday", ()) for on in added)
    stricter = replace(case, days=(*kept, *holidays))
    assert due(question(stricter)).due_at >= due(question(case)).due_at


@LAW
@given(drawn_cases())
def test_age_zero_never_escalates(case: Case) -> None:
    """django-helpdesk 2.6.1: with every day excluded a ticket one minute old was escalated; glpi#15357."""
    put = question(case)
    found = due(put)
    assert found.due_at > put.start
    assert climbs_due(steady(LADDER), put.start, found.due_at, frozenset(), put.start, put.calendar)[0] == ()


@LAW
@given(drawn_cases())
def test_pausing_never_makes_a_date_earlier(case: Case) -> None:
    """frappe/helpdesk#1554, erpnext#49414: the hold was added to the creation date."""
    put = question(case)
    for number in range(len(put.pauses)):
        fewer = replace(put, pauses=put.pauses[:number])
        assert due(fewer).due_at <= due(replace(put, pauses=put.pauses[: number + 1])).due_at


@LAW
@given(drawn_cases(), st.integers(1, 99), st.randoms(use_true_random=False))
def test_splitting_a_pause_or_telling_pauses_in_another_order_changes_nothing(
    case: Case, percent: int, random: Random
) -> None:
    put = question(case)
    halves = []
    for pause in put.pauses:
        middle = pause.begins + (pause.ends - pause.begins) * percent / 100
        halves += [Pause(pause.begins, middle), Pause(middle, pause.ends)]
    random.shuffle(halves)
    assert due(replace(put, pauses=tuple(halves))).due_at == due(put).due_at


@LAW
@given(instants, st.integers(1, 30), st.sampled_from(UNITS[:3]), st.integers(-3, 3))
def test_a_pause_from_friday_evening_to_monday_morning_credits_nothing(
    start: datetime, amount: int, unit: str, weeks: int
) -> None:
    """glpi#10594, glpi#14937: waiting was counted in wall time, the due date in working days."""
    limit = replace(ANSWER, amount=amount, unit=LimitUnit(unit))
    friday = at("2026-03-06 17:00") + timedelta(weeks=weeks)
    weekend = Pause(friday, friday + timedelta(hours=62.5))
    assert deadline(limit, start, PLAIN, (weekend,)).due_at == deadline(limit, start, PLAIN).due_at


@LAW
@given(drawn_cases(), st.integers(1, 8), st.integers(1, 8), st.sampled_from(IN_STEPS))
def test_adding_in_two_steps_is_adding_once(case: Case, one: int, two: int, unit: LimitUnit) -> None:
    put = question(case)
    first = shift(put.start, one, unit, put.calendar)
    assert shift(first, two, unit, put.calendar) == shift(put.start, one + two, unit, put.calendar)


@LAW
@given(drawn_cases(), st.integers(1, 8), st.sampled_from(IN_STEPS))
def test_an_extension_is_as_good_as_a_longer_limit(case: Case, more: int, unit: LimitUnit) -> None:
    put = question(replace(case, unit=unit.value, extensions=()))
    assume(unit is not LimitUnit.HOURS or not put.limit.roll_to_working)
    longer = replace(put, limit=replace(put.limit, amount=put.limit.amount + more))
    extended = replace(put, extensions=(Extension(more, unit),))
    assert due(extended).due_at == due(longer).due_at


@LAW
@given(drawn_cases())
def test_a_due_time_lies_in_working_time_or_at_a_slots_end(case: Case) -> None:
    """glpi#9082: paused time pushed the due time past closing."""
    put = question(replace(case, rolls=True))
    found = due(put).due_at
    just_before = found - timedelta(microseconds=1)
    assert put.calendar.is_open(just_before) or put.calendar.is_open(found)


@LAW
@given(drawn_cases())
def test_no_limit_ends_within_a_pause(case: Case) -> None:
    """glpi#24481: breach while pending."""
    put = question(case)
    found = due(put).due_at
    assert not any(pause.begins < found < pause.ends for pause in put.pauses)


@LAW
@given(drawn_cases())
def test_shares_of_the_time_come_in_order_between_start_and_due(case: Case) -> None:
    """glpi#22678, glpi#15429: a level before the due time fell on midnight or on the due time itself."""
    put = question(case)
    end = due(put).due_at
    found = [
        instant_at_percent(
            put.start, end, percent, put.calendar, in_wall_time=case.unit == "hours", pauses=put.pauses
        )
        for percent in range(0, 101, 10)
    ]
    assert found == sorted(found)
    assert put.start <= found[0]
    assert found[-1] <= end


@LAW
@given(drawn_cases(), st.integers(1, 5 * DAY))
def test_a_later_start_never_has_an_earlier_end(case: Case, minutes: int) -> None:
    """Without pauses: those before the start give nothing, so a start behind one may end first."""
    put = question(replace(case, pauses=()))
    assert due(put).due_at <= due(replace(put, start=put.start + timedelta(minutes=minutes))).due_at


@LAW
@given(drawn_cases())
def test_a_longer_limit_never_ends_earlier(case: Case) -> None:
    put = question(case)
    longer = replace(put, limit=replace(put.limit, amount=put.limit.amount + 1))
    assert due(put).due_at <= due(longer).due_at


@LAW
@given(drawn_cases(), st.integers(-12, 14))
def test_the_zone_in_which_a_time_is_written_changes_nothing(case: Case, hours: int) -> None:
    """RT SLA.pm switched the process's zone during the sum; erpnext#38745: the browser's zone; grafana oncall#3261."""
    put = question(case)
    elsewhere = timezone(timedelta(hours=hours))
    there = replace(
        put,
        start=put.start.astimezone(elsewhere),
        pauses=tuple(Pause(one.begins.astimezone(elsewhere), one.ends.astimezone(UTC)) for one in put.pauses),
    )
    assert due(there) == due(put)


@LAW
@given(drawn_cases())
def test_the_days_run_without_a_gap_from_the_start_to_the_end(case: Case) -> None:
    """alaveteli#5101: show how the deadline was counted."""
    put = question(case)
    found = due(put)
    dates = [day.on for day in found.days]
    assert dates == [dates[0] + timedelta(days=n) for n in range(len(dates))]
    assert dates[0] == instant(case.start).date()
    assert dates[-1] in (found.due_at.date(), (found.due_at - timedelta(minutes=1)).date())
    assert all(day.because for day in found.days)


@LAW
@given(drawn_cases())
def test_a_day_that_is_off_never_counts_in_working_time(case: Case) -> None:
    put = question(replace(case, unit="working_days", extensions=()))
    assert not any(day.counted for day in due(put).days if not put.calendar.day(day.on).is_open)


def test_a_calendar_of_common_weeks_has_no_holiday_to_count() -> None:
    """A negative control of the first law: a holiday in the way does move the date."""
    start, on = at("2026-03-02 09:00"), date(2026, 3, 4)
    stricter = WorkingCalendar(WEEK, {on: holiday(on)})
    assert deadline(ANSWER, start, stricter).due_at > deadline(ANSWER, start, PLAIN).due_at
