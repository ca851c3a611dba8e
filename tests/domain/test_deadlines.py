"""The clock: limits in four units, the first day, days off, pauses, and the day-by-day account."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from time import process_time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.domain.calendars import ALWAYS, PLAIN, TET, WEEK, at, calendars, holiday, holiday_dates, instants
from tracker.domain.calendar import DayKind, WorkingCalendar
from tracker.domain.deadlines import Pause, deadline, instant_at_percent, shift
from tracker.domain.errors import Invalid
from tracker.domain.time_limits import Clock, LimitUnit, StartEvent, TimeLimit, choose_limit, limit_by_code

FEW = settings(max_examples=50, deadline=None)
ANSWER = TimeLimit("answer_default", Clock.ANSWER, "Trả lời", 10, LimitUnit.WORKING_DAYS, StartEvent.ROUTED)
FORWARD = TimeLimit(
    "forward", Clock.FORWARD, "Chuyển ý kiến", 5, LimitUnit.CALENDAR_DAYS, StartEvent.MEETING_ENDED
)
URGENT = replace(
    ANSWER, code="answer_khan", amount=24, unit=LimitUnit.HOURS, urgency="khan", roll_to_working=False
)
HOURLY = replace(ANSWER, code="answer_hours", amount=4, unit=LimitUnit.WORKING_HOURS)


def due(limit: TimeLimit, start: str, calendar: WorkingCalendar = PLAIN, *pauses: Pause) -> datetime:
    return deadline(limit, at(start), calendar, pauses).due_at


def pause(begins: str, ends: str) -> Pause:
    return Pause(at(begins), at(ends), "chờ đo đạc")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-02 09:00", "2026-03-16 17:00"),  # Monday: ten working days from Tuesday
        ("2026-03-06 16:59", "2026-03-20 17:00"),  # Friday afternoon
        ("2026-03-07 09:00", "2026-03-20 17:00"),  # Saturday: Monday is the first day
        ("2026-03-08 19:30", "2026-03-20 17:00"),  # Sunday evening
        ("2026-03-02 21:00", "2026-03-16 17:00"),  # after hours is still that day
    ],
)
def test_working_days_begin_the_day_after_and_end_with_the_working_day(start: str, end: str) -> None:
    assert due(ANSWER, start) == at(end)


def test_tet_is_not_counted() -> None:
    assert due(ANSWER, "2026-02-10 09:00", TET) == at("2026-03-03 17:00")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-03 20:00", "2026-03-09 17:00"),  # five days end on Sunday the 8th: Monday
        ("2026-03-04 20:00", "2026-03-09 17:00"),
        ("2026-03-02 20:00", "2026-03-09 17:00"),  # Saturday the 7th: Monday as well
        ("2026-03-01 20:00", "2026-03-06 17:00"),
    ],
)
def test_calendar_days_that_end_on_a_day_off_move_to_the_next_working_day(start: str, end: str) -> None:
    assert due(FORWARD, start) == at(end)


def test_a_limit_that_does_not_move_ends_with_the_day_off() -> None:
    assert due(replace(FORWARD, roll_to_working=False), "2026-03-02 20:00") == at("2026-03-08 00:00")


def test_the_first_day_counts_when_the_rule_says_so_and_some_of_it_is_left() -> None:
    counted = replace(ANSWER, amount=1, first_day_counted=True)
    assert due(counted, "2026-03-02 09:00") == at("2026-03-02 17:00")
    assert due(counted, "2026-03-02 18:00") == at("2026-03-03 17:00")


def test_a_first_day_without_work_does_not_count() -> None:
    """Found by the law that more holidays never make a date earlier: after closing time Monday didn't count, and
    made a holiday it did, so the date came a day earlier (django-helpdesk escalate_tickets.py 2.6.1).
    """
    counted = replace(FORWARD, amount=2, first_day_counted=True)
    shut = WorkingCalendar(WEEK, {date(2026, 3, 2): holiday(date(2026, 3, 2))})
    assert (
        due(counted, "2026-03-02 17:00") == due(counted, "2026-03-02 17:00", shut) == at("2026-03-04 17:00")
    )
    assert due(counted, "2026-03-02 16:59") == at("2026-03-03 17:00")


def test_working_hours_stop_for_lunch_and_at_night() -> None:
    assert due(HOURLY, "2026-03-02 15:00") == at("2026-03-03 09:30")
    assert due(HOURLY, "2026-03-02 07:30") == at("2026-03-02 11:30")


def test_urgent_hours_run_through_the_night() -> None:
    assert due(URGENT, "2026-03-06 21:30") == at("2026-03-07 21:30")
    rolling = replace(URGENT, roll_to_working=True)
    assert due(rolling, "2026-03-06 21:30") == at("2026-03-09 07:30")


def test_a_round_the_clock_calendar_ends_at_midnight() -> None:
    """zammad#3180: the day ends at 24:00, not at 23:59."""
    found = deadline(replace(ANSWER, amount=1), at("2026-03-02 09:00"), WorkingCalendar(ALWAYS, {}))
    assert found.due_at == at("2026-03-04 00:00")
    assert [day.on.day for day in found.days] == [2, 3]
    assert found.days[-1].hours == 24


def test_a_naive_start_is_refused_and_the_result_is_aware() -> None:
    with pytest.raises(Invalid, match="múi giờ"):
        deadline(ANSWER, datetime(2026, 3, 2, 9), PLAIN)  # noqa: DTZ001 - the naive time is the point
    assert deadline(ANSWER, at("2026-03-02 09:00"), PLAIN).due_at.utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize("amount", [0, -1, 100_000])
def test_a_limit_of_nothing_or_of_centuries_is_refused(amount: int) -> None:
    with pytest.raises(Invalid, match="answer_default"):
        replace(ANSWER, amount=amount)


class TestChoice:
    LIMITS = (
        ANSWER,
        replace(ANSWER, code="answer_land", category="dat_dai", amount=15),
        URGENT,
        replace(ANSWER, code="answer_old", amount=20, valid_to=date(2025, 1, 1)),
        replace(ANSWER, code="answer_next", amount=7, valid_from=date(2027, 1, 1)),
    )

    @pytest.mark.parametrize(
        ("category", "urgency", "on", "code"),
        [
            (None, None, date(2026, 3, 2), "answer_default"),
            ("dat_dai", "thuong", date(2026, 3, 2), "answer_land"),
            ("dat_dai", "khan", date(2026, 3, 2), "answer_khan"),
            ("giao_thong", "cao", date(2026, 12, 31), "answer_default"),
            ("giao_thong", "cao", date(2027, 1, 1), "answer_next"),
        ],
    )
    def test_the_most_specific_rule_in_force_is_taken(
        self, category: str | None, urgency: str | None, on: date, code: str
    ) -> None:
        assert choose_limit(self.LIMITS, Clock.ANSWER, category, urgency, on).code == code

    def test_no_rule_is_no_match(self) -> None:
        """frappe/helpdesk PR #3547: a policy with a blank condition swallowed every ticket."""
        with pytest.raises(Invalid, match="Chưa có thời hạn"):
            choose_limit(self.LIMITS, Clock.ROUTE, None, None, date(2026, 3, 2))

    def test_a_rule_is_found_by_code_only_while_in_force(self) -> None:
        assert limit_by_code(self.LIMITS, "answer_old", date(2024, 12, 31)).amount == 20
        with pytest.raises(Invalid, match="answer_old"):
            limit_by_code(self.LIMITS, "answer_old", date(2025, 1, 1))

    def test_a_limit_says_its_unit(self) -> None:
        """froide#312: an extension by "months" meant days."""
        assert [limit.words for limit in (ANSWER, FORWARD, HOURLY, URGENT)] == [
            "10 ngày làm việc",
            "5 ngày",
            "4 giờ làm việc",
            "24 giờ",
        ]


class TestPauses:
    def test_a_pause_over_the_weekend_credits_nothing(self) -> None:
        """glpi#10594, glpi#14937: waiting was counted in wall time, the due date in working days."""
        weekend = pause("2026-03-06 17:00", "2026-03-09 07:30")
        assert due(ANSWER, "2026-03-02 09:00", PLAIN, weekend) == at("2026-03-16 17:00")

    def test_a_pause_adds_working_time_to_the_due_date(self) -> None:
        """frappe/helpdesk#1554: the hold was ignored, then added to the creation date."""
        two_days = pause("2026-03-04 07:30", "2026-03-05 17:00")
        assert due(ANSWER, "2026-03-02 09:00", PLAIN, two_days) == at("2026-03-18 17:00")

    def test_a_pause_never_pushes_the_due_time_past_closing(self) -> None:
        """glpi#9082."""
        three_hours = pause("2026-03-04 13:30", "2026-03-04 16:30")
        assert due(ANSWER, "2026-03-02 09:00", PLAIN, three_hours) == at("2026-03-17 10:30")

    def test_a_paused_ticket_is_not_due(self) -> None:
        """glpi#24481: breach while pending."""
        held = pause("2026-03-16 16:00", "2026-04-01 08:00")
        assert due(ANSWER, "2026-03-02 09:00", PLAIN, held) == at("2026-04-01 09:00")

    def test_urgent_hours_stand_in_wall_time(self) -> None:
        held = pause("2026-03-07 00:00", "2026-03-07 06:00")
        assert due(URGENT, "2026-03-06 21:30", PLAIN, held) == at("2026-03-08 03:30")

    def test_a_pause_that_ends_before_it_begins_is_refused(self) -> None:
        with pytest.raises(Invalid, match="phải kết thúc sau"):
            pause("2026-03-06 17:00", "2026-03-06 17:00")

    @FEW
    @given(calendars(), instants, instants, instants, st.sampled_from([ANSWER, FORWARD, HOURLY, URGENT]))
    def test_splitting_a_pause_changes_nothing_and_pausing_is_never_earlier(
        self, calendar: WorkingCalendar, start: datetime, a: datetime, b: datetime, limit: TimeLimit
    ) -> None:
        assume(a != b)
        begins, ends = sorted((a, b))
        middle = begins + (ends - begins) / 2
        whole = deadline(limit, start, calendar, (Pause(begins, ends),)).due_at
        halves = deadline(limit, start, calendar, (Pause(middle, ends), Pause(begins, middle))).due_at
        assert whole == halves >= deadline(limit, start, calendar).due_at


class TestLaws:
    @FEW
    @given(st.tuples(calendars(), holiday_dates), instants, st.integers(1, 30))
    def test_more_holidays_never_make_a_date_earlier(
        self, drawn: tuple[WorkingCalendar, frozenset[date]], start: datetime, amount: int
    ) -> None:
        """django-helpdesk escalate_tickets.py 2.6.1: excluded days shortened the wait."""
        calendar, more = drawn
        stricter = WorkingCalendar(calendar.week, {**calendar.days, **{on: holiday(on) for on in more}})
        for limit in (ANSWER, FORWARD, HOURLY):
            sized = replace(limit, amount=amount)
            assert deadline(sized, start, stricter).due_at >= deadline(sized, start, calendar).due_at

    @FEW
    @given(calendars(), instants, st.integers(1, 15), st.integers(1, 15))
    def test_adding_in_two_steps_is_adding_once(
        self, calendar: WorkingCalendar, start: datetime, one: int, two: int
    ) -> None:
        for unit in (LimitUnit.WORKING_DAYS, LimitUnit.WORKING_HOURS, LimitUnit.HOURS):
            first = shift(start, one, unit, calendar)
            assert shift(first, two, unit, calendar) == shift(start, one + two, unit, calendar)

    @FEW
    @given(calendars(), instants, st.integers(1, 20), st.sampled_from([ANSWER, FORWARD, HOURLY]))
    def test_a_due_time_lies_in_working_time_and_after_the_start(
        self, calendar: WorkingCalendar, start: datetime, amount: int, limit: TimeLimit
    ) -> None:
        """glpi#9082: due always inside hours, a slot's end included."""
        found = deadline(replace(limit, amount=amount), start, calendar).due_at
        assert found > start
        assert calendar.is_open(found - timedelta(microseconds=1))

    @FEW
    @given(calendars(), instants, st.sampled_from([ANSWER, FORWARD, HOURLY, URGENT]))
    def test_the_days_run_without_a_gap_and_count_what_the_rule_asks(
        self, calendar: WorkingCalendar, start: datetime, limit: TimeLimit
    ) -> None:
        found = deadline(limit, start, calendar)
        dates = [day.on for day in found.days]
        assert dates[0] == start.date()
        assert dates == [dates[0] + timedelta(days=n) for n in range(len(dates))]
        counted = [day for day in found.days if day.counted]
        if limit.unit in (LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS):
            assert len(counted) == limit.amount
        else:
            assert sum(day.hours for day in counted) == pytest.approx(limit.amount, abs=0.2)


def test_every_day_says_why() -> None:
    """alaveteli#5101: show how the deadline was counted, which holidays and why."""
    found = deadline(replace(FORWARD, amount=4), at("2026-02-10 20:00"), TET)
    told = [(day.on.day, day.kind, day.counted, day.because) for day in found.days]
    assert told[0] == (10, DayKind.WORKING, False, "ngày đầu, không tính")
    assert told[1] == (11, DayKind.WORKING, True, "ngày làm việc, ngày thứ 1")
    assert told[4] == (14, DayKind.HOLIDAY, True, "Nghỉ Tết Bính Ngọ, ngày thứ 4")
    assert told[5] == (15, DayKind.HOLIDAY, False, "Nghỉ Tết Bính Ngọ, không tính")
    assert told[-1] == (23, DayKind.WORKING, False, "ngày làm việc tiếp theo, nơi hạn chuyển tới")
    assert found.because[-1] == "Hạn: 17:00, 23/02/2026."


def test_a_year_without_a_table_is_told() -> None:
    found = deadline(ANSWER, at("2027-03-01 09:00"), TET)
    assert any("Lịch nghỉ năm 2027 chưa có" in sentence for sentence in found.because)
    assert not any(
        "chưa có" in sentence for sentence in deadline(ANSWER, at("2026-03-02 09:00"), TET).because
    )


class TestPercent:
    def test_a_share_is_counted_in_working_time(self) -> None:
        """glpi#22678: a level before the due time, in a calendar of several slots, was set to 00:00."""
        start, end = at("2026-03-02 07:30"), at("2026-03-06 17:00")
        assert instant_at_percent(start, end, 20, PLAIN) == at("2026-03-02 17:00")
        assert instant_at_percent(start, end, 70, PLAIN) == at("2026-03-05 11:15")

    def test_an_urgent_share_is_counted_day_and_night(self) -> None:
        start = at("2026-03-06 21:00")
        assert instant_at_percent(start, start + timedelta(hours=10), 70, PLAIN, in_wall_time=True) == at(
            "2026-03-07 04:00"
        )

    @FEW
    @given(calendars(), instants, instants, st.integers(1, 100))
    def test_a_share_lies_between_start_and_due(
        self, calendar: WorkingCalendar, a: datetime, b: datetime, percent: int
    ) -> None:
        start, end = sorted((a, b))
        assert start <= instant_at_percent(start, end, percent, calendar) <= end


def test_hundreds_of_due_times_cost_little() -> None:
    """The sweep and a sheet work out many: 500 in a tenth of a second, with room for a slow machine."""
    calendar = WorkingCalendar(WEEK, TET.days)
    begun = process_time()
    for minute in range(500):
        deadline(ANSWER, at("2026-03-02 09:00") + timedelta(minutes=minute), calendar)
    assert process_time() - begun < 0.5
