"""Reads the audit chain, whole or of one thing."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.reading.tickets import within
from tracker.db.tables.audit import AuditHead, AuditRow
from tracker.db.tables.people import Account
from tracker.db.tables.tickets import Ticket
from tracker.domain.access import TicketReach
from tracker.domain.audit import Link
from tracker.domain.audit_words import audit_acting_for, audit_actor, audit_sentence
from tracker.domain.people import who_words


def chain(session: Session) -> Iterator[Link]:
    """Yield the chain from its first link; asks for a thousand rows at a time, so that its length costs no memory."""
    query = select(AuditRow.seq, AuditRow.body, AuditRow.mac).order_by(AuditRow.seq).limit(1000)
    last = 0
    while rows := session.execute(query.where(AuditRow.seq > last)).all():
        last = rows[-1].seq
        yield from (Link(*row) for row in rows)


def head(session: Session) -> Link:
    """Return the stored end of the chain; its body is empty."""
    seq, mac = session.execute(select(AuditHead.seq, AuditHead.mac)).one()
    return Link(seq, "", mac)


def latest_rows(session: Session, limit: int = 200, before: int | None = None) -> list[AuditRow]:
    """Return the newest rows, newest first; ``before`` pages backwards (exclusive)."""
    query = select(AuditRow).order_by(AuditRow.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditRow.seq < before)
    return list(session.scalars(query))


@dataclass(frozen=True)
class Touch:
    """Who last changed a thing, and when (aware, UTC)."""

    account_id: int
    name: str
    at: datetime


def last_touch(session: Session, subject: str, subject_id: int) -> Touch | None:
    """Return the last recorded change of the thing that a person made, None when there is none; two queries.

    Looks through the last twenty changes: what the system did in between is passed over.
    """
    rows = session.execute(
        select(AuditRow.body, AuditRow.at)
        .where(AuditRow.subject == subject, AuditRow.subject_id == subject_id)
        .order_by(AuditRow.seq.desc())
        .limit(20)
    )
    found = next(((actor, row.at) for row in rows if (actor := audit_actor(row.body)) is not None), None)
    if found is None:
        return None
    account_id, at = found
    return Touch(account_id, _names(session, {account_id}).get(account_id, ""), at)


@dataclass(frozen=True)
class AuditLine:
    """One row of the chain as a person reads it. ``at`` is aware, UTC."""

    seq: int
    at: datetime
    who: str
    what: str


def audit_lines(
    session: Session, reach: TicketReach, limit: int = 100, before: int | None = None
) -> tuple[AuditLine, ...]:
    """Return the newest rows in plain words, newest first; ``before`` pages backwards (exclusive); three queries.

    A ticket is named only within the reader's reach: elsewhere not even its number is told, restricted or not, so
    that nothing tells which are.
    """
    rows = latest_rows(session, limit, before)
    actors = {row.seq: audit_actor(row.body) for row in rows}
    away = {row.seq: audit_acting_for(row.body) for row in rows}
    accounts = [row.subject_id for row in rows if row.subject == "account"]
    names = _names(session, {one for one in (*actors.values(), *away.values(), *accounts) if one is not None})
    numbers = _numbers(session, reach, {row.subject_id for row in rows if row.subject == "ticket"} - {None})
    return tuple(
        AuditLine(
            row.seq,
            row.at,
            who_words(names.get(actors[row.seq] or 0, "Hệ thống"), names.get(away[row.seq] or 0, "")),
            audit_sentence(row.body, _name_of(row, names, numbers)),
        )
        for row in rows
    )


def _name_of(row: AuditRow, names: Mapping[int, str], numbers: Mapping[int, str]) -> str:
    found = {"account": names, "ticket": numbers}.get(row.subject, {})
    return found.get(row.subject_id or 0, "")


def _names(session: Session, ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return {account_id: name for account_id, name in rows}


def _numbers(session: Session, reach: TicketReach, ids: Collection[Any]) -> dict[int, str]:
    rows = session.execute(select(Ticket.id, Ticket.number).where(Ticket.id.in_(ids), within(reach)))
    return {ticket_id: number for ticket_id, number in rows}
