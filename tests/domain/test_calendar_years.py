"""Which years wait for a decision, and whose entry decides a day of a year."""

from datetime import date

from tracker.domain.calendar import DayKind
from tracker.domain.calendar_years import Entry, differing, is_undecided, years_to_decide
from tracker.domain.calendars import NATION, Owner

WARD, BODY = Owner(unit_id=2), Owner(body_id=7)
DECIDED = [(date(2026, 2, 17), "decided"), (date(2026, 9, 2), "computed")]
NEXT = [(date(2027, 2, 6), "assumed"), (date(2027, 9, 2), "computed"), (date(2027, 9, 3), "assumed")]


def entry(owner: Owner, basis: str = "decided", is_active: bool = True) -> Entry:
    return Entry(1, owner, date(2026, 12, 1), DayKind.HOLIDAY, "Nghỉ", "", basis, "QĐ 1", "S", is_active)


def test_next_years_decision_is_asked_for_from_the_first_of_october_on() -> None:
    assert years_to_decide(DECIDED + NEXT, date(2026, 9, 30)) == ()

    (found,) = years_to_decide(DECIDED + NEXT, date(2026, 10, 1))
    assert found.year == 2027
    assert found.words == "Năm 2027 chưa có quyết định: 2 ngày còn tạm ghi (06/02, 03/09)."


def test_a_decided_year_is_not_asked_for_and_an_undecided_present_one_is() -> None:
    decided = [(on, "decided") for on, _ in NEXT]
    assert years_to_decide(DECIDED + decided, date(2026, 12, 31)) == ()
    assert [one.year for one in years_to_decide(NEXT, date(2027, 1, 1))] == [2027]


def test_a_year_without_any_day_off_is_missing() -> None:
    (found,) = years_to_decide(DECIDED, date(2026, 10, 1))
    assert found.is_missing
    assert found.words == "Năm 2027 chưa có ngày nghỉ nào trong lịch."


def test_the_entry_of_the_nearest_owner_decides_and_what_it_rests_stays_to_be_seen() -> None:
    chain = (NATION, WARD, BODY)
    assert differing([entry(BODY), entry(NATION)], chain) == (entry(BODY),)
    assert differing([entry(BODY, is_active=False), entry(WARD), entry(NATION)], chain) == (
        entry(WARD),
        entry(BODY, is_active=False),
    )
    assert differing([entry(WARD, is_active=False)], chain) == ()


def test_only_the_owners_own_days_in_use_can_be_undecided() -> None:
    assert is_undecided([entry(NATION, "assumed")], NATION)
    assert not is_undecided([entry(NATION, "assumed", is_active=False), entry(WARD, "assumed")], NATION)
