"""A digest says of each ticket what the pages say of it at that hour."""

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tracker.domain.digests import Awaited, DigestLine, Part, digest

UNTIL = NOW + timedelta(days=5)
MARK = "(đang tạm dừng tới 30/11/2026)"


@pytest.mark.parametrize("due_in", [-timedelta(days=3), timedelta(hours=3)], ids=["late", "today"])
def test_what_is_paused_is_marked_in_its_own_line_and_in_the_news(due_in: timedelta) -> None:
    paused = Awaited(1, "TS-1", "acknowledged", NOW + due_in, UNTIL)
    running = Awaited(2, "TS-2", "acknowledged", NOW + due_in)
    news = [DigestLine(Part.NEWS, f"TS-{n}: đơn vị đề nghị gia hạn", n) for n in (1, 2)]
    found = digest([paused, running], news, 0, NOW)

    assert found is not None
    assert [line.words.endswith(MARK) for line in found.lines] == [True, False, True, False]


def test_a_pause_is_over_at_its_promise_whether_the_sweep_came_or_not() -> None:
    found = digest([Awaited(1, "TS-1", "acknowledged", UNTIL, UNTIL)], [], 0, UNTIL)

    assert found is not None
    assert "tạm dừng" not in found.lines[0].words
