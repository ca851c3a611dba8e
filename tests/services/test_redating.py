"""A changed calendar, limit or ladder and what is open: previewed without a trace, then moved exactly so, on record."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.late import DUE, NOW, Late
from tests.makers import Makers
from tracker.adapters.queue import RecordingQueue
from tracker.db.base import db
from tracker.db.reading.audit import chain, head
from tracker.db.reading.ticket_page import ticket_page
from tracker.db.tables.clocks import Clock, Escalation, Extension, Pause
from tracker.db.tables.deadlines import CalendarDay, Rung, TimeLimit
from tracker.db.tables.notices import Notice
from tracker.db.tables.reference import ReferenceStamp
from tracker.db.tables.tickets import Ticket, TicketEvent
from tracker.domain.calendar import DayKind
from tracker.domain.calendar_days import DayChange
from tracker.domain.calendars import NATION, Owner
from tracker.domain.dates import ZONE
from tracker.domain.errors import Invalid
from tracker.domain.people import SYSTEM
from tracker.domain.redating import Redating
from tracker.domain.ticket_lists import due_words
from tracker.domain.validity import DatedChange
from tracker.domain.weekly_hours import DAY_FIELDS, HoursChange
from tracker.services.calendar import drop_day, put_day, row_id_of
from tracker.services.escalation import sweep
from tracker.services.hours import hours_of, put_hours, seen_hours
from tracker.services.ladder import LADDER
from tracker.services.limits import LIMITS
from tracker.services.redating import apply, preview, settle
from tracker.services.unit import Unit, unit_of_work

HELD_ON = date(2026, 12, 3)
RAISED = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
DUE_LATER = datetime(2026, 12, 8, 17, 0, tzinfo=ZONE)
"""Ten working days after ``RAISED``; 24 November is a holiday by the shipped calendar."""
NEXT_DAY = datetime(2026, 12, 9, 17, 0, tzinfo=ZONE)

Act = Callable[[Unit], Any]


@pytest.fixture
def late(app: Flask, make: Makers) -> Late:
    return Late(make)


def open_tickets(late: Late, number: int = 1, **more: Any) -> list[int]:
    """Return tickets raised on Monday 23 November, due as the shipped rules say."""
    return late.tickets(
        number, **{"filed_at": RAISED, "due_at": DUE_LATER, "next_at": RAISED + timedelta(days=5)} | more
    )


def closed(on: date = HELD_ON, owner: Owner = NATION, kind: str = "holiday") -> Act:
    day = DayChange(on, DayKind(kind), "Nghỉ bù", "", "decided", "Thông báo 5", "S", owner=owner)
    return lambda unit: put_day(day, None, unit=unit)


def limit_of(days: int, since: date) -> Act:
    row = db.session.execute(
        sa.select(TimeLimit.id, TimeLimit.version).filter_by(code="answer_default")
    ).one()
    change = DatedChange({"amount": days}, since, version=row.version)
    return lambda unit: LIMITS.put(change, row.id, unit=unit)


def do(late: Late, work: Callable[..., Any], act: Act, *args: Any, now: datetime = NOW) -> Any:
    with unit_of_work(late.make.wiring, actor=SYSTEM, now=now) as unit:
        found = work(lambda: act(unit), *args, unit=unit)
    return found.redating if work is apply else found


def clock(ticket_id: int, kind: str = "answer") -> Clock:
    db.session.rollback()
    return db.session.scalars(
        sa.select(Clock).filter_by(ticket_id=ticket_id, kind=kind).execution_options(populate_existing=True)
    ).one()


TABLES = (Clock, Ticket, TicketEvent, Notice, Pause, CalendarDay, TimeLimit, Rung, ReferenceStamp, Escalation)


def everything() -> dict[str, list[str]]:
    """Return every row that a re-dating could write, and the audit chain's length."""
    db.session.rollback()
    rows = {
        one.__tablename__: [
            str(row) for row in db.session.execute(sa.select(one.__table__).order_by(one.__table__.c[0]))
        ]
        for one in TABLES
    }
    return rows | {"audit": [str(head(db.session()).seq)]}


def moved(found: Redating) -> list[tuple[int, datetime, datetime, str]]:
    return [(one.clock.ticket_id, one.clock.due_at, one.to, one.because) for one in found.moves]


def test_a_new_holiday_moves_what_is_open_and_says_so(late: Late) -> None:
    """alaveteli#7292, whatdotheyknow-theme#1393: a new holiday did not move running deadlines. zammad#534 too."""
    (one,) = open_tickets(late)
    found = do(late, apply, closed())

    assert (clock(one).due_at, db.session.get_one(Ticket, one).due_at) == (NEXT_DAY, NEXT_DAY)
    assert found.words == "1 kiến nghị đổi hạn"
    told = ticket_page(db.session(), one, {}).timeline[-1]
    assert told.what == "Hạn trả lời chuyển từ 17:00, 08/12/2026 sang 17:00, 09/12/2026."
    assert told.note == "Lịch làm việc thay đổi: 03/12/2026 nay là ngày nghỉ lễ, tết (Nghỉ bù)."
    assert [row.body for row in chain(db.session()) if '"redated"' in row.body] != []


def test_a_preview_writes_nothing_at_all(late: Late, queue: RecordingQueue) -> None:
    """django-helpdesk 2.6.1: --notify-only wrote all the same. What is shown here is rolled back, row for row."""
    open_tickets(late, 3)
    before = everything()
    found = do(late, preview, closed())

    assert found.tickets == 3
    assert everything() == before
    assert queue.jobs == []
    do(late, apply, closed())
    assert everything() != before, "the same does write when it is applied"


@pytest.mark.parametrize("act", [closed(), closed(date(2026, 12, 5), kind="makeup")])
def test_what_is_applied_is_what_was_previewed(late: Late, act: Act) -> None:
    one, two = open_tickets(late, 2)
    shown = do(late, preview, act)
    done = do(late, apply, act)

    assert moved(shown) == moved(done)
    assert {(line[0], line[2]) for line in moved(shown)} == {
        (one, clock(one).due_at),
        (two, clock(two).due_at),
    }


def test_what_becomes_late_and_what_does_not_is_counted(late: Late) -> None:
    """Lateness follows from the new date alone: osTicket PR #5165 and its like kept a flag that survived it."""
    (one,) = open_tickets(late)
    on_the_day = DUE_LATER + timedelta(minutes=1)
    longer = do(late, apply, closed(), now=on_the_day)
    assert longer.words == "1 kiến nghị đổi hạn; 1 kiến nghị không còn quá hạn"
    assert due_words("routed", clock(one).due_at, None, on_the_day).state != "late"

    row = row_id_of(db.session(), HELD_ON)
    back = do(late, apply, lambda unit: drop_day(row, 1, unit=unit), now=on_the_day)
    assert back.words == "1 kiến nghị đổi hạn; 1 kiến nghị sẽ thành quá hạn"
    assert due_words("routed", clock(one).due_at, None, on_the_day).state == "late"


def test_a_date_set_by_hand_stays(late: Late) -> None:
    """glpi#17186: a date set by hand moved. One that no known rule gives stays as well, and both are counted."""
    fixed, moving = open_tickets(late, 2)
    (strange,) = open_tickets(late, due_at=DUE_LATER + timedelta(days=7))
    db.session.execute(sa.update(Clock).where(Clock.ticket_id == fixed).values(is_fixed=True))
    db.session.commit()
    found = do(late, apply, closed())

    assert [line[0] for line in moved(found)] == [moving]
    assert found.words.startswith("1 kiến nghị đổi hạn; ")
    assert found.words.endswith("; 2 kiến nghị giữ nguyên hạn đã đặt riêng")
    assert (clock(fixed).due_at, clock(strange).due_at) == (DUE_LATER, DUE_LATER + timedelta(days=7))


def test_what_is_met_or_stopped_is_left_alone(late: Late) -> None:
    met, stopped, running = open_tickets(late, 3)
    for ticket_id, column in ((met, "met_at"), (stopped, "stopped_at")):
        over = {column: NOW, "next_at": None}
        db.session.execute(sa.update(Clock).where(Clock.ticket_id == ticket_id).values(**over))
    db.session.commit()
    assert [line[0] for line in moved(do(late, apply, closed()))] == [running]


def hold(late: Late, ticket_id: int, begins: datetime, promised: datetime, ended: datetime | None) -> None:
    """Pause the ticket's answer."""
    db.session.add(
        Pause(
            ticket_id=ticket_id,
            clock_id=clock(ticket_id).id,
            reason="chờ đo đạc",
            begins_at=begins,
            promised_at=promised,
            ended_at=ended,
            account_id=late.official.account_id,
        )
    )
    db.session.commit()


BEGINS, PROMISED = datetime(2026, 11, 25, 7, 30, tzinfo=ZONE), datetime(2026, 11, 26, 17, 0, tzinfo=ZONE)
TWO_DAYS_MORE = datetime(2026, 12, 10, 17, 0, tzinfo=ZONE)


def test_a_pause_already_served_is_kept(late: Late) -> None:
    """glpi#6902, glpi#15605: a changed policy forgot the pause. Pauses are read from history and reckoned in again."""
    (paused,), (plain,) = open_tickets(late, due_at=TWO_DAYS_MORE), open_tickets(late)
    hold(late, paused, BEGINS, PROMISED, PROMISED)
    do(late, apply, closed())
    assert (clock(plain).due_at, clock(paused).due_at) == (NEXT_DAY, TWO_DAYS_MORE + timedelta(days=1))

    do(late, apply, limit_of(12, date(2026, 11, 20)))
    assert clock(plain).due_at == datetime(2026, 12, 11, 17, 0, tzinfo=ZONE)
    assert clock(paused).due_at == datetime(2026, 12, 15, 17, 0, tzinfo=ZONE)


def test_a_paused_clock_is_looked_at_when_its_pause_ends(late: Late) -> None:
    (one,) = open_tickets(late, due_at=TWO_DAYS_MORE, next_at=PROMISED)
    hold(late, one, BEGINS, PROMISED, None)
    do(late, apply, closed())
    assert (clock(one).due_at, clock(one).next_at) == (TWO_DAYS_MORE + timedelta(days=1), PROMISED)


def test_a_granted_extension_is_kept(late: Late) -> None:
    due_at = datetime(2026, 12, 15, 17, 0, tzinfo=ZONE)
    (one,) = open_tickets(late, due_at=due_at)
    clock_id = clock(one).id
    for number, state in ((5, "granted"), (3, "refused")):
        db.session.add(
            Extension(
                ticket_id=one,
                clock_id=clock_id,
                asked_at=NOW,
                asked_by=late.official.account_id,
                reason="nhiều hộ",
                amount=number,
                unit="working_days",
                state=state,
                decided_at=NOW,
                old_due_at=DUE_LATER,
            )
        )
    db.session.commit()
    do(late, apply, closed())
    assert clock(one).due_at == due_at + timedelta(days=1)


def test_the_start_stays_where_it_was(late: Late) -> None:
    """alaveteli#5963: sending again restarted the clock. A changed rule counts from the same start."""
    (one,) = open_tickets(late)
    do(late, apply, limit_of(15, RAISED.date()))
    assert (clock(one).started_at, clock(one).due_at) == (RAISED, datetime(2026, 12, 15, 17, 0, tzinfo=ZONE))


def test_a_limit_holds_for_what_started_since_its_first_day(late: Late) -> None:
    (before,) = open_tickets(late)
    found = do(late, preview, limit_of(15, RAISED.date()))
    assert found.moves[0].because == (
        "Thời hạn “Đơn vị trả lời chi bộ” đổi từ 10 ngày làm việc thành 15 ngày làm việc."
    )
    assert not do(late, apply, limit_of(15, NOW.date())).moves
    assert clock(before).due_at == DUE_LATER


def test_a_corrected_category_keeps_the_limit_by_which_the_clock_began(late: Late) -> None:
    (one,) = open_tickets(late, urgency="cao")
    found = do(late, preview, limit_of(15, RAISED.date()))
    assert [line[2] for line in moved(found)] == [datetime(2026, 12, 15, 17, 0, tzinfo=ZONE)]
    assert found.moves[0].clock.ticket_id == one


def test_another_bodys_closing_day_moves_nothing(late: Late) -> None:
    """django-helpdesk escalate_tickets.py (row M3): an exclusion of one queue was applied to all queues."""
    (one,) = open_tickets(late)
    other = late.make.body("DV_DIEN", late.ward)
    assert not do(late, apply, closed(owner=Owner(body_id=other))).moves
    assert clock(one).due_at == DUE_LATER
    assert do(late, apply, closed(owner=Owner(body_id=late.body))).tickets == 1


def test_a_holiday_added_and_dropped_again_leaves_the_date_as_it_was(late: Late) -> None:
    (one,) = open_tickets(late)
    do(late, apply, closed())
    row = row_id_of(db.session(), HELD_ON)
    do(late, apply, lambda unit: drop_day(row, 1, unit=unit))
    assert clock(one).due_at == DUE_LATER
    acts = db.session.scalars(sa.select(TicketEvent.act).filter_by(ticket_id=one)).all()
    assert acts == ["redated", "redated"]


def week_until(noon: bool) -> Act:
    lines = {name: "07:30-11:30" if noon else "07:30-11:30 13:30-17:00" for name in DAY_FIELDS[:5]}
    change = HoursChange(NATION, lines, date(2026, 12, 1), None, "Quy chế", "S", hours_version())
    return lambda unit: put_hours(change, unit=unit)


def hours_version() -> int:
    return seen_hours(hours_of(db.session(), NATION))


def test_other_weekly_hours_move_the_end_of_the_day(late: Late) -> None:
    """zammad#534: an edited calendar did not re-date."""
    (one,) = open_tickets(late)
    found = do(late, apply, week_until(noon=True))
    assert clock(one).due_at == DUE_LATER.replace(hour=11, minute=30)
    assert found.moves[0].because == "Giờ làm việc thay đổi từ ngày 01/12/2026."


def test_one_who_has_many_tickets_gets_one_notice(late: Late) -> None:
    open_tickets(late, 7)
    do(late, apply, closed())
    told = db.session.execute(sa.select(Notice.account_id, Notice.sentence, Notice.ticket_id)).all()
    assert [(account, ticket_id) for account, _, ticket_id in told] == [(late.official.account_id, None)]
    assert told[0].sentence == (
        "7 kiến nghị đổi hạn do quy định hoặc lịch thay đổi: TAS-2026-0001, TAS-2026-0002, TAS-2026-0003, "
        "TAS-2026-0004, TAS-2026-0005 và 2 kiến nghị khác"
    )
    do(late, apply, closed(HELD_ON + timedelta(days=1)))
    assert len(db.session.scalars(sa.select(Notice.id)).all()) == 2, "a second change is a second event"


def climbed() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Escalation.level).order_by(Escalation.level)))


def test_the_next_level_moves_with_the_date(late: Late) -> None:
    """A sweep that still looked at the old instant would climb for a date that isn't there any more."""
    (one,) = open_tickets(late)
    do(late, apply, closed())
    sweep(late.make.wiring, DUE_LATER + timedelta(minutes=1))
    assert climbed() == [1], "the reminder before the date, not the lateness"
    assert clock(one).next_at == NEXT_DAY


def rung_off(level: int, since: date) -> Act:
    found = sa.select(Rung.id, Rung.version).filter_by(level=level, clock="answer", urgency=None)
    row = db.session.execute(found).one()
    return lambda unit: LADDER.end(DatedChange({}, since, since, row.version), row.id, unit=unit)


def test_a_rung_switched_off_makes_it_quiet_at_once(late: Late) -> None:
    """zammad#4353: a policy switched off left tickets escalated and mailing. osTicket PR #5183: still used."""
    (one,) = open_tickets(late)
    do(late, apply, closed())
    reminder = clock(one).next_at
    found = do(late, apply, rung_off(1, NOW.date()))

    assert found.words == "1 kiến nghị giữ nguyên hạn nhưng đôn đốc vào lúc khác"
    assert (clock(one).due_at, clock(one).next_at) == (NEXT_DAY, NEXT_DAY)
    assert reminder is not None
    sweep(late.make.wiring, NEXT_DAY - timedelta(hours=1))
    assert climbed() == []


def test_a_level_after_the_date_moves_too_when_a_day_behind_it_closes(late: Late) -> None:
    """The date is past and stays; five working days after it are one day more."""
    (one,) = late.tickets(level=3, next_at=DUE + timedelta(days=7))
    common = {"ticket_id": one, "rung_code": "x", "due_at": DUE, "reached_at": DUE, "climbed_at": DUE}
    db.session.execute(sa.insert(Escalation), [common | {"level": n, "because": ""} for n in (1, 2, 3)])
    db.session.commit()
    found = do(late, apply, closed(date(2026, 11, 20)), now=DUE + timedelta(days=1))
    assert (found.moves, found.climbing_otherwise) == ((), 1)
    assert clock(one).due_at == DUE
    assert clock(one).next_at == datetime(2026, 11, 25, 17, 0, tzinfo=ZONE)


def test_only_what_was_confirmed_is_done(late: Late) -> None:
    open_tickets(late)
    shown = do(late, settle, closed(), None)
    assert (shown.is_done, shown.redating.tickets) == (False, 1)
    open_tickets(late)
    again = do(late, settle, closed(), shown.redating.digest)
    assert (again.is_done, again.redating.tickets) == (False, 2), "somebody filed one meanwhile: shown again"
    assert do(late, settle, closed(), again.redating.digest).is_done
    with pytest.raises(Invalid):
        do(late, settle, closed(), again.redating.digest)
    assert len(db.session.scalars(sa.select(TicketEvent.id).filter_by(act="redated")).all()) == 2


def test_where_nothing_moves_it_is_done_at_once(late: Late) -> None:
    open_tickets(late)
    assert do(late, settle, closed(date(2027, 6, 1)), None).is_done
    assert row_id_of(db.session(), date(2027, 6, 1)) is not None


def test_what_the_change_refuses_leaves_no_trace(late: Late) -> None:
    """The unit lives on and commits what else it did: nothing of the refused change is in it, no audit row either."""
    open_tickets(late)
    do(late, apply, closed())
    before = everything()

    def refused(unit: Unit) -> None:
        rung_off(2, NOW.date())(unit)
        closed()(unit)

    with unit_of_work(late.make.wiring, actor=SYSTEM, now=NOW) as unit, pytest.raises(Invalid):
        apply(lambda: refused(unit), unit=unit)
    assert everything() == before


def test_the_number_of_statements_is_the_same_for_any_number(
    late: Late, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    open_tickets(late, 2)
    few = count_queries(lambda: do(late, apply, closed()))
    open_tickets(late, 40, due_at=NEXT_DAY)
    many = count_queries(lambda: do(late, apply, closed(HELD_ON + timedelta(days=1))))
    assert many == few


def test_without_the_change_nothing_differs(late: Late) -> None:
    """The negative control: all that moves in these tests moves because of the change alone."""
    open_tickets(late, 3)
    late.tickets(2)
    before = everything()
    found = do(late, preview, lambda _unit: None)
    assert (found.moves, found.climbings, bool(found)) == ((), (), False)
    assert everything() == before
