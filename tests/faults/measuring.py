"""What is owed against what is there: counted from the rows alone, with nothing of the sweep's own code."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from tests.conftest import NOW
from tests.faults.stage import Owed, Stage
from tests.faults.tally import Figures
from tracker.db.base import db
from tracker.db.reading.audit import chain, head
from tracker.db.reading.clocks import pauses_of
from tracker.db.reading.deadlines import calendars, ladder
from tracker.db.reading.org import org_tree
from tracker.db.tables.audit import AuditRow
from tracker.db.tables.clocks import Clock, Escalation, Pause, SetAside
from tracker.db.tables.notices import Notice
from tracker.db.tables.people import Account
from tracker.db.tables.tickets import Ticket, TicketEvent
from tracker.domain.audit import first_break
from tracker.domain.climbs import ladder_from, next_due_at
from tracker.domain.dates import local_date

Key = tuple[Any, ...]


def measure(stage: Stage, owed: Sequence[Owed], *, mail: bool = True) -> Figures:
    """Return how the database, after a last sweep, stands to what is owed; reads only."""
    db.session.rollback()
    levels = {(one.ticket_id, one.clock, level, one.due_at) for one in owed for level in one.levels}
    pauses = {(one.ticket_id, one.pause_id) for one in owed if one.pause_id is not None}
    ids = [one.ticket_id for one in owed]
    found = Figures(rounds=1, levels=len(levels), wrong=_untrue(owed) + _left(ids) + _broken(stage))
    for name, wanted, there in (
        ("levels", levels, _levels(ids)),
        ("events", levels | pauses, _events(ids)),
        ("audit", levels | pauses, _audit(ids)),
        ("notices", _notices_owed(stage, owed), _notices(ids)),
    ):
        found.lost += len(wanted - set(there))
        setattr(found, f"doubled_{name}", there.total() - len(wanted & set(there)))
    if mail:
        found.add(_mail(stage, ids))
    return found


def _notices_owed(stage: Stage, owed: Sequence[Owed]) -> set[Key]:
    official = stage.late.official.account_id
    levels = ((one, level) for one in owed for level in one.levels)
    told = {(one.ticket_id, stage.told(one.clock, level), one.clock, level) for one, level in levels}
    return told | {(one.ticket_id, official, "pause", one.pause_id) for one in owed if one.pause_id}


def _levels(ids: Sequence[int]) -> Counter[Key]:
    found = select(Escalation.ticket_id, Escalation.clock, Escalation.level, Escalation.due_at)
    return Counter(tuple(row) for row in db.session.execute(found.where(Escalation.ticket_id.in_(ids))))


def _happened(ticket_id: int, facts: dict[str, Any], act: str) -> Key:
    if act == "pause_over":
        return ticket_id, facts["pause"]
    return ticket_id, facts["clock"], facts["level"], datetime.fromisoformat(facts["due_at"])


def _events(ids: Sequence[int]) -> Counter[Key]:
    found = select(TicketEvent.ticket_id, TicketEvent.details, TicketEvent.act)
    return Counter(_happened(*row) for row in db.session.execute(found.where(TicketEvent.ticket_id.in_(ids))))


def _audit(ids: Sequence[int]) -> Counter[Key]:
    ours = (AuditRow.subject == "ticket", AuditRow.subject_id.in_(ids))
    bodies = [json.loads(body) for body in db.session.scalars(select(AuditRow.body).where(*ours))]
    return Counter(_happened(body["id"], body["facts"], body["action"]) for body in bodies)


def _notices(ids: Sequence[int]) -> Counter[Key]:
    found = select(Notice.ticket_id, Notice.account_id, Notice.event_key).where(Notice.ticket_id.in_(ids))
    return Counter((ticket, account, *_named(key)) for ticket, account, key in db.session.execute(found))


def _named(event_key: str) -> tuple[str, int]:
    """Return the clock and the level that a notice's key names, or "pause" and which."""
    kind, *parts = event_key.split(":")
    if kind == "pause_over":
        return "pause", int(parts[0])
    return ("answer", int(parts[1])) if parts[1].isdigit() else (parts[1], int(parts[2]))


def _untrue(owed: Sequence[Owed]) -> int:
    """Return how many clocks look ahead to another instant than the ladder says, or tickets show another level."""
    session, on = db.session(), local_date(NOW)
    rungs, known = ladder(session), calendars(session, org_tree(session, on))
    by_ticket = {one.ticket_id: one for one in owed}
    found = select(Clock, Ticket.urgency, Ticket.category, Ticket.level, Ticket.branch_id, Ticket.body_id)
    rows = session.execute(
        found.join(Ticket, Ticket.id == Clock.ticket_id)
        .where(Clock.ticket_id.in_(by_ticket))
        .execution_options(populate_existing=True)
    ).all()
    pauses = pauses_of(session, [row.Clock.id for row in rows])
    untrue = 0
    for clock, urgency, category, level, branch_id, body_id in rows:
        levels = by_ticket[clock.ticket_id].levels
        ahead = next_due_at(
            ladder_from(rungs, urgency, on, clock=clock.kind, category=category),
            clock.started_at,
            clock.due_at,
            levels,
            known.of_clock(clock.kind, branch_id, body_id),
            pauses=pauses.get(clock.id, ()),
        )
        untrue += clock.next_at != ahead
        untrue += level != (max(levels) if clock.kind == "answer" else 0)
    return untrue


def _left(ids: Sequence[int]) -> int:
    """Return how many clocks are still set aside, and how many pauses still last."""
    ours = select(Clock.id).where(Clock.ticket_id.in_(ids))
    aside = select(SetAside.clock_id).where(SetAside.clock_id.in_(ours))
    lasting = select(Pause.id).where(Pause.ticket_id.in_(ids), Pause.ended_at.is_(None))
    return len(db.session.scalars(aside).all()) + len(db.session.scalars(lasting).all())


def _broken(stage: Stage) -> int:
    links, end = list(chain(db.session())), head(db.session())
    return int(first_break(stage.make.wiring.audit_key, links, head=end, anchor=None) is not None)


def _mail(stage: Stage, ids: Sequence[int]) -> Figures:
    """Return how the notices went by mail: in no letter is lost, in two different letters is doubled."""
    taken = Counter(stage.letterbox.letters())
    by_person: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for to, reference, text in taken:
        by_person[to].append((reference, text))
    found, repeated = Figures(), dict[tuple[str, str], int]()
    rows = db.session.execute(
        select(Account.email, Notice.sentence, Notice.mail_state)
        .join(Account, Account.id == Notice.account_id)
        .where(Notice.ticket_id.in_(ids))
    )
    for email, sentence, state in rows:
        hits = [(reference, text) for reference, text in by_person[email] if sentence in text]
        found.mailed += bool(hits)
        found.lost += not hits or state != "sent"
        found.doubled_notices += max(len(hits) - 1, 0)
        repeated |= {(email, reference): taken[email, reference, text] - 1 for reference, text in hits}
    found.repeated = sum(repeated.values())
    return found
