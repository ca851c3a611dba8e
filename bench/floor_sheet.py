"""The floor under posting a sheet: a bare Flask and Flask-SQLAlchemy view that inserts the same rows.

It validates, routes, scores, dates and signs nothing: it copies the rows of one real sheet with new keys.
Started by ``bench.sheets`` under the same gunicorn on a copy of the same database.
"""

import json
import os
import uuid
from typing import Any

import sqlalchemy as sa
from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy

from tracker.db.base import Base
from tracker.db.engine import WRITING, prepare_engine
from tracker.db.tables.audit import AuditRow
from tracker.db.tables.clocks import Clock
from tracker.db.tables.meetings import Assessment, Conclusion, Meeting
from tracker.db.tables.notices import Notice
from tracker.db.tables.tickets import Ticket, TicketEvent

OF_MEETING = (Conclusion, Assessment)
OF_TICKET = (TicketEvent, Clock, Notice)


def create_app() -> Flask:
    """Return the bare application on the database named by FLOOR_DATABASE."""
    app = Flask("floor")
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["FLOOR_DATABASE"]
    db = SQLAlchemy(app, metadata=Base.metadata)
    with app.app_context():
        prepare_engine(db.engine)
        pattern = _pattern(db)

    @app.post("/")
    def insert() -> dict[str, int]:
        json.dumps(request.form.to_dict())  # the form is parsed, as ours must be
        db.session.connection(execution_options=WRITING)
        meeting = Meeting(**pattern["meeting"], request_key=uuid.uuid4().hex)
        db.session.add(meeting)
        db.session.flush()
        tickets = [
            Ticket(**row, number=uuid.uuid4().hex[:30], meeting_id=meeting.id) for row in pattern["tickets"]
        ]
        db.session.add_all(tickets)
        db.session.flush()
        db.session.add_all(kind(**row, meeting_id=meeting.id) for kind, row in pattern["of_meeting"])
        for kind, row, position in pattern["of_ticket"]:
            more = {"event_key": uuid.uuid4().hex} if kind is Notice else {}
            db.session.add(kind(**row, **more, ticket_id=tickets[position].id))
        last = db.session.scalar(sa.select(sa.func.max(AuditRow.seq))) or 0
        db.session.add_all(
            AuditRow(**row, seq=last + step) for step, row in enumerate(pattern["audit"], start=1)
        )
        db.session.commit()
        return {"meeting": meeting.id}

    return app


def _pattern(db: SQLAlchemy) -> dict[str, Any]:
    """Return the rows of the newest sheet, without the keys that must differ."""
    meeting = db.session.scalars(sa.select(Meeting).order_by(Meeting.id.desc()).limit(1)).one()
    tickets = db.session.scalars(sa.select(Ticket).where(Ticket.meeting_id == meeting.id)).all()
    place = {ticket.id: index for index, ticket in enumerate(tickets)}
    of_ticket = [
        (kind, _values(row, "id", "ticket_id", "event_key"), place[row.ticket_id])
        for kind in OF_TICKET
        for row in db.session.scalars(sa.select(kind).where(kind.ticket_id.in_(place)))
    ]
    of_meeting = [
        (kind, _values(row, "id", "meeting_id"))
        for kind in OF_MEETING
        for row in db.session.scalars(sa.select(kind).where(kind.meeting_id == meeting.id))
    ]
    audit = db.session.scalars(
        sa.select(AuditRow).order_by(AuditRow.seq.desc()).limit(len(tickets) + 2)
    ).all()
    return {
        "meeting": _values(meeting, "id", "request_key"),
        "tickets": [_values(ticket, "id", "number", "meeting_id") for ticket in tickets],
        "of_meeting": of_meeting,
        "of_ticket": of_ticket,
        "audit": [_values(row, "seq") for row in audit],
    }


def _values(row: Base, *without: str) -> dict[str, Any]:
    names = [column.key for column in sa.inspect(type(row)).column_attrs if column.key not in without]
    return {name: getattr(row, name) for name in names}
