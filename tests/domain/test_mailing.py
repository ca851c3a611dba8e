"""When a letter goes out, and what a digest says."""

from datetime import timedelta

import pytest

from tests.domain.calendars import PLAIN, TET, at
from tracker.domain.digests import MOST_LINES, Awaited, DigestLine, Part, digest
from tracker.domain.mailing import MailChoice, mail_time


@pytest.mark.parametrize(
    ("told", "goes"),
    [
        ("2026-03-04 10:00", "2026-03-04 10:00"),
        ("2026-03-04 12:00", "2026-03-04 13:30"),
        ("2026-03-04 17:00", "2026-03-05 07:30"),
        ("2026-03-04 23:50", "2026-03-05 07:30"),
        ("2026-03-06 18:00", "2026-03-09 07:30"),
        ("2026-03-08 09:00", "2026-03-09 07:30"),
    ],
    ids=["at work", "lunch", "closing", "midnight", "friday evening", "sunday"],
)
def test_a_letter_goes_in_working_time(told: str, goes: str) -> None:
    """zammad#2157, #4432: notices at midnight and on weekends. glpi#24489: every timer uses the one calendar."""
    found = mail_time(at(told), PLAIN, MailChoice.EACH, is_urgent=False)
    assert found.at == at(goes)
    assert found.because


def test_the_holidays_of_the_one_calendar_are_quiet() -> None:
    eve = at("2026-02-16 09:00")
    found = mail_time(eve, TET, MailChoice.EACH, is_urgent=False)
    assert found.at is not None
    assert TET.is_open(found.at)
    assert found.at > eve + timedelta(days=3)
    assert mail_time(eve, PLAIN, MailChoice.EACH, is_urgent=False).at == eve, "the control: no holiday"


@pytest.mark.parametrize("choice", [MailChoice.EACH, MailChoice.DAILY_URGENT])
def test_what_is_urgent_goes_at_once_by_night(choice: MailChoice) -> None:
    night = at("2026-03-08 02:00")
    assert mail_time(night, PLAIN, choice, is_urgent=True).at == night


@pytest.mark.parametrize(
    ("choice", "is_urgent"),
    [(MailChoice.DAILY, True), (MailChoice.DAILY, False), (MailChoice.DAILY_URGENT, False)],
)
def test_who_chose_the_digest_waits_for_it(choice: MailChoice, is_urgent: bool) -> None:
    assert mail_time(at("2026-03-04 10:00"), PLAIN, choice, is_urgent=is_urgent).at is None


NOW = at("2026-03-04 08:00")


def awaited(number: int, hours: float) -> Awaited:
    return Awaited(number, f"TAS-2026-{number:04d}", "routed", NOW + timedelta(hours=hours))


def test_a_digest_tells_the_worst_delay_first_then_what_is_due_today() -> None:
    """frappe/helpdesk#3778: a digest to each person, worst delay first."""
    news = [DigestLine(Part.NEWS, "TAS-2026-0009: kiến nghị mới", 9)]
    found = digest([awaited(1, -24), awaited(2, 5), awaited(3, -72), awaited(4, 24)], news, 0, NOW)
    assert found is not None
    assert [line.words for line in found.lines] == [
        "TAS-2026-0003: quá hạn 3 ngày, hạn 01/03/2026",
        "TAS-2026-0001: quá hạn 1 ngày, hạn 03/03/2026",
        "TAS-2026-0002: đến hạn hôm nay, 13:00, 04/03/2026",
        "TAS-2026-0009: kiến nghị mới",
    ]
    assert found.sentence == "Tóm tắt ngày 04/03/2026: 2 việc quá hạn, 1 việc đến hạn hôm nay, 1 tin mới"


def test_nothing_to_say_is_no_digest() -> None:
    assert digest([awaited(4, 24)], [], 0, NOW) is None


def test_what_cannot_be_opened_is_counted_and_not_named() -> None:
    found = digest([], [], 2, NOW)
    assert found is not None
    assert [line.words for line in found.lines] == ["2 thông báo khác, xem trong mục Thông báo"]


def test_a_long_digest_is_cut_and_the_rest_counted() -> None:
    found = digest([awaited(number, -number) for number in range(1, MOST_LINES + 6)], [], 0, NOW)
    assert found is not None
    assert len(found.lines) == MOST_LINES + 1
    assert "5 việc khác" in found.lines[-1].words
