"""What the running processes last told about themselves."""

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tracker.db.tables.runtime import Heartbeat


def heartbeats(session: Session) -> dict[str, datetime]:
    """Return when each named thing last did its work (aware, UTC)."""
    return {name: at for name, at in session.execute(select(Heartbeat.name, Heartbeat.at))}


def check_database(session: Session) -> None:
    """Return when the database answers and has its tables; raise SQLAlchemy's error otherwise."""
    session.execute(text("SELECT name FROM heartbeat WHERE name = ''"))
