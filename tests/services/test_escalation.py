"""The sweep: the whole missed ladder in order, each level once, nothing for what is ended, one bad ticket no harm."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, func, select, text, update
from sqlalchemy.exc import IntegrityError

from tests.late import DUE, FILED, NOW, Late
from tests.makers import Makers
from tracker.adapters.queue import RecordingQueue
from tracker.db.base import db
from tracker.db.reading.audit import chain, head
from tracker.db.tables.clocks import Clock, Escalation, SetAside
from tracker.db.tables.deadlines import Rung
from tracker.db.tables.notices import Notice
from tracker.db.tables.runtime import Heartbeat
from tracker.db.tables.tickets import Ticket, TicketEvent
from tracker.domain.audit import first_break
from tracker.services.escalation import sweep
from tracker.services.reference import touch_reference


@pytest.fixture
def late(app: Flask, make: Makers) -> Late:
    return Late(make)


def levels(ticket_id: int | None = None) -> list[int]:
    db.session.rollback()
    found = select(Escalation.level).order_by(Escalation.ticket_id, Escalation.id)
    if ticket_id is not None:
        found = found.where(Escalation.ticket_id == ticket_id)
    return list(db.session.scalars(found))


def ticket(ticket_id: int) -> Ticket:
    db.session.rollback()
    return db.session.get_one(Ticket, ticket_id, populate_existing=True)


def next_at(ticket_id: int) -> datetime | None:
    db.session.rollback()
    return db.session.scalars(select(Clock.next_at).where(Clock.ticket_id == ticket_id)).one()


def counts() -> dict[str, int]:
    """Return how many rows each table that a sweep may write has, and the audit chain's length."""
    db.session.rollback()
    tables = (Escalation, TicketEvent, Notice, Heartbeat)
    found = {
        one.__tablename__: db.session.scalar(select(func.count()).select_from(one)) or 0 for one in tables
    }
    return found | {"audit": head(db.session()).seq}


def test_after_a_long_stop_the_whole_ladder_is_climbed_in_order(late: Late) -> None:
    """glpi#5319 ran the first of several levels only, glpi#5805 never replayed those it had missed."""
    (one,) = late.tickets()
    report = sweep(late.make.wiring, NOW)

    assert levels(one) == [1, 2, 3, 4]
    assert [done[:3] for done in report.escalated] == [
        ("TAS-2026-0001", 1, "official"),
        ("TAS-2026-0001", 2, "body_head"),
        ("TAS-2026-0001", 3, "committee_member"),
        ("TAS-2026-0001", 4, "standing_members"),
    ]
    assert (report.due, report.skipped) == (1, [])
    assert ticket(one).level == 4
    assert next_at(one) > NOW


def test_sweeping_again_at_the_same_instant_climbs_nothing(late: Late) -> None:
    """django-helpdesk 2.6.1: three runs at one instant were three escalations. RT: one a cron run."""
    late.tickets(3)
    sweep(late.make.wiring, NOW)
    before = counts()
    again = [sweep(late.make.wiring, NOW) for _ in range(3)]

    assert [(report.due, report.escalated) for report in again] == [(0, [])] * 3
    assert counts() == before


@pytest.mark.parametrize("status", ["answered", "accepted"])
def test_what_awaits_no_answer_never_fires(late: Late, status: str) -> None:
    """zammad#904 (merged tickets), osTicket PR #5103 (closed ones marked overdue): terminal states are quiet."""
    (one,) = late.tickets(status=status)
    report = sweep(late.make.wiring, NOW)

    assert levels() == []
    assert "trạng thái" in report.skipped[0].because
    assert next_at(one) is None, "nor is it found again"


def test_a_ticket_of_age_zero_never_climbs(late: Late) -> None:
    """glpi#15357: a level before the due time escalated at creation. DJH M2: a ticket one minute old did."""
    late.tickets(filed_at=NOW, due_at=NOW, next_at=NOW)
    sweep(late.make.wiring, NOW)
    assert levels() == []


def test_a_dry_run_tells_the_same_and_writes_nothing(late: Late, queue: RecordingQueue) -> None:
    """django-helpdesk 2.6.1: with --notify-only the priority was lowered all the same (M4)."""
    (one,) = late.tickets()
    late.tickets(status="answered")
    before, due = counts(), next_at(one)
    told = sweep(late.make.wiring, NOW, dry_run=True)

    assert counts() == before
    assert (ticket(one).level, next_at(one)) == (0, due)
    assert queue.jobs == []
    done = sweep(late.make.wiring, NOW)
    assert told.as_json() == done.as_json()


def test_the_report_has_the_shape_that_was_promised(late: Late) -> None:
    late.tickets()
    late.tickets(status="answered")
    shape = sweep(late.make.wiring, NOW).as_json()
    assert list(shape) == ["now", "due", "escalated", "skipped"]
    assert datetime.fromisoformat(shape["now"]) == NOW
    assert shape["due"] == 2
    assert list(shape["escalated"][0]) == ["ticket", "level", "to", "because", "clock"]
    assert list(shape["skipped"][0]) == ["ticket", "because"]


def test_each_level_is_told_and_each_person_is_told_once_a_ticket(late: Late, queue: RecordingQueue) -> None:
    """pluginsGLPI/escalade#213: two letters for one event."""
    db.session.execute(text("UPDATE role_grant SET role = 'body_head' WHERE role = 'official'"))
    touch_reference(db.session())
    db.session.commit()
    (one,) = late.tickets()
    sweep(late.make.wiring, NOW)

    told = {
        notice.account_id: notice for notice in db.session.scalars(select(Notice).order_by(Notice.id)).all()
    }
    assert set(told) == {
        late.official.account_id,
        late.head.account_id,
        late.member.account_id,
        late.standing.account_id,
    }
    assert len(told) == db.session.scalar(select(func.count()).select_from(Notice))
    merged = told[late.official.account_id]
    assert ":2:" in merged.event_key, "the higher of the two levels that reach this person"
    assert merged.sentence.startswith("TAS-2026-0001: đã hết hạn trả lời")
    assert "Rãnh" not in merged.sentence
    assert merged.ticket_id == one
    assert ("deliver_notices", (), "default") in queue.jobs


def test_what_happened_is_on_the_timeline_and_in_the_chain(late: Late) -> None:
    (one,) = late.tickets()
    sweep(late.make.wiring, NOW)

    happened = db.session.scalars(select(TicketEvent).order_by(TicketEvent.id)).all()
    assert [(act.ticket_id, act.act, act.actor_id) for act in happened] == [(one, "escalated", None)] * 4
    assert [act.details["level"] for act in happened] == [1, 2, 3, 4]
    rows = list(chain(db.session()))
    assert len(rows) == 4
    assert first_break(late.make.wiring.audit_key, rows, head=head(db.session()), anchor=None) is None
    assert not any("Rãnh" in row.body for row in rows)


def test_a_vacant_office_is_passed_over_and_the_record_says_so(late: Late) -> None:
    db.session.execute(text("DELETE FROM role_grant WHERE role = 'body_head'"))
    touch_reference(db.session())
    db.session.commit()
    late.tickets(next_at=DUE)
    report = sweep(late.make.wiring, DUE)

    reached = {done.level: done for done in report.escalated}
    assert reached[2].to == "standing_members"
    assert "khuyết" in reached[2].because
    kept = db.session.scalars(select(Escalation.because).where(Escalation.level == 2)).one()
    assert kept == reached[2].because


def test_the_office_hears_nothing_of_a_restricted_ticket(late: Late) -> None:
    late.tickets(is_restricted=True, body_id=None, status="triage")
    sweep(late.make.wiring, NOW + timedelta(days=60))
    told = set(db.session.scalars(select(Notice.account_id)))
    assert late.office.account_id not in told


def test_the_office_does_hear_of_an_open_one_in_triage(late: Late) -> None:
    """The control of the test above."""
    late.tickets(body_id=None, status="triage")
    sweep(late.make.wiring, NOW)
    assert late.office.account_id in set(db.session.scalars(select(Notice.account_id)))


def test_what_is_on_a_screen_is_not_made_stale_by_the_clock(late: Late) -> None:
    (one,) = late.tickets()
    sweep(late.make.wiring, NOW)
    assert ticket(one).version == 1


def test_a_rung_switched_off_is_quiet(late: Late) -> None:
    """zammad#4353, osTicket PR #5183: a disabled policy left tickets escalated and mailing."""
    (one,) = late.tickets()
    db.session.execute(update(Rung).values(is_active=False))
    touch_reference(db.session())
    db.session.commit()
    sweep(late.make.wiring, NOW)
    assert levels() == []
    assert next_at(one) is None


def test_the_reminder_of_a_reopened_ticket_counts_from_the_reopening(late: Late) -> None:
    """alaveteli#5963, zammad#188: the running clock's own start and due time, no earlier round's."""
    (one,) = late.tickets(reopened_count=1)
    again, due = datetime(2026, 11, 20, 1, 0, tzinfo=NOW.tzinfo), datetime(2026, 12, 4, 10, tzinfo=NOW.tzinfo)
    clock = {"ticket_id": one, "kind": "answer", "round": 2, "rule_code": "answer_default"}
    db.session.execute(delete(Clock))
    db.session.add(Clock(**clock, started_at=again, due_at=due, next_at=FILED))
    db.session.execute(update(Ticket).values(due_at=due))
    db.session.commit()
    sweep(late.make.wiring, NOW)
    assert levels() == []
    sweep(late.make.wiring, due)
    assert levels() == [1, 2]


def test_the_run_is_noted_when_nothing_was_due(late: Late) -> None:
    sweep(late.make.wiring, NOW)
    assert db.session.scalars(select(Heartbeat.at).where(Heartbeat.name == "sweep")).one() == NOW


def test_more_than_a_batch_is_swept_in_one_run(late: Late) -> None:
    late.tickets(7)
    report = sweep(late.make.wiring, NOW, limit=3)
    assert (report.due, Counter(levels())) == (7, {1: 7, 2: 7, 3: 7, 4: 7})


def test_the_number_of_statements_does_not_grow_with_the_tickets(late: Late) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    late.tickets(2)
    sweep(late.make.wiring, NOW)  # what holds on the day is read and kept
    sizes = []
    for number in (1, 40):
        late.tickets(number)
        asked.clear()
        sweep(late.make.wiring, NOW)
        sizes.append(len(asked))
    assert sizes[0] == sizes[1]


RUNG = {
    "level": 5,
    "name": "Xa",
    "recipient": "body_head",
    "valid_from": FILED.date(),
    "source": "thử",
    "tag": "G",
}


class TestPoison:
    """A ticket that can't be swept; frappe's sweep stopped at it, and all later tickets with it (hd_ticket.py)."""

    def test_one_that_cannot_be_judged_is_set_aside_and_the_rest_goes_on(self, late: Late) -> None:
        """The wait of this rung leads past the last year that any calendar reaches."""
        late.tickets(category="nong_nghiep")
        db.session.add(
            Rung(**RUNG, code="far", category="nong_nghiep", after_amount=2000, after_unit="hours")
        )
        db.session.execute(update(Clock).values(due_at=datetime(2199, 12, 1, tzinfo=NOW.tzinfo)))
        db.session.commit()
        good = late.tickets(2)
        report = sweep(late.make.wiring, NOW)
        assert [(skipped.ticket, skipped.because.endswith("(Invalid)")) for skipped in report.skipped] == [
            ("TAS-2026-0001", True)
        ]
        assert [levels(one) for one in good] == [[1, 2, 3, 4]] * 2

    def test_one_that_the_database_refuses_is_told_and_the_rest_goes_on(self, late: Late) -> None:
        bad, *good = late.tickets(3)
        refuse_escalations_of(bad)
        report = sweep(late.make.wiring, NOW)

        assert [skipped.ticket for skipped in report.skipped] == ["TAS-2026-0001"]
        assert [levels(one) for one in good] == [[1, 2, 3, 4]] * 2
        assert levels(bad) == []
        aside = db.session.scalars(select(SetAside)).one()
        assert (aside.failures, aside.since, aside.retry_at) == (1, NOW, NOW + timedelta(minutes=2))
        assert "IntegrityError" in aside.error
        assert next_at(bad) == aside.retry_at, "a later sweep tries again"
        about = select(TicketEvent.ticket_id).union_all(select(Notice.ticket_id))
        assert bad not in set(db.session.scalars(about)), "nothing of it is half written"
        assert (
            first_break(late.make.wiring.audit_key, chain(db.session()), head=head(db.session()), anchor=None)
            is None
        )

    def test_it_is_tried_again_after_growing_waits_and_forgotten_once_it_went_well(self, late: Late) -> None:
        (bad,) = late.tickets()
        refuse_escalations_of(bad)
        now, tried = NOW, []
        for _ in range(4):
            sweep(late.make.wiring, now)
            now = db.session.scalars(select(SetAside.retry_at)).one()
            tried.append(now - NOW)
        assert tried == [timedelta(minutes=sum(2**n for n in range(1, upto))) for upto in (2, 3, 4, 5)]
        assert sweep(late.make.wiring, now - timedelta(seconds=1)).due == 0, "not before its time"
        allow_escalations()
        sweep(late.make.wiring, now)
        assert levels(bad) == [1, 2, 3, 4]
        assert db.session.scalars(select(SetAside)).all() == []


def allow_escalations() -> None:
    """Take back what ``refuse_escalations_of`` did."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    db.session.execute(
        text("DROP TRIGGER poison" if is_sqlite else "ALTER TABLE escalation DROP CONSTRAINT poison")
    )
    db.session.commit()


def refuse_escalations_of(ticket_id: int) -> None:
    """Make the database itself refuse this ticket's levels."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(
            text(
                f"CREATE TRIGGER poison BEFORE INSERT ON escalation WHEN NEW.ticket_id = {ticket_id} "
                "BEGIN SELECT RAISE(ABORT, 'poison'); END"
            )
        )
    else:
        db.session.execute(
            text(f"ALTER TABLE escalation ADD CONSTRAINT poison CHECK (ticket_id <> {ticket_id})")
        )
    db.session.commit()


def test_the_constraint_itself_refuses_a_second_climb(late: Late) -> None:
    """chatwoot asked "exists?" and then wrote (evaluate_applied_sla_service.rb): two workers, two events."""
    late.tickets()
    sweep(late.make.wiring, NOW)
    first = db.session.scalars(select(Escalation).limit(1)).one()
    again = {
        "ticket_id": first.ticket_id,
        "clock": first.clock,
        "level": first.level,
        "due_at": first.due_at,
        "rung_code": "x",
        "reached_at": NOW,
        "climbed_at": NOW,
        "because": "x",
    }
    db.session.add(Escalation(**again))
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


@given(
    hours=st.lists(st.integers(0, 24 * 40), min_size=1, max_size=4),
    limit=st.integers(1, 4),
    number=st.integers(1, 5),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sequence_of_sweeps_climbs_a_level_twice_or_leaves_one_out(
    late: Late, hours: list[int], limit: int, number: int
) -> None:
    """However often one sweeps, backwards too, the levels are those of one sweep at the latest instant."""
    for table in (Notice, TicketEvent, Escalation, Clock, Ticket):
        db.session.execute(delete(table))
    db.session.commit()
    ids = late.tickets(number)
    for offset in hours:
        sweep(late.make.wiring, FILED + timedelta(hours=offset), limit=limit)
    climbed = [levels(one) for one in ids]
    (control,) = late.tickets()
    sweep(late.make.wiring, FILED + timedelta(hours=max(hours)))
    assert climbed == [levels(control)] * number
