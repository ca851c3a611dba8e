"""What a secretary says to the branch of its concerns, and what the sheet says of its own figures."""

import json
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files

import pytest

from tracker.domain.meetings import MeetingKind, RollCall
from tracker.domain.rubric import read_rubric
from tracker.domain.sheet_figures import live_figures, minutes_between
from tracker.domain.telling import answer_words, lateness, waiting_words

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
HD42 = read_rubric(json.loads(files("tracker.data").joinpath("assessments", "hd42.json").read_text("utf-8")))
GIVEN = {
    "content_ready": 5,
    "committee_ready": 5,
    "all_steps": 5,
    "discussion": 25,
    "chairing": 10,
    "principles": 5,
    "last_conclusions": 30,
    "ending": 5,
}


@pytest.mark.parametrize(
    ("due_in", "words", "state"),
    [
        (timedelta(days=-4), "đã quá hạn 4 ngày (hạn 21/11/2026)", "late"),
        (timedelta(0), "đã quá hạn hôm nay (25/11/2026)", "late"),
        (timedelta(hours=7), "hạn trả lời là hôm nay (25/11/2026)", "soon"),
        (timedelta(days=3), "hạn trả lời 28/11/2026, còn 3 ngày", "soon"),
        (timedelta(days=4), "hạn trả lời 29/11/2026, còn 4 ngày", "ok"),
    ],
)
def test_lateness_is_counted_in_days_that_anybody_can_count(
    due_in: timedelta, words: str, state: str
) -> None:
    assert lateness(NOW + due_in, NOW) == (words, state)


def test_days_are_those_of_vietnam_not_of_greenwich() -> None:
    late_evening = datetime(2026, 11, 25, 17, 30, tzinfo=UTC)
    assert (
        lateness(datetime(2026, 11, 25, 16, 0, tzinfo=UTC), late_evening)[0]
        == "đã quá hạn 1 ngày (hạn 25/11/2026)"
    )


def test_what_has_no_date_says_none() -> None:
    assert lateness(None, NOW) == ("", "")


def test_who_answered_is_said_first() -> None:
    assert answer_words("Công an phường", "", NOW) == "Công an phường trả lời ngày 25/11/2026:"
    assert answer_words("", "Trưởng thôn", NOW) == "Trưởng thôn giải quyết ngay tại buổi họp ngày 25/11/2026:"


def test_why_it_is_open_names_the_place_the_time_and_how_far_it_was_reported() -> None:
    words = waiting_words(
        "routed", "Công an phường", NOW - timedelta(days=1), NOW, level_name="Báo Thường trực", reopened=1
    )

    assert words == (
        "Đã chuyển Công an phường, đơn vị chưa báo tiếp nhận; chi bộ chưa đồng ý 1 lần nên phải trả lời lại; "
        "đã quá hạn 1 ngày (hạn 24/11/2026). Báo Thường trực."
    )
    assert waiting_words("triage", "", None, NOW) == "Văn phòng cấp ủy đang phân loại để giao đơn vị trả lời."


def test_figures_grow_as_the_sheet_is_typed() -> None:
    nothing = live_figures(HD42, MeetingKind.REGULAR, None, RollCall(0), {})
    roll = RollCall(28, 2, exempt=3, present=25, excused=2)
    half = live_figures(HD42, MeetingKind.REGULAR, None, roll, {"chairing": 10})
    whole = live_figures(HD42, MeetingKind.REGULAR, 95, roll, GIVEN)

    assert set(nothing.values()) == {""}
    assert half["rate"] == "25/27 (92,5\u00a0%)"
    assert half["measured-duration"] == half["total"] == ""
    assert whole["total"].startswith("Đạt 100/100 điểm")
    assert whole["roll_problem"] == ""


def test_points_out_of_range_are_not_counted_as_given() -> None:
    roll = RollCall(28, 2, exempt=3, present=25, excused=2)
    figures = live_figures(HD42, MeetingKind.REGULAR, 95, roll, GIVEN | {"chairing": 11})

    assert figures["total"] == "Đã chấm 7/8 mục."


@pytest.mark.parametrize(
    ("starts", "ends", "minutes"),
    [
        (time(19, 0), time(20, 45), 105),
        (time(19, 0), time(19, 0), None),
        (time(19), time(7), None),
        (None, time(7), None),
    ],
)
def test_minutes_are_known_only_when_the_end_follows_the_start(
    starts: time | None, ends: time | None, minutes: int | None
) -> None:
    assert minutes_between(starts, ends) == minutes
