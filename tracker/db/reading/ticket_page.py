"""Everything that one ticket's page shows, as values, in a constant number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.reading.clock_lines import ClockLine, ExtensionLine, PauseLine
from tracker.db.tables.clocks import Clock, Escalation, Extension, Pause
from tracker.db.tables.meetings import Meeting
from tracker.db.tables.org import BodyVersion, UnitVersion
from tracker.db.tables.people import Account
from tracker.db.tables.tickets import Response, Ticket, TicketEvent
from tracker.domain.dates import local_date
from tracker.domain.timeline import Happening, Told, tell


@dataclass(frozen=True)
class Answer:
    """One answer and what the branch said of it; ``is_accepted`` is None while it hasn't spoken."""

    round: int
    text: str
    body_name: str
    settled_by: str
    answered_at: datetime
    told_on: date | None
    is_accepted: bool | None
    verdict_reason: str


@dataclass(frozen=True)
class Climb:
    """One level of the ladder that was climbed, and why."""

    level: int
    rung_code: str
    climbed_at: datetime
    because: str


@dataclass(frozen=True)
class TicketPage:
    """One ticket with all that became of it. Times are aware, UTC; who raised it by name is not in here."""

    id: int
    number: str
    version: int
    branch_id: int
    committee_id: int
    body_id: int | None
    proposed_body_id: int | None
    status: str
    is_restricted: bool
    branch_name: str
    committee_name: str
    body_name: str
    text: str
    place: str
    kind: str
    raiser_kind: str
    category: str | None
    urgency: str
    because: tuple[str, ...]
    rule_code: str | None
    resolved_on_spot: bool
    raised_on: date
    filed_at: datetime
    due_at: datetime | None
    level: int
    reopened_count: int
    bounce_count: int
    raised_count: int
    timeline: tuple[Told, ...]
    answers: tuple[Answer, ...]
    clocks: tuple[ClockLine, ...]
    climbs: tuple[Climb, ...]
    pauses: tuple[PauseLine, ...]
    extensions: tuple[ExtensionLine, ...]

    def clock(self, kind: str) -> ClockLine | None:
        """Return the last clock of the kind, or None when there was nothing to be timed."""
        return next((c for c in reversed(self.clocks) if c.kind == kind), None)

    @property
    def lasting_pause(self) -> PauseLine | None:
        """The pause that has not ended, or None."""
        return next((pause for pause in self.pauses if pause.ended_at is None), None)

    @property
    def paused_until(self) -> datetime | None:
        """When work goes on by the promise of the pause that lasts, None while none does."""
        return self.lasting_pause.promised_at if self.lasting_pause else None

    @property
    def asked_extension(self) -> ExtensionLine | None:
        """The request for more time that waits for a decision, or None."""
        return next((one for one in self.extensions if one.state == "asked"), None)


@dataclass(frozen=True)
class _Names:
    """Names by id and day: a thing is called what it was called when it happened."""

    rows: Mapping[int, tuple[tuple[date, date | None, str], ...]]

    def on(self, thing_id: int | None, day: date) -> str:
        """Return the name on the day, else the latest known, else nothing."""
        versions = self.rows.get(thing_id or 0, ())
        fitting = [name for since, to, name in versions if since <= day and (to is None or day < to)]
        return (fitting or [name for _, _, name in versions] or [""])[-1]


def ticket_page(session: Session, ticket_id: int, level_names: Mapping[int, str]) -> TicketPage | None:
    """Return the ticket's page, or None for an unknown id; eight queries, one more where somebody stood in.

    ``level_names`` says what the ladder's levels are called.
    """
    ticket = session.execute(select(Ticket).where(Ticket.id == ticket_id)).scalar_one_or_none()
    if ticket is None:
        return None
    events = session.execute(
        select(TicketEvent.at, TicketEvent.act, TicketEvent.details, Account.display_name)
        .outerjoin(Account, Account.id == TicketEvent.actor_id)
        .where(TicketEvent.ticket_id == ticket_id)
        .order_by(TicketEvent.id)
    ).all()
    away = _away_names(session, events)
    answers = _answers(session, ticket_id)
    bodies = _body_names(session, _body_ids(ticket, events, answers))
    units = _unit_names(session, _unit_ids(ticket, events))
    today_body = bodies.on(ticket.body_id, local_date(events[-1].at) if events else ticket.raised_on)
    return TicketPage(
        **{name: getattr(ticket, name) for name in _PLAIN},
        because=tuple(ticket.because),
        branch_name=units.on(ticket.branch_id, ticket.raised_on),
        committee_name=units.on(ticket.committee_id, ticket.raised_on),
        body_name=today_body,
        timeline=tuple(tell(_happening(event, bodies, units, level_names, away)) for event in events),
        answers=tuple(_answer(row, bodies) for row in answers),
        clocks=tuple(ClockLine(*row) for row in _rows(session, Clock, ClockLine, ticket_id)),
        climbs=_climbs(session, ticket_id),
        pauses=tuple(PauseLine(*row) for row in _rows(session, Pause, PauseLine, ticket_id)),
        extensions=tuple(ExtensionLine(*row) for row in _rows(session, Extension, ExtensionLine, ticket_id)),
    )


_PLAIN = (
    "id",
    "number",
    "version",
    "branch_id",
    "committee_id",
    "body_id",
    "proposed_body_id",
    "status",
    "is_restricted",
    "text",
    "place",
    "kind",
    "raiser_kind",
    "category",
    "urgency",
    "rule_code",
    "resolved_on_spot",
    "raised_on",
    "filed_at",
    "due_at",
    "level",
    "reopened_count",
    "bounce_count",
    "raised_count",
)


def _away_names(session: Session, events: Iterable[Any]) -> Mapping[int, str]:
    """Return the names of those for whom somebody acted, by account id."""
    ids = {event.details["acting_for"] for event in events if event.details.get("acting_for")}
    if not ids:
        return {}
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(sorted(ids))))
    return {account_id: name for account_id, name in rows}


def _happening(
    event: Any, bodies: _Names, units: _Names, level_names: Mapping[int, str], away: Mapping[int, str]
) -> Happening:
    details = event.details
    day = local_date(event.at)
    return Happening(
        at=event.at,
        act=event.act,
        who=event.display_name or "",
        body=bodies.on(details.get("body"), day),
        proposed=bodies.on(details.get("proposed"), day),
        committee=units.on(details.get("committee"), day),
        reason=details.get("reason") or details.get("because") or "",
        level_name=level_names.get(details.get("level", 0), ""),
        due_at=_instant(details.get("due_at") or _if_redated(event, "to")),
        until=_instant(details.get("until")),
        old_due_at=_instant(details.get("old_due_at") or _if_redated(event, "from")),
        amount=details.get("amount", ""),
        clock=details.get("clock", ""),
        acting_for=away.get(details.get("acting_for", 0), ""),
    )


def _if_redated(event: Any, name: str) -> str | None:
    """Return the time under that name of a re-dating; of other acts it is a state."""
    return event.details.get(name) if event.act == "redated" else None


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _answers(session: Session, ticket_id: int) -> list[Any]:
    return list(
        session.execute(
            select(
                Response.round,
                Response.text,
                Response.body_id,
                Response.settled_by,
                Response.answered_at,
                Meeting.held_on.label("told_on"),
                Response.is_accepted,
                Response.verdict_reason,
            )
            .outerjoin(Meeting, Meeting.id == Response.told_meeting_id)
            .where(Response.ticket_id == ticket_id)
            .order_by(Response.round)
        )
    )


def _answer(row: Any, bodies: _Names) -> Answer:
    values = row._asdict()
    body_id = values.pop("body_id")
    return Answer(body_name=bodies.on(body_id, local_date(row.answered_at)), **values)


def _rows(session: Session, table: Any, line: Any, ticket_id: int) -> list[Any]:
    """Return the ticket's rows of the table, in order, with the columns that the line names."""
    columns = (getattr(table, field.name) for field in fields(line))
    return list(session.execute(select(*columns).where(table.ticket_id == ticket_id).order_by(table.id)))


def _climbs(session: Session, ticket_id: int) -> tuple[Climb, ...]:
    rows = session.execute(
        select(Escalation.level, Escalation.rung_code, Escalation.climbed_at, Escalation.because)
        .where(Escalation.ticket_id == ticket_id)
        .order_by(Escalation.id)
    )
    return tuple(Climb(*row) for row in rows)


def _body_ids(ticket: Ticket, events: Iterable[Any], answers: Iterable[Any]) -> set[int]:
    ids = {ticket.body_id, ticket.proposed_body_id, *(answer.body_id for answer in answers)}
    for event in events:
        ids |= {event.details.get("body"), event.details.get("proposed")}
    return {one for one in ids if isinstance(one, int)}


def _unit_ids(ticket: Ticket, events: Iterable[Any]) -> set[int]:
    ids = {ticket.branch_id, ticket.committee_id, *(event.details.get("committee") for event in events)}
    return {one for one in ids if isinstance(one, int)}


def _body_names(session: Session, ids: Iterable[int]) -> _Names:
    return _named(
        session.execute(
            select(BodyVersion.body_id, BodyVersion.valid_from, BodyVersion.valid_to, BodyVersion.name)
            .where(BodyVersion.body_id.in_(sorted(ids)))
            .order_by(BodyVersion.valid_from)
        )
    )


def _unit_names(session: Session, ids: Iterable[int]) -> _Names:
    return _named(
        session.execute(
            select(UnitVersion.unit_id, UnitVersion.valid_from, UnitVersion.valid_to, UnitVersion.name)
            .where(UnitVersion.unit_id.in_(list(ids)))
            .order_by(UnitVersion.valid_from)
        )
    )


def _named(rows: Iterable[Any]) -> _Names:
    found: dict[int, tuple[tuple[date, date | None, str], ...]] = {}
    for thing_id, since, to, name in rows:
        found[thing_id] = (*found.get(thing_id, ()), (since, to, name))
    return _Names(found)
