"""Reads the learned model, what is known of its versions, and the corrections by which it learns."""

import logging
from datetime import date
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.tables.learning import RoutingModel
from tracker.db.tables.org import BodyVersion
from tracker.db.tables.tickets import Ticket, TicketEvent
from tracker.domain.errors import Invalid
from tracker.domain.learning import Example, Model
from tracker.domain.model_file import digest, read_model

MOST_CORRECTIONS = 5000
"""As many as are read, newest first: what the office decided years ago was decided by other rules."""

_CORRECTION_WEIGHT = 2.0
_kept: dict[str, Model | None] = {}
_lock = Lock()

log = logging.getLogger(__name__)


def latest_version(session: Session) -> RoutingModel | None:
    """Return the version in force without its bytes, None before anything was learned."""
    return session.scalars(select(RoutingModel).order_by(RoutingModel.version.desc()).limit(1)).first()


def load_model(session: Session) -> Model | None:
    """Return the model in force, None when there is none or this release can't use it: the rules then decide alone.

    It can't when the bytes don't match their digest or another release made them. Each process keeps the last few
    it read; reading one takes some 40 ms.
    """
    row = latest_version(session)
    if row is None:
        return None
    key = f"{row.version}:{row.sha256}"
    return _kept[key] if key in _kept else _read(row, key)


def _read(row: RoutingModel, key: str) -> Model | None:
    if row.content is None or digest(row.content) != row.sha256:
        return None
    model = _understood(row.content, row.version)
    with _lock:
        if len(_kept) >= 4:
            _kept.clear()
        _kept[key] = model
    return model


def _understood(content: bytes, version: int) -> Model | None:
    try:
        return read_model(content, version)
    except Invalid:
        log.warning("version %s of the learned model is none that this release reads", version)
        return None


def corrections(session: Session, on: date) -> list[Example]:
    """Return what people placed by hand, newest first, the bodies by the codes that they have on the day.

    Nothing of a restricted matter is ever learned from.
    """
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
    codes = _body_codes(session, on)
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


def _body_codes(session: Session, on: date) -> dict[int, str]:
    """Return each body's newest code that began by the day; of one that begins later its first."""
    rows = session.execute(
        select(BodyVersion.body_id, BodyVersion.code, BodyVersion.valid_from).order_by(BodyVersion.valid_from)
    )
    codes: dict[int, str] = {}
    for row in rows:
        if row.valid_from <= on or row.body_id not in codes:
            codes[row.body_id] = row.code
    return codes
