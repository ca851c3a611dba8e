"""More time for a limit, pauses beside it, and how both are told day by day."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.calendars import ALWAYS, PLAIN, TET, at, calendars, instants
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.deadlines import Deadline, Extension, Pause, deadline, instant_at_percent, shift
from tracker.domain.errors import Invalid
from tracker.domain.time_limits import Clock, LimitUnit, StartEvent, TimeLimit

FEW = settings(max_examples=50, deadline=None)
ANSWER = TimeLimit("answer_default", Clock.ANSWER, "Trả lời", 10, LimitUnit.WORKING_DAYS, StartEvent.ROUTED)
DENUNCIATION = TimeLimit(
    "denunciation", Clock.DENUNCIATION, "Tố cáo", 30, LimitUnit.CALENDAR_DAYS, StartEvent.TAKEN_UP
)
URGENT = replace(ANSWER, code="answer_khan", amount=24, unit=LimitUnit.HOURS, roll_to_working=False)
HOURLY = replace(ANSWER, code="answer_hours", amount=4, unit=LimitUnit.WORKING_HOURS)
FIVE = Extension(5, LimitUnit.WORKING_DAYS, "chờ đo đạc lại")
ALWAYS_OPEN = WorkingCalendar(ALWAYS, {})


def found(limit: TimeLimit, start: str, *extensions: Extension, pauses: tuple[Pause, ...] = ()) -> Deadline:
    return deadline(limit, at(start), PLAIN, pauses, extensions)


def pause(begins: str, ends: str) -> Pause:
    return Pause(at(begins), at(ends), "chờ hồ sơ")


class TestExtensions:
    def test_working_days_are_added_to_the_due_date(self) -> None:
        assert found(ANSWER, "2026-03-02 09:00", FIVE).due_at == at("2026-03-23 17:00")

    def test_calendar_days_are_added_to_the_due_date_and_move_off_a_day_off(self) -> None:
        """Thirty days, thirty more: the second thirty run from the end of the first (Luật Tố cáo 2018, art. 30)."""
        thirty = Extension(30, LimitUnit.CALENDAR_DAYS)
        assert found(DENUNCIATION, "2026-03-02 09:00").due_at == at("2026-04-01 17:00")
        assert found(DENUNCIATION, "2026-03-02 09:00", thirty).due_at == at("2026-05-01 17:00")
        assert found(DENUNCIATION, "2026-03-02 09:00", thirty, thirty).due_at == at("2026-06-01 17:00")

    def test_hours_are_added_in_their_own_unit(self) -> None:
        assert found(HOURLY, "2026-03-02 15:00", Extension(4, LimitUnit.WORKING_HOURS)).due_at == at(
            "2026-03-03 15:30"
        )
        assert found(URGENT, "2026-03-06 21:30", Extension(12, LimitUnit.HOURS)).due_at == at(
            "2026-03-08 09:30"
        )

    def test_an_extension_of_a_day_that_ends_at_midnight_loses_and_wins_none(self) -> None:
        """zammad#3180: round the clock Tuesday ends on the date of Wednesday, and one day more is Wednesday."""
        one = replace(ANSWER, amount=1)
        more = deadline(one, at("2026-03-02 09:00"), ALWAYS_OPEN, (), (Extension(1, LimitUnit.WORKING_DAYS),))
        assert more.due_at == deadline(replace(one, amount=2), at("2026-03-02 09:00"), ALWAYS_OPEN).due_at
        assert [day.on.day for day in more.days if day.counted] == [3, 4]

    def test_the_old_date_and_the_new_one_are_told(self) -> None:
        told = found(ANSWER, "2026-03-02 09:00", FIVE)
        assert (
            "Gia hạn thêm 5 ngày làm việc (chờ đo đạc lại): hạn cũ 17:00, 16/03/2026, hạn mới 17:00, 23/03/2026."
            in told.because
        )
        (one,) = told.extensions
        assert (one.old_due_at, one.new_due_at) == (at("2026-03-16 17:00"), told.due_at)

    def test_its_days_are_counted_anew(self) -> None:
        days = found(ANSWER, "2026-03-02 09:00", FIVE).days
        assert [day.on.day for day in days if day.is_extension and day.counted] == [17, 18, 19, 20, 23]
        assert days[-1].because == "ngày làm việc, ngày thứ 5 của thời gian gia hạn"
        assert sum(day.counted for day in days) == 15

    def test_a_pause_within_its_time_counts_as_well(self) -> None:
        held = pause("2026-03-18 07:30", "2026-03-19 17:00")
        assert found(ANSWER, "2026-03-02 09:00", FIVE, pauses=(held,)).due_at == at("2026-03-25 17:00")
        assert found(ANSWER, "2026-03-02 09:00", pauses=(held,)).due_at == at("2026-03-16 17:00")

    @pytest.mark.parametrize("amount", [0, -3, 2001])
    def test_an_extension_of_nothing_or_of_centuries_is_refused(self, amount: int) -> None:
        with pytest.raises(Invalid, match=f"Gia hạn {amount} ngày làm việc"):
            Extension(amount, LimitUnit.WORKING_DAYS)

    @pytest.mark.parametrize(
        "text", ["", "5", "working_days", "5 months", "five hours", "1.5 hours", "5 giờ"]
    )
    def test_an_extension_in_no_known_unit_is_refused(self, text: str) -> None:
        """froide#312, froide#469: an extension by "months" meant days."""
        with pytest.raises(Invalid, match="không đọc được"):
            Extension.parse(text)

    def test_an_extension_is_read_as_it_is_typed(self) -> None:
        assert Extension.parse(" 5 working_days ") == Extension(5, LimitUnit.WORKING_DAYS)

    @FEW
    @given(
        calendars(),
        instants,
        st.sampled_from([ANSWER, DENUNCIATION, HOURLY, URGENT]),
        st.sampled_from(LimitUnit),
        st.integers(1, 20),
    )
    def test_an_extension_always_gives_time(
        self, calendar: WorkingCalendar, start: datetime, limit: TimeLimit, unit: LimitUnit, amount: int
    ) -> None:
        more = deadline(limit, start, calendar, (), (Extension(amount, unit),))
        assert more.due_at >= more.extensions[0].old_due_at == deadline(limit, start, calendar).due_at
        if limit.unit is not LimitUnit.HOURS or unit is not LimitUnit.HOURS:
            assert more.due_at > more.extensions[0].old_due_at


class TestPausedDays:
    def test_each_paused_day_and_what_makes_up_for_it_is_told(self) -> None:
        held = pause("2026-03-04 07:30", "2026-03-05 11:30")
        told = found(replace(ANSWER, amount=3), "2026-03-02 09:00", pauses=(held,))
        assert [(day.on.day, day.counted, day.hours, day.paused, day.because) for day in told.days] == [
            (2, False, 0, 0, "ngày đầu, không tính"),
            (3, True, 7.5, 0, "ngày làm việc, ngày thứ 1"),
            (4, False, 0, 7.5, "ngày làm việc, đang tạm dừng, không tính"),
            (5, True, 3.5, 4, "ngày làm việc, ngày thứ 2, trừ 4 giờ tạm dừng"),
            (6, True, 7.5, 0, "ngày làm việc, ngày thứ 3"),
            (7, False, 0, 0, "Thứ Bảy, nghỉ hằng tuần, không tính"),
            (8, False, 0, 0, "Chủ nhật, nghỉ hằng tuần, không tính"),
            (9, True, 4, 0, "ngày làm việc, bù giờ đã tạm dừng"),
        ]
        assert (
            "Tạm dừng từ 07:30, 04/03/2026 đến 11:30, 05/03/2026 (chờ hồ sơ): chỉ lùi hạn bằng 11,5 giờ làm việc đã dừng."
            in told.because
        )

    def test_overlapping_pauses_are_told_once(self) -> None:
        first, second = (
            pause("2026-03-04 07:30", "2026-03-04 16:00"),
            pause("2026-03-04 15:00", "2026-03-05 17:00"),
        )
        told = found(ANSWER, "2026-03-02 09:00", pauses=(second, first))
        assert [(one.pause, one.hours) for one in told.pauses] == [(first, 6.5), (second, 8.5)]
        assert told.due_at == at("2026-03-18 17:00")

    def test_a_pause_that_moves_nothing_says_so(self) -> None:
        weekend = pause("2026-03-06 17:00", "2026-03-09 07:30")
        told = found(ANSWER, "2026-03-02 09:00", pauses=(weekend,))
        assert any("không có giờ làm việc nào nên hạn không lùi" in sentence for sentence in told.because)

    def test_a_pause_before_the_start_gives_nothing(self) -> None:
        """The morning of a first day that counts is gone when the clock starts at ten."""
        counted = replace(ANSWER, amount=1, first_day_counted=True)
        before = pause("2026-02-27 08:00", "2026-03-02 09:30")
        assert found(counted, "2026-03-02 10:00", pauses=(before,)).due_at == at("2026-03-02 17:00")

    @pytest.mark.parametrize("limit", [replace(DENUNCIATION, amount=6, roll_to_working=False), URGENT])
    def test_no_limit_ends_within_a_pause(self, limit: TimeLimit) -> None:
        """glpi#24481: breach while pending, here on a Sunday on which nothing else stands still."""
        start = "2026-03-02 09:00" if limit.unit is LimitUnit.CALENDAR_DAYS else "2026-03-07 10:00"
        held = pause("2026-03-07 17:00", "2026-03-10 09:00")
        told = found(limit, start, pauses=(held,))
        assert told.due_at >= held.ends

    def test_an_urgent_share_stands_still_in_wall_time(self) -> None:
        start, held = at("2026-03-06 20:00"), pause("2026-03-06 22:00", "2026-03-07 02:00")
        assert instant_at_percent(
            start, start + timedelta(hours=14), 50, PLAIN, in_wall_time=True, pauses=(held,)
        ) == at("2026-03-07 05:00")


class TestRolling:
    ROLLING = replace(URGENT, roll_to_working=True)

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("2026-03-04 17:00", "2026-03-05 17:00"),  # closing time is still in time
            ("2026-03-04 17:01", "2026-03-06 07:30"),
            ("2026-03-04 11:30", "2026-03-05 11:30"),
            ("2026-03-04 12:00", "2026-03-05 13:30"),
            ("2026-03-05 20:00", "2026-03-09 07:30"),
        ],
    )
    def test_hours_that_end_outside_working_time_move_on_to_it(self, start: str, end: str) -> None:
        assert found(self.ROLLING, start).due_at == at(end)

    def test_the_day_they_move_to_is_told_as_such(self) -> None:
        last = found(self.ROLLING, "2026-03-05 20:00").days[-1]
        assert (last.on, last.counted, last.because) == (
            date(2026, 3, 9),
            False,
            "ngày làm việc tiếp theo, nơi hạn chuyển tới",
        )


class TestBadInput:
    """Each refusal says which row, and why."""

    def test_a_naive_pause_is_refused_by_its_reason(self) -> None:
        with pytest.raises(Invalid, match=r"Tạm dừng “chờ hồ sơ”.*thiếu múi giờ"):
            Pause(datetime(2026, 3, 2, 8), at("2026-03-03 08:00"), "chờ hồ sơ")  # noqa: DTZ001 - the point

    def test_a_pause_in_the_year_9999_is_refused(self) -> None:
        with pytest.raises(Invalid, match=r"Tạm dừng.*Năm 9999"):
            Pause(at("2026-03-02 08:00"), at("9999-12-31 08:00"))

    def test_a_pause_that_ends_before_it_begins_is_refused_by_its_times(self) -> None:
        with pytest.raises(Invalid, match="08:00, 03/03/2026 phải kết thúc sau"):
            Pause(at("2026-03-03 08:00"), at("2026-03-02 08:00"))

    def test_a_start_in_the_year_9999_is_refused(self) -> None:
        with pytest.raises(Invalid, match="Năm 9999"):
            deadline(ANSWER, at("9999-12-31 08:00"), PLAIN)

    def test_a_limit_that_finds_no_end_is_refused_by_its_code(self) -> None:
        rare = WorkingCalendar((TET.week[0], (), (), (), (), (), ()), {})
        with pytest.raises(Invalid, match=r"Thời hạn “answer_default”.*4000 ngày"):
            deadline(replace(ANSWER, amount=600), at("2026-03-02 08:00"), rare)

    @pytest.mark.parametrize("unit", LimitUnit)
    def test_a_shift_backward_is_refused(self, unit: LimitUnit) -> None:
        with pytest.raises(Invalid, match="từ 0 trở lên"):
            shift(at("2026-03-02 08:00"), -1, unit, PLAIN)
