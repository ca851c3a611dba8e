"""The simulated rows: repeatable, as many as promised, and nothing in them that the domain would refuse."""

import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import Any

import pytest

from tests.demonstration.rows import AS_OF, Rows, gather, mark
from tracker.demonstration.accounts import LOGINS, MARK
from tracker.demonstration.arguments import BEGINNING, DemoArguments
from tracker.demonstration.texts import content
from tracker.demonstration.timing import Rules, Timing
from tracker.domain.dates import Quarter, local_date, midnight
from tracker.domain.deadlines import deadline
from tracker.domain.extension_rules import AskExtension, check_request, choose_extension_rule
from tracker.domain.extensions import Extension
from tracker.domain.meetings import MeetingKind, RollCall, SheetFacts, check_roll, check_sheet
from tracker.domain.org import BranchType
from tracker.domain.pauses import Pause, check_pause
from tracker.domain.people import Role
from tracker.domain.routing import suggest
from tracker.domain.text import fold, tidy
from tracker.domain.tickets import CLOCK_RUNS_IN, TRANSITIONS, Move, Status
from tracker.domain.time_limits import Clock, LimitUnit, choose_limit

MOMENT = midnight(AS_OF)
WAITING = (Status.TRIAGE, Status.ROUTED, Status.ACKNOWLEDGED)


def test_the_same_arguments_give_the_same_rows_whatever_ran_before(rules: Rules, demo: Rows) -> None:
    assert mark(gather(DemoArguments(as_of=AS_OF), rules)) == mark(demo)


@pytest.mark.parametrize("change", [{"random_seed": 2}, {"as_of": date(2026, 11, 24)}, {"tickets": 31}])
def test_other_arguments_give_other_rows(rules: Rules, change: dict[str, Any]) -> None:
    few = DemoArguments(as_of=AS_OF, branches=20, quarters=1, tickets=30)
    assert mark(gather(replace(few, **change), rules)) != mark(gather(few, rules))


def test_241_branches_lie_under_four_committees_39_of_them_of_the_base(demo: Rows) -> None:
    kinds = Counter(row["kind"] for row in demo["unit_version"])
    assert kinds == {"provincial_committee": 1, "party_committee": 4, "branch": 241}
    branches = [row for row in demo["unit_version"] if row["kind"] == "branch"]
    assert Counter(".CS" in row["code"] for row in branches) == {False: 202, True: 39}
    assert {row["branch_type"] for row in branches} == set(BranchType)
    assert len({row["code"] for row in demo["unit_version"]}) == 246
    assert len({row["name"] for row in demo["unit_version"]}) == 246
    assert sum(row["name"] == "Chi bộ thôn Hồi Quan" for row in branches) == 1


@pytest.mark.parametrize("wanted", [1, 2, 24, 100, 241, 500])
def test_any_number_of_branches_can_be_asked_for(rules: Rules, wanted: int) -> None:
    rows = gather(DemoArguments(as_of=AS_OF, branches=wanted, quarters=1, tickets=10), rules)
    branches = [row for row in rows["unit_version"] if row["kind"] == "branch"]
    assert len(branches) == len({row["code"] for row in branches}) == wanted
    assert any(row["name"] == "Chi bộ thôn Hồi Quan" for row in branches)


def test_one_log_in_for_each_role_is_there_and_every_person_is_marked_as_invented(demo: Rows) -> None:
    ids = {row["username"]: row["id"] for row in demo["account"]}
    assert len(ids) == len(demo["account"])
    printed = {ids[login.username] for login in LOGINS}
    assert {row["role"] for row in demo["role_grant"] if row["account_id"] in printed} == set(Role)
    assert all(MARK in row["display_name"] for row in demo["account"])


def test_the_meetings_fill_four_quarters_with_gaps_and_keep_the_months_rule(demo: Rows) -> None:
    meetings = demo["meeting"]
    assert {str(Quarter.of(row["held_on"])) for row in meetings} == {"2026Q1", "2026Q2", "2026Q3", "2026Q4"}
    regular = [(row["branch_id"], row["month"]) for row in meetings if row["kind"] != "thematic"]
    assert len(regular) == len(set(regular))
    assert 241 * 10 < len(regular) < 241 * 11  # some months were missed
    assert {row["kind"] for row in meetings} == set(MeetingKind)
    assert all(row["submitted_at"] < MOMENT for row in meetings)
    assert len({row["request_key"] for row in meetings}) == len(meetings)


def test_every_sheet_would_be_taken_by_the_domain(demo: Rows) -> None:
    for row in demo["meeting"]:
        roll = RollCall(**{name: row[name] for name in RollCall.__dataclass_fields__})
        facts = SheetFacts(MeetingKind(row["kind"]), row["held_on"], row["starts_at"], row["ends_at"], roll)
        assert check_sheet(facts, MOMENT, False) == {}, row
        assert row["month"] == row["held_on"].replace(day=1)


def test_a_roll_call_that_does_not_add_up_would_be_seen(demo: Rows) -> None:
    row = demo["meeting"][0] | {"present": demo["meeting"][0]["present"] + 1}
    roll = RollCall(**{name: row[name] for name in RollCall.__dataclass_fields__})
    assert "present" in check_roll(roll)


def test_branches_score_themselves_better_than_they_are_scored_above_and_all_classes_occur(
    demo: Rows,
) -> None:
    by_source: dict[str, list[int]] = defaultdict(list)
    for row in demo["assessment"]:
        by_source[row["source"]].append(row["total"])
        assert sum(line["points"] or 0 for line in row["lines"]) == row["total"] <= row["reachable"]
    assert sum(by_source["self"]) / len(by_source["self"]) > 2 + sum(by_source["official"]) / len(
        by_source["official"]
    )
    assert {row["grade"] for row in demo["assessment"]} == {"tot", "kha", "trung_binh", "kem"}


def test_superiors_attend_model_branches_more_often_than_difficult_ones(demo: Rows) -> None:
    kinds = {row["unit_id"]: (row["is_model"], row["is_difficult"]) for row in demo["unit_version"]}
    seen = Counter((kinds[row["branch_id"]], row["superior_attended"]) for row in demo["meeting"])
    share = {
        kind: seen[kind, True] / (seen[kind, True] + seen[kind, False])
        for kind in ((True, False), (False, True))
    }
    assert share[True, False] > 3 * share[False, True] > 0


def test_there_are_as_many_concerns_as_asked_for_in_every_state(demo: Rows) -> None:
    tickets = demo["ticket"]
    assert len(tickets) == 600
    assert {row["status"] for row in tickets} == set(Status)
    assert {row["level"] for row in tickets} == {0, 1, 2, 3, 4, 5}
    for what in ("resolved_on_spot", "is_restricted", "reopened_count", "bounce_count", "proposed_body_id"):
        assert sum(bool(row[what]) for row in tickets) >= (1 if what == "proposed_body_id" else 15), what
    assert len({row["number"] for row in tickets}) == 600
    assert all(row["text"] == tidy(row["text"]) and "{" not in row["text"] for row in tickets)


def test_open_concerns_are_mostly_in_time_and_some_are_late(demo: Rows) -> None:
    waiting = [row for row in demo["ticket"] if row["status"] in WAITING]
    late = [row for row in waiting if row["due_at"] < MOMENT]
    assert 40 <= len(waiting) <= 150
    assert 0.05 < len(late) / len(waiting) < 0.4


def test_the_desks_of_the_printed_secretaries_have_something_on_them(demo: Rows) -> None:
    ids = {row["username"]: row["id"] for row in demo["account"]}
    for username in ("bithu.hoiquan", "bithu.phuluu1"):
        branch = next(
            row["unit_id"]
            for row in demo["role_grant"]
            if row["account_id"] == ids[username] and row["unit_id"] is not None
        )
        states = Counter(row["status"] for row in demo["ticket"] if row["branch_id"] == branch)
        assert states[Status.ANSWERED] >= 1, (username, states)
        assert sum(states[status] for status in WAITING) >= 1, (username, states)


@pytest.mark.parametrize("as_of", [date(2026, 11, 3), date(2027, 2, 20)])
def test_the_first_sweep_finds_nothing_to_catch_up_with_and_little_to_do_on_the_first_day(
    rules: Rules, as_of: date
) -> None:
    clocks = gather(DemoArguments(as_of=as_of), rules)["clock"]
    planned = [row["next_at"] for row in clocks if row["next_at"] is not None]
    assert not [at for at in planned if at <= midnight(as_of)]
    assert len([at for at in planned if at <= midnight(as_of) + timedelta(days=1)]) < 60


def test_due_times_are_those_that_the_domain_computes(rules: Rules, demo: Rows) -> None:
    timing = Timing(rules)
    tickets = {row["id"]: row for row in demo["ticket"]}
    latest: dict[int, dict] = {}
    for clock in demo["clock"]:
        ticket = tickets[clock["ticket_id"]]
        if clock["kind"] == "answer":
            latest[ticket["id"]] = clock
        categories = (ticket["category"], None)
        dues = [
            timing.due(Clock(clock["kind"]), category, ticket["urgency"], clock["started_at"])
            for category in categories
        ]
        found = timing.moved(clock["rule_code"], clock["started_at"], *moved_by(demo, clock["id"]))
        assert clock["due_at"] == found
        assert clock["rule_code"] in [rule for rule, _ in dues]
        if moved_by(demo, clock["id"]) == ([], []):
            assert (clock["rule_code"], clock["due_at"]) in dues
    assert all(tickets[number]["due_at"] == clock["due_at"] for number, clock in latest.items())


def moved_by(demo: Rows, clock_id: int) -> tuple[list[Pause], list[Extension]]:
    """Return what was paused and granted of the clock, read from the rows as the application does."""
    pauses = [
        Pause(row["begins_at"], row["ended_at"] or row["promised_at"])
        for row in demo["pause"]
        if row["clock_id"] == clock_id
    ]
    granted = [
        Extension(row["amount"], LimitUnit(row["unit"]))
        for row in demo["extension"]
        if row["clock_id"] == clock_id and row["state"] == "granted"
    ]
    return pauses, granted


def test_pauses_keep_to_the_rules_and_some_still_last(demo: Rows, rules: Rules) -> None:
    tickets = {row["id"]: row for row in demo["ticket"]}
    clocks = {row["id"]: row for row in demo["clock"]}
    for row in demo["pause"]:
        ticket, clock = tickets[row["ticket_id"]], clocks[row["clock_id"]]
        on = local_date(row["begins_at"])
        limit = choose_limit(rules.limits, Clock.PAUSE, ticket["category"], ticket["urgency"], on)
        latest = deadline(limit, row["begins_at"], rules.calendar).due_at
        check_pause(
            row["reason"], row["promised_at"], latest=latest, due_at=clock["due_at"], now=row["begins_at"]
        )
        assert rules.calendar.next_open(row["promised_at"]) == row["promised_at"]
        if row["ended_at"] is None:
            assert row["promised_at"] > MOMENT
            assert clock["next_at"] == row["promised_at"]
            assert clock["met_at"] is None
        else:
            assert row["begins_at"] < row["ended_at"] <= row["promised_at"]
            assert (row["ended_by"] is None) == (row["ended_at"] == row["promised_at"])
    lasting = Counter(row["ended_at"] is None for row in demo["pause"])
    assert lasting[True] >= 3
    assert lasting[False] >= 10


def test_requests_for_more_time_keep_to_the_rules_and_are_granted_refused_and_waiting(
    demo: Rows, rules: Rules
) -> None:
    tickets = {row["id"]: row for row in demo["ticket"]}
    for row in demo["extension"]:
        ticket = tickets[row["ticket_id"]]
        rule = choose_extension_rule(
            rules.extension_rules, ticket["category"], ticket["urgency"], local_date(row["asked_at"])
        )
        asked = AskExtension(row["amount"], row["reason"])
        check_request(asked, rule, used=0, due_at=row["old_due_at"], now=row["asked_at"])
        assert (row["decided_at"] is None) == (row["state"] == "asked")
        assert (row["new_due_at"] is not None) == (row["state"] == "granted")
        assert row["decided_by"] != row["asked_by"]
        if row["state"] != "asked":
            assert row["asked_at"] < row["decided_at"] < row["old_due_at"]
            assert len(row["decision_reason"]) >= 10
    states = Counter(row["state"] for row in demo["extension"])
    assert min(states[one] for one in ("granted", "refused", "asked")) >= 2, states


def test_some_concerns_were_raised_before_and_some_bounced_twice_and_both_climbed_at_once(
    demo: Rows, rules: Rules
) -> None:
    timing = Timing(rules)
    again = [row for row in demo["ticket"] if row["raised_count"] > 1]
    twice = [row for row in demo["ticket"] if row["bounce_count"] > 1]
    assert len(again) >= 10
    assert len(twice) >= 2
    for row in again:
        assert row["level"] >= timing.begins(row["urgency"], row["filed_at"], row["raised_count"]) > 0
    for row in twice:
        assert row["level"] >= timing.bounced(row["urgency"], row["filed_at"], 0, row["bounce_count"]) > 0


def test_every_history_is_a_walk_through_the_table_of_states_that_ends_where_the_ticket_stands(
    demo: Rows,
) -> None:
    events = defaultdict(list)
    for row in demo["ticket_event"]:
        events[row["ticket_id"]].append(row)
    for ticket in demo["ticket"]:
        told = events[ticket["id"]]
        assert [row["at"] for row in told] == sorted(row["at"] for row in told), ticket["number"]
        assert told[0]["act"] == "filed"
        status = Status(told[0]["details"]["status"])
        for row in told[1:]:
            if row["act"] in set(Move):
                status = TRANSITIONS[status, Move(row["act"])]
                assert row["details"]["to"] == status
        assert status == ticket["status"]
        assert all(row["at"] <= MOMENT for row in told)


def test_each_level_is_climbed_once_for_a_due_time_and_none_after_the_answer(demo: Rows) -> None:
    keys = [(row["ticket_id"], row["clock"], row["level"], row["due_at"]) for row in demo["escalation"]]
    assert len(keys) == len(set(keys))
    assert all(row["reached_at"] <= row["climbed_at"] <= MOMENT for row in demo["escalation"])
    highest: dict[int, int] = defaultdict(int)
    of_answers = [row for row in demo["escalation"] if row["clock"] == "answer"]
    for row in of_answers:
        highest[row["ticket_id"]] = max(highest[row["ticket_id"]], row["level"])
    assert all(row["level"] == highest[row["id"]] for row in demo["ticket"])
    answered = {
        (row["ticket_id"], row["due_at"]): row["met_at"] for row in demo["clock"] if row["kind"] == "answer"
    }
    for row in of_answers:
        met = answered[row["ticket_id"], row["due_at"]]
        assert met is None or row["reached_at"] <= met


def test_the_sweeps_next_look_is_set_exactly_for_those_who_wait(demo: Rows) -> None:
    tickets = {row["id"]: row for row in demo["ticket"]}
    for clock in demo["clock"]:
        ticket = tickets[clock["ticket_id"]]
        is_running = clock["met_at"] is None and clock["stopped_at"] is None
        assert is_running == (
            clock["round"] == ticket["reopened_count"] + 1
            and ticket["status"] in CLOCK_RUNS_IN[clock["kind"]]
            and not (clock["stopped_at"] or clock["met_at"])
        )
        if not is_running:
            assert clock["next_at"] is None
        elif clock["kind"] == "answer" and ticket["level"] < 5:
            assert clock["next_at"] > MOMENT


def test_a_verdict_belongs_to_a_later_meeting_of_the_same_branch(demo: Rows) -> None:
    meetings = {row["id"]: row for row in demo["meeting"]}
    tickets = {row["id"]: row for row in demo["ticket"]}
    for row in demo["response"]:
        if row["is_accepted"] is None:
            continue
        told, ticket = meetings[row["told_meeting_id"]], tickets[row["ticket_id"]]
        assert told["branch_id"] == ticket["branch_id"]
        assert told["starts_at"] > row["answered_at"] or ticket["resolved_on_spot"]
        assert told["id"] != ticket["meeting_id"]
        assert bool(row["verdict_reason"]) is not row["is_accepted"]


def test_no_answer_is_given_twice_to_the_same_concern_and_none_is_too_short(demo: Rows) -> None:
    said = [(row["ticket_id"], row["text"]) for row in demo["response"]]
    assert len(said) == len(set(said))
    assert min(len(text) for _, text in said) >= 20


def test_no_branch_is_told_the_same_twice_among_the_answers_that_wait(demo: Rows) -> None:
    branch = {row["id"]: row["branch_id"] for row in demo["ticket"]}
    waiting = [row for row in demo["response"] if row["is_accepted"] is None]
    said = [(branch[row["ticket_id"]], row["text"]) for row in waiting if not row.get("settled_by")]
    assert len(said) > 30
    assert [one for one, times in Counter(said).items() if times > 1] == []


def test_hoi_quan_hears_a_sentence_of_its_own_each_time(demo: Rows) -> None:
    branch = next(row["unit_id"] for row in demo["unit_version"] if row["name"] == "Chi bộ thôn Hồi Quan")
    own = {row["id"] for row in demo["ticket"] if row["branch_id"] == branch and not row["resolved_on_spot"]}
    said = [row["text"] for row in demo["response"] if row["ticket_id"] in own]
    assert len(said) == len(set(said)) > 20


def plain(text: str) -> str:
    """Return the words alone, without marks; y and i are one letter, as to the rules."""
    return f" {' '.join(re.findall(r'[a-z0-9]+', fold(text).replace('y', 'i')))} "


def not_there(ticket: dict[str, Any], reasons: list[str]) -> list[str]:
    """Return the words that the reasons quote and that don't stand in the concern."""
    quoted = [word for reason in reasons for word in re.findall("‘([^’]+)’", reason)]
    return [word for word in quoted if plain(word) not in plain(ticket["text"])]


def test_the_reasons_quote_only_words_that_stand_in_the_concern(demo: Rows) -> None:
    quoting = [row for row in demo["ticket"] if "‘" in "".join(row["because"])]
    assert len(quoting) > 200
    assert [(row["text"], row["because"]) for row in quoting if not_there(row, row["because"])] == []


def test_a_word_that_does_not_stand_there_is_seen() -> None:
    assert not_there({"text": "Rãnh ngõ 3 tắc"}, ["vì có từ ‘đường làng’, ‘rãnh’"]) == ["đường làng"]


def test_what_waits_for_the_office_says_why_in_several_ways_and_truly(demo: Rows, rules: Rules) -> None:
    waiting = [row for row in demo["ticket"] if row["body_id"] is None and not row["bounce_count"]]
    assert len({" ".join(row["because"]) for row in waiting}) > 1
    for row in waiting:
        found = suggest(row["text"], rules.book, (), row["raised_on"])
        assert (found.body, list(found.because)) == (None, row["because"]), row["text"]


def test_what_a_body_sends_back_fits_the_concern(demo: Rows) -> None:
    texts = {row["id"]: row["text"] for row in demo["ticket"]}
    every = [way for ways in content().bounces.values() for way in ways]
    sent_back = [row for row in demo["ticket_event"] if row["act"] == Move.BOUNCE]
    assert len({row["details"]["reason"] for row in sent_back}) > 8
    for row in sent_back:
        way = next(one for one in every if one.reason == row["details"]["reason"])
        assert way.fits(texts[row["ticket_id"]]), (texts[row["ticket_id"]], way.reason)


def test_concerns_about_cadres_and_those_who_asked_for_secrecy_are_restricted(demo: Rows) -> None:
    for row in demo["ticket"]:
        if row["category"] in ("can_bo", "tu_tuong") or "không nêu tên" in row["text"]:
            assert row["is_restricted"], row["number"]


def test_a_restricted_concern_never_waits_at_the_office(demo: Rows) -> None:
    restricted = {row["id"] for row in demo["ticket"] if row["is_restricted"]}
    filed = [row for row in demo["ticket_event"] if row["act"] == "filed" and row["ticket_id"] in restricted]
    assert filed
    assert all(row["details"]["body"] is not None for row in filed)


def test_a_demonstration_without_concerns_is_possible(rules: Rules) -> None:
    rows = gather(DemoArguments(as_of=AS_OF, branches=3, quarters=1, tickets=0), rules)
    assert rows["meeting"]
    assert not rows.get("ticket")


def test_notices_hold_a_number_and_no_words_of_the_concern(demo: Rows) -> None:
    texts = {row["id"]: row["text"] for row in demo["ticket"]}
    keys = [(row["account_id"], row["event_key"]) for row in demo["notice"]]
    assert len(keys) == len(set(keys)) > 50
    assert all(texts[row["ticket_id"]] not in row["sentence"] for row in demo["notice"])
    assert {row["mail_state"] for row in demo["notice"]} == {"none"}
    assert {row["read_at"] is None for row in demo["notice"]} == {True, False}


def test_nothing_is_older_than_the_wards(rules: Rules) -> None:
    rows = gather(DemoArguments(as_of=date(2025, 9, 10), quarters=8, branches=40, tickets=50), rules)
    assert min(row["held_on"] for row in rows["meeting"]) >= BEGINNING
    assert all(at.tzinfo is not None for at in (row["filed_at"] for row in rows["ticket"]))
    assert rows["ticket"][0]["filed_at"].astimezone(UTC) < midnight(date(2025, 9, 10))
