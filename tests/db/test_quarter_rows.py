"""The rows of a quarter: what is read, as it stood at the cut-off, in a constant number of queries."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event

from tests.quarter_place import CUTOFF, NOW, Q3, Place, at
from tracker.db.reading.quarter import frozen_figures
from tracker.db.reading.quarter_concerns import told_in_time
from tracker.db.seed.rubrics import seed_rubrics
from tracker.db.tables.org import UnitVersion
from tracker.db.tables.reports import QuarterReport
from tracker.domain.dates import Quarter
from tracker.domain.errors import NotFound
from tracker.domain.quarter import Share, figures_of
from tracker.reports.compiling import Period, compiled_quarter


def test_a_meeting_comes_with_both_scores_and_the_groups_of_the_decided_one(place: Place) -> None:
    branch = place.branch()
    meeting = place.meeting(branch, date(2026, 7, 3), superior_attended=True)
    place.score(meeting, "self", 95, "tot")
    place.score(meeting, "official", 80, "kha")
    place.score(meeting, "official", 88, "kha", version=2)
    (row,) = place.rows().meetings
    assert (row.self_total, row.official_total, row.official_grade) == (95, 88, "kha")
    assert row.lines == {"chuan_bi": (Decimal(9), Decimal(10))}, "a criterion that didn't apply is left out"
    assert (row.present, row.expected, row.minutes, row.superior_attended) == (18, 20, 120, True)


def test_points_are_told_on_a_scale_of_a_hundred(place: Place) -> None:
    place.score(place.meeting(place.branch(), date(2026, 7, 3)), "self", 76, "kha", reachable=95)
    assert place.rows().meetings[0].self_total == 80


def test_what_was_entered_after_the_cutoff_is_not_read(place: Place) -> None:
    branch = place.branch()
    early = place.meeting(branch, date(2026, 9, 3))
    place.score(early, "self", 95, "tot", decided_at=at(date(2026, 9, 3)))
    place.score(early, "official", 80, "kha", decided_at=at(date(2026, 9, 25)))
    place.meeting(branch, date(2026, 8, 3), submitted_at=at(date(2026, 9, 22)))
    rows = place.rows(cutoff=date(2026, 9, 20))
    assert [row.id for row in rows.meetings] == [early]
    assert rows.meetings[0].official_grade is None
    assert len(place.rows().meetings) == 2, "the control: with a later cut-off both are there"
    assert place.rows().meetings[1].official_grade == "kha"


def test_concerns_are_those_raised_in_the_period_and_those_open_when_it_began(place: Place) -> None:
    branch = place.branch()
    before, within = place.meeting(branch, date(2026, 5, 3)), place.meeting(branch, date(2026, 7, 3))
    new = place.ticket(branch, within, date(2026, 7, 3))
    still = place.ticket(branch, before, date(2026, 5, 3))
    ended_since = place.ticket(
        branch, before, date(2026, 5, 3), status="accepted", accepted_at=at(date(2026, 7, 3))
    )
    ended_before = place.ticket(
        branch, before, date(2026, 5, 3), status="accepted", accepted_at=at(date(2026, 6, 3))
    )
    place.answer(ended_since, within, True)
    place.answer(ended_before, place.meeting(branch, date(2026, 6, 3)), True)
    assert [row.id for row in place.tickets()] == [new, still, ended_since]


def test_the_body_bears_its_name_and_triage_has_none(place: Place) -> None:
    branch = place.branch()
    meeting = place.meeting(branch, date(2026, 7, 3))
    place.ticket(branch, meeting, date(2026, 7, 3))
    place.ticket(branch, meeting, date(2026, 7, 3), body_id=None, status="triage", category=None)
    assert [(row.body_code, row.body_name) for row in place.tickets()] == [
        ("CA_PHUONG", "Công an phường"),
        ("", ""),
    ]


def test_an_answer_told_in_the_next_regular_meeting_counts_and_a_later_one_does_not(place: Place) -> None:
    branch = place.branch()
    july, august, september = (place.meeting(branch, date(2026, month, 3)) for month in (7, 8, 9))
    in_time, late, untold = (place.ticket(branch, july, date(2026, 7, 3)) for _ in range(3))
    waiting = place.ticket(branch, september, date(2026, 9, 3))
    spot = place.ticket(branch, july, date(2026, 7, 3), resolved_on_spot=True, status="answered")
    place.answer(in_time, august)
    place.answer(late, september)
    place.answer(untold, None)
    told = {row.id: row.answered_at_next_meeting for row in place.tickets()}
    assert told == {in_time: True, late: False, untold: False, waiting: None, spot: None}


@pytest.mark.parametrize(
    ("told_on", "regular", "expected"),
    [
        (None, [], None),
        (date(2026, 7, 20), [], True),
        (date(2026, 7, 20), [date(2026, 8, 3)], True),
        (date(2026, 8, 3), [date(2026, 7, 3), date(2026, 8, 3)], True),
        (date(2026, 9, 3), [date(2026, 8, 3), date(2026, 9, 3)], False),
        (None, [date(2026, 8, 3)], False),
    ],
)
def test_told_in_time(told_on: date | None, regular: list[date], expected: bool | None) -> None:
    assert told_in_time(date(2026, 7, 3), told_on, regular) is expected


def test_a_branch_that_ended_within_the_period_is_still_counted(place: Place) -> None:
    place.branch("Chi bộ cũ", valid_to=date(2026, 8, 15))
    place.branch("Chi bộ đã hết từ trước", valid_to=date(2026, 7, 1))
    place.branch("Chi bộ thành lập sau", valid_from=date(2026, 10, 1))
    place.branch(
        "Chi bộ nơi khác", parent=place.unit("party_committee", "Đảng ủy phường Tam Sơn", place.province)
    )
    rows = place.rows()
    assert [branch.name for branch in rows.branches] == ["Chi bộ cũ"]
    figures = figures_of(
        rows.unit, Q3, Q3.start, Q3.end, CUTOFF, rows.branches, rows.meetings, rows.concerns, None, NOW
    )
    assert figures.meetings.held == Share(0, 1), "due in July only"


def test_a_renamed_branch_bears_its_last_name_and_keeps_its_first_day(place: Place) -> None:
    branch = place.branch("Chi bộ thôn Đa Hội", valid_to=date(2026, 8, 1))
    place.keep(
        UnitVersion(
            unit_id=branch, code="DH", name="Chi bộ khu phố Đa Hội", kind="branch", branch_type="khu_pho",
            parent_id=place.ward, valid_from=date(2026, 8, 1),
        )
    )  # fmt: skip
    (row,) = place.rows().branches
    assert (row.name, row.valid_from) == ("Chi bộ khu phố Đa Hội", date(2025, 7, 1))


def test_a_branch_has_rows_of_its_own_and_names_the_unit_above(place: Place) -> None:
    mine, other = place.branch(), place.branch("Chi bộ khác")
    place.meeting(mine, date(2026, 7, 3))
    place.meeting(other, date(2026, 7, 3))
    rows = place.rows(mine)
    assert [row.branch_id for row in rows.meetings] == [mine]
    assert rows.superior_name == "Đảng ủy phường Từ Sơn"
    assert len(place.rows(place.province).meetings) == 2


def test_criteria_bear_the_titles_of_the_tables_in_their_order(place: Place) -> None:
    seed_rubrics(place.session)
    titles = list(place.rows().criteria.values())
    assert len(titles) >= 7
    assert titles == list(dict.fromkeys(titles))


def test_an_unknown_unit_is_not_found(place: Place) -> None:
    with pytest.raises(NotFound):
        place.rows(99999)


def test_figures_once_frozen_are_read_again_as_they_were(place: Place) -> None:
    rows = place.rows()
    figures = figures_of(
        rows.unit, Q3, Q3.start, Q3.end, CUTOFF, rows.branches, rows.meetings, rows.concerns, None, NOW
    )
    assert frozen_figures(place.session, place.ward, Q3) is None
    values = {
        "unit_id": place.ward,
        "quarter": "2026Q3",
        "period_from": Q3.start,
        "period_to": Q3.end,
        "cutoff_on": CUTOFF,
        "requested_by": place.account,
        "requested_at": NOW,
    }
    place.keep(QuarterReport(**values, state="ready", figures=figures.to_json()))
    place.keep(QuarterReport(**values, state="running", supplement=1))
    place.session.expire_all()
    assert frozen_figures(place.session, place.ward, Q3) == figures


def test_the_number_of_queries_does_not_grow_with_the_rows(place: Place) -> None:
    statements: list[str] = []
    event.listen(place.session.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2]))

    def fill(branches: int) -> None:
        for _ in range(branches):
            branch = place.branch()
            meeting = place.meeting(branch, date(2026, 7, 3))
            place.score(meeting, "self", 95, "tot")
            place.answer(place.ticket(branch, meeting, date(2026, 7, 3)), None)

    def asked() -> int:
        statements.clear()
        place.rows()
        return len(statements)

    fill(1)
    few = asked()
    fill(12)
    assert asked() == few <= 12


def test_a_quarter_is_compared_with_the_one_before_if_there_was_one(place: Place) -> None:
    branch = place.branch()
    july = place.meeting(branch, date(2026, 7, 3))
    place.score(july, "self", 95, "tot")
    figures, superior = compiled_quarter(place.session, place.ward, Period.whole(Q3), NOW)
    assert superior == "Tỉnh ủy Bắc Ninh"
    assert figures.meetings.held == Share(1, 3)
    assert figures.before is None
    place.meeting(branch, date(2026, 5, 3))
    figures, _ = compiled_quarter(place.session, place.ward, Period.whole(Q3), NOW)
    assert figures.before is not None
    assert figures.before.held == Share(1, 3)


def test_the_first_quarter_of_a_unit_has_none_before(place: Place) -> None:
    first = Period.whole(Quarter(2025, 3))
    assert compiled_quarter(place.session, place.ward, first, NOW)[0].before is None
