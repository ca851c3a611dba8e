"""Concerns counted by the database and those counted one by one are the same, and so are the rows behind each figure."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product

import pytest

from tests.quarter_place import CUTOFF, Q3, Place, at
from tracker.db.reading.quarter import QuarterRows, quarter_rows
from tracker.db.reading.quarter_concerns import concern_rows, concerns_behind, quarter_concerns
from tracker.db.tables.org import Body, BodyVersion
from tracker.domain.dates import ZONE, midnight
from tracker.domain.quarter import TicketRow, figures_of, quarter_figures
from tracker.domain.quarter.behind import CONCERNS, Narrowed, concerns_counted, regarded
from tracker.domain.quarter.standings import Concerns, Standing, concerns_of, standing

END = midnight(CUTOFF + timedelta(days=1))
DAYS = [date(2026, month, day) for month in range(5, 11) for day in (3, 20)]


def fill(place: Place, seed: int, concerns: int = 260) -> None:
    """Put two wards with concerns in every state below the province, often at the very instant that decides."""
    dice = random.Random(seed)
    second = place.unit("party_committee", "Đảng ủy phường Tam Sơn", place.province)
    branches = [
        place.branch(
            f"Chi bộ {n}", parent=(place.ward, second)[n % 2], branch_type=("khu_pho", "truong_hoc")[n // 2]
        )
        for n in range(4)
    ]
    bodies = [place.body, _body(place, "PHONG_KT"), None]
    meetings = {
        branch: [(on, _meeting(place, branch, on, dice)) for on in DAYS if dice.random() < 0.8]
        for branch in branches
    }
    for _ in range(concerns):
        branch = dice.choice(branches)
        on, meeting = dice.choice(meetings[branch])
        ticket = place.ticket(branch, meeting, on, **_state(on, dice.choice(bodies), dice))
        if dice.random() < 0.6:
            place.answer(ticket, dice.choice([None, *(key for _day, key in meetings[branch])]))


def _body(place: Place, code: str) -> int:
    body = place.keep(Body()).id
    place.keep(
        BodyVersion(body_id=body, code=code, name=code, kind="government", valid_from=date(2025, 7, 1))
    )
    return body


def _meeting(place: Place, branch: int, on: date, dice: random.Random) -> int:
    kind = "regular" if on.day == 3 else "thematic"
    late = dice.choice([0, 0, 40])
    return place.meeting(branch, on, kind=kind, submitted_at=at(on + timedelta(days=late), 22))


def _state(on: date, body: int | None, dice: random.Random) -> dict:
    def some(*times: datetime | None) -> datetime | None:
        return dice.choice([None, *times])

    due = some(at(on + timedelta(days=14), 17), END, at(date(2026, 8, 20), 17))
    answered = some(due, END, END - timedelta(seconds=1), at(on + timedelta(days=9)))
    accepted = some(midnight(Q3.start), END, at(date(2026, 9, 3)), at(date(2026, 6, 3)))
    open_states = ["routed", "acknowledged", "answered"] if body else ["triage", "answered"]
    return {
        "body_id": body,
        "due_at": due,
        "answered_at": answered,
        "first_answered_at": dice.choice([answered, at(on + timedelta(days=2)), END]),
        "accepted_at": accepted,
        "status": "accepted" if accepted else dice.choice(open_states),
        "reopened_count": dice.choice([0, 0, 0, 1]),
        "level": dice.choice([0, 0, 1, 3]),
        "resolved_on_spot": dice.random() < 0.1,
        "is_restricted": dice.random() < 0.15,
        "filed_at": dice.choice([at(on, 22), at(on + timedelta(days=30), 22)]),
    }


@pytest.fixture
def varied(place: Place) -> Place:
    fill(place, seed=1)
    return place


def rows_of(place: Place, now: datetime, cutoff: date = CUTOFF, unit: int | None = None) -> QuarterRows:
    return quarter_rows(place.session, unit or place.province, Q3.start, Q3.end, cutoff, now)


def one_by_one(place: Place, rows: QuarterRows) -> tuple[list[TicketRow], Concerns]:
    tickets = concern_rows(place.session, rows.regard)
    regard = rows.regard
    return tickets, concerns_of(rows.branches, tickets, Q3.start, Q3.end, regard.cutoff_on, regard.as_of)


def told(concerns: Concerns) -> Counter[Standing]:
    found: Counter[Standing] = Counter()
    for one in concerns.standings:
        found[replace(one, count=1)] += one.count
    return found


NOWS = (
    (datetime(2026, 10, 2, 8, tzinfo=ZONE), CUTOFF),
    (END, CUTOFF),
    (datetime(2026, 8, 20, 17, tzinfo=ZONE), date(2026, 8, 20)),
    (datetime(2026, 9, 3, 9, tzinfo=ZONE), date(2026, 9, 20)),
)


@pytest.mark.parametrize(("now", "cutoff"), NOWS)
def test_the_database_counts_what_is_counted_one_by_one(varied: Place, now: datetime, cutoff: date) -> None:
    for unit in (varied.province, varied.ward):
        rows = rows_of(varied, now, cutoff, unit)
        tickets, single = one_by_one(varied, rows)
        assert told(rows.concerns) == told(single)
        assert rows.concerns.oldest == single.oldest
        head = (rows.unit, Q3, Q3.start, Q3.end, cutoff, rows.branches, rows.meetings)
        counted = figures_of(*head, rows.concerns, None, now, rows.criteria)
        assert counted == quarter_figures(*head, tickets, None, now, rows.criteria)
        assert counted.concerns.whole.raised > 15


def test_a_count_at_another_instant_is_found(varied: Place) -> None:
    """The negative control of the one above: many things happened at the very end of the quarter."""
    rows = rows_of(varied, END)
    later = replace(rows.regard, as_of=END + timedelta(seconds=1))
    assert told(quarter_concerns(varied.session, later)) != told(rows.concerns)


@pytest.mark.parametrize(("now", "cutoff"), NOWS[:3])
def test_the_rows_behind_a_figure_are_those_it_counts(varied: Place, now: datetime, cutoff: date) -> None:
    rows = rows_of(varied, now, cutoff)
    tickets, _ = one_by_one(varied, rows)
    narrowed = (
        Narrowed(),
        Narrowed(body=("", "")),
        Narrowed(body=("PHONG_KT", "PHONG_KT"), branch_type="truong_hoc"),
        Narrowed(committee_id=varied.ward),
    )
    seen = 0
    for what, one in product(sorted(CONCERNS), narrowed):
        inside = [branch.id for branch in rows.branches if one.takes(branch)]
        page = concerns_behind(varied.session, rows.regard, what, one, inside, 1, 1000)
        assert [row.id for row in page] == expected(what, one, inside, tickets, rows), (what, one)
        assert len(page) == concerns_counted(what, rows.branches, rows.concerns.standings, one), (what, one)
        seen += len(page) > 0
    assert seen > 40


def expected(
    what: str, narrowed: Narrowed, inside: list[int], tickets: list[TicketRow], rows: QuarterRows
) -> list[int]:
    """Return the ids that the rule itself picks, latest first."""
    is_new, test = regarded(what)
    found = [
        row
        for row in tickets
        if not row.is_restricted
        and row.branch_id in inside
        and narrowed.body in (None, (row.body_code, row.body_name))
        and is_new in (None, row.raised_on >= Q3.start)
        and test(standing(row, rows.regard.as_of))
    ]
    return [row.id for row in sorted(found, key=lambda row: (row.raised_on, row.id), reverse=True)]


def test_pages_of_rows_follow_each_other(varied: Place) -> None:
    rows = rows_of(varied, END)
    inside = [branch.id for branch in rows.branches]
    asked = (varied.session, rows.regard, "raised", Narrowed(), inside)
    whole = concerns_behind(*asked, 1, 1000)
    assert concerns_behind(*asked, 1, 20) + concerns_behind(*asked, 2, 20) == whole[:40]
    assert concerns_behind(*asked, 1000, 20) == []
