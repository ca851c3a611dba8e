"""What must go on by itself: told when it stands still, and when its clock can't be believed."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.readiness import WORDS, overdue

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
LIMIT = timedelta(minutes=5)


@pytest.mark.parametrize("ago", [timedelta(0), LIMIT, -LIMIT])
def test_what_worked_within_the_limit_is_well(ago):
    assert overdue(dict.fromkeys(WORDS, NOW - ago), NOW, LIMIT) == {}


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(minutes=6), "Việc rà hạn chạy lần cuối cách đây 6 phút."),
        (timedelta(days=-300), "Việc rà hạn ghi giờ ở tương lai; hãy xem lại đồng hồ của máy."),
    ],
)
def test_what_stands_still_or_lies_ahead_is_told(ago, words):
    beats = dict.fromkeys(WORDS, NOW) | {"sweep": NOW - ago}
    assert overdue(beats, NOW, LIMIT) == {"sweep": words}


def test_what_never_worked_is_told():
    assert set(overdue({}, NOW, LIMIT)) == set(WORDS)
