"""Makes a database of any number of tickets out of the demonstration's few hundred, by SQL alone."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from tracker.db.tables.clocks import Clock, Escalation
from tracker.db.tables.tickets import Response, Ticket, TicketEvent

_CHILDREN: tuple[type[Any], ...] = (TicketEvent, Response, Clock, Escalation)


def grow(engine: Engine, tickets: int) -> int:
    """Clone the tickets with all that belongs to them until there are so many; return how many there are.

    States, dates and bodies keep their shares. Ends with ANALYZE, as after any bulk load.
    """
    with engine.begin() as connection:
        (have,) = connection.execute(sa.select(sa.func.count()).select_from(Ticket)).one()
        if have > tickets:
            _cut(connection, tickets)
        for number in range(1, -(-tickets // have)):
            _clone(connection, number, most=tickets - number * have)
        if connection.dialect.name == "postgresql":
            for table in (Ticket, *_CHILDREN):
                name = table.__tablename__
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"  # noqa: S608
                )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return max(have, tickets)


def _cut(connection: Connection, tickets: int) -> None:
    raise ValueError(f"the demonstration has more than {tickets} tickets already")


def _clone(connection: Connection, number: int, most: int) -> None:
    """Add one more copy of the first tickets, at most so many; ids are moved by a million a copy."""
    shift = number * 1_000_000
    first = sa.select(Ticket.id).where(Ticket.id < 1_000_000).order_by(Ticket.id).limit(most)
    changed = {
        "number": sa.literal(f"C{number}-") + Ticket.number,
        "position": Ticket.position + number * 100,
    }
    _copy(connection, Ticket, shift, changed, Ticket.id.in_(first.scalar_subquery()))
    for table in _CHILDREN:
        moved = {"ticket_id": table.ticket_id + shift}
        _copy(connection, table, shift, moved, table.ticket_id.in_(first.scalar_subquery()))


def _copy(connection: Connection, table: Any, shift: int, changed: dict[str, Any], which: Any) -> None:
    columns = [column.key for column in table.__table__.columns]
    values = {"id": table.id + shift} | changed
    query = sa.select(*(values.get(key, getattr(table, key)) for key in columns)).where(which)
    connection.execute(sa.insert(table).from_select(columns, query))
