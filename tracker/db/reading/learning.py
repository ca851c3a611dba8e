"""Reads the learned model, what is known of its versions, and the corrections by which it learns."""

from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.tables.learning import RoutingModel
from tracker.db.tables.org import BodyVersion
from tracker.db.tables.tickets import Ticket, TicketEvent
from tracker.domain.learning import Example, Model
from tracker.domain.model_file import digest, read_model

MOST_CORRECTIONS = 5000
"""As many as are read, newest first: what the office decided years ago was decided by other rules."""

_CORRECTION_WEIGHT = 2.0
_kept: dict[str, Model] = {}
_lock = Lock()


def latest_version(session: Session) -> RoutingModel | None:
    """Return the version in force without its bytes, None before anything was learned."""
    return session.scalars(select(RoutingModel).order_by(RoutingModel.version.desc()).limit(1)).first()


def load_model(session: Session) -> Model | None:
    """Return the model in force, None when there is none or its bytes don't match their digest.

    Each process keeps the last few it read; reading one takes some 40 ms.
    """
    row = latest_version(session)
    if row is None:
        return None
    kept = _kept.get(f"{row.version}:{row.sha256}")
    return kept if kept is not None else _read(row)


def _read(row: RoutingModel) -> Model | None:
    if row.content is None or digest(row.content) != row.sha256:
        return None
    model = read_model(row.content, row.version)
    with _lock:
        if len(_kept) >= 4:
            _kept.clear()
        _kept[f"{row.version}:{row.sha256}"] = model
    return model


def corrections(session: Session) -> list[Example]:
    """Return what people placed by hand, newest first; nothing of a restricted matter is ever learned from."""
    placed = select(TicketEvent.ticket_id).where(
        TicketEvent.act == "assign", TicketEvent.actor_id.is_not(None), TicketEvent.ticket_id == Ticket.id
    )
    rows = session.execute(
        select(Ticket.text, Ticket.category, Ticket.body_id, Ticket.urgency)
        .where(Ticket.is_restricted.is_(False), Ticket.category.is_not(None), Ticket.body_id.is_not(None))
        .where(placed.exists())
        .order_by(Ticket.id.desc())
        .limit(MOST_CORRECTIONS)
    ).all()
    codes = _body_codes(session)
    return [
        Example(
            text=row.text,
            category=row.category,
            body=codes[row.body_id],
            urgency=row.urgency,
            restricted=False,
            weight=_CORRECTION_WEIGHT,
            is_private=True,
        )
        for row in rows
        if row.body_id in codes
    ]


def _body_codes(session: Session) -> dict[int, str]:
    rows = session.execute(select(BodyVersion.body_id, BodyVersion.code).order_by(BodyVersion.valid_from))
    return {row.body_id: row.code for row in rows}
