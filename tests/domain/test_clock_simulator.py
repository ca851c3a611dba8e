"""The clock against the minute-by-minute simulator: hundreds of cases here, twenty thousand in ``make proof``."""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from tests.domain.clock_cases import OFFICE, UNITS, cases, differences, drawn_cases
from tests.domain.clock_simulator import Case, answer

NUMBER = int(os.environ.get("CLOCK_CASES", "400"))
"""How many cases the sweep asks; hypothesis asks a tenth of it besides. ``make proof`` sets 20,000."""

SEED = 20261125
DRAWN = settings(
    max_examples=max(40, NUMBER // 10), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def kinds(case: Case) -> Iterable[str]:
    """Yield what is special about the case, for the tally."""
    yield case.unit
    specials = {kind for _, kind, _ in case.days}
    yield from (kind for kind in ("holiday", "makeup", "half") if kind in specials)
    named = {
        "first day counted": case.first_day_counted,
        "ends moved": case.rolls,
        "paused": bool(case.pauses),
        "extended": bool(case.extensions),
        "hours changed": bool(case.later),
        "open till 24:00": any(slots and slots[-1][1] == 1440 for slots in case.week),
        "several slots": any(len(slots) > 1 for slots in case.week),
    }
    yield from (name for name, is_so in named.items() if is_so)


def test_the_clock_agrees_with_the_simulator_on_a_seeded_sweep() -> None:
    """chatwoot PR #13392: deadlines in two places that went apart; here both places are meant to, and don't."""
    seen: Counter[str] = Counter()
    wrong = []
    for case in cases(SEED, NUMBER):
        seen.update(kinds(case))
        if told := differences(case, answer(case)):
            wrong.append((told, case))
    tally = ", ".join(f"{name} {number:,}" for name, number in sorted(seen.items()))
    print(f"\nclock: {NUMBER:,} cases of seed {SEED} against the simulator, {len(wrong)} differ ({tally})")
    assert wrong[:3] == []
    assert len(seen) == 14, "a kind of case is never drawn"


@DRAWN
@given(drawn_cases())
def test_the_clock_agrees_with_the_simulator_wherever_hypothesis_looks(case: Case) -> None:
    assert differences(case, answer(case)) == []


@pytest.mark.parametrize("unit", UNITS)
def test_the_clock_agrees_with_the_simulator_on_every_subset_of_weekdays(unit: str) -> None:
    """osTicket#6739: a week without Monday and Thursday was miscounted."""
    for mask, case in zip(range(1, 128), cases(SEED + 1, 127), strict=True):
        week = tuple(OFFICE if mask >> weekday & 1 else () for weekday in range(7))
        asked = replace(case, unit=unit, amount=1 + case.amount % 9, week=week, later=())
        assert differences(asked, answer(asked)) == [], asked


def test_the_simulator_knows_what_a_person_would_say() -> None:
    """A negative control: a wrong date is told, so that agreement means something."""
    case = Case("working_days", 10, False, True, 739676 * 1440 + 540, (OFFICE,) * 5 + ((), ()))
    right = answer(case)
    assert differences(case, right) == []
    assert differences(case, replace(right, due=right.due + 1)) != []
