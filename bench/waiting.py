"""A ward of 241 branches and any number of open tickets that wait for their bodies, put into a database by SQL."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from tracker.db.base import Base
from tracker.db.tables.clocks import Clock, Escalation
from tracker.db.tables.meetings import Meeting
from tracker.db.tables.org import Body, BodyVersion, Unit, UnitVersion
from tracker.db.tables.people import Account, RoleGrant
from tracker.db.tables.tickets import Ticket
from tracker.domain.dates import ZONE

FILED = datetime(2026, 11, 2, 8, 0, tzinfo=ZONE)
DUE = datetime(2026, 11, 16, 17, 0, tzinfo=ZONE)
SINCE = date(2025, 7, 1)
BRANCHES, BODIES = 241, 12


class Place:
    """The ward in one database; ``add`` puts tickets into it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last = 0
        with engine.begin() as connection:
            _fill(connection)

    def add(self, tickets: int, next_at: datetime, due_at: datetime = DUE) -> None:
        """Add so many open tickets that were reminded of already and have something to do at the given time."""
        if tickets < 1:
            return
        number = _numbers(self._last + 1, self._last + tickets)
        self._last += tickets
        with self._engine.begin() as connection:
            _insert(connection, Ticket, _ticket(number, due_at))
            _insert(connection, Clock, _clock(number, next_at, due_at))
            _insert(connection, Escalation, _reminder(number, due_at))

    def analyze(self) -> None:
        """Bring the planner's statistics up to date, as after any bulk load."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")


def _numbers(first: int, last: int) -> sa.ColumnElement[int]:
    """Return a column of the numbers from first to last, both included, made by the database."""
    begin = sa.select(sa.literal(first).label("number")).cte("numbers", recursive=True)
    step = sa.select(begin.c.number + 1).where(begin.c.number < last)
    return begin.union_all(step).c.number


def _insert(connection: Connection, table: type[Base], values: dict[str, Any]) -> None:
    """Insert a row a number; what isn't made of the number is the same in each."""
    columns = {
        name: value
        if isinstance(value, sa.ColumnElement)
        else sa.literal(value, table.__table__.c[name].type)
        for name, value in values.items()
    }
    connection.execute(sa.insert(table).from_select(list(columns), sa.select(*columns.values())))


def _fill(connection: Connection) -> None:
    ward, branches = 1, range(2, 2 + BRANCHES)
    connection.execute(sa.insert(Unit), [{"id": one} for one in (ward, *branches)])
    units = [
        {"unit_id": ward, "code": "W", "name": "Đảng ủy phường", "kind": "party_committee", "parent_id": None}
    ]
    units += [
        {"unit_id": one, "code": f"B{one}", "name": f"Chi bộ {one}", "kind": "branch", "parent_id": ward}
        for one in branches
    ]
    connection.execute(sa.insert(UnitVersion), [unit | {"valid_from": SINCE} for unit in units])
    bodies = range(1, 1 + BODIES)
    connection.execute(sa.insert(Body), [{"id": one} for one in bodies])
    named = {"kind": "government", "committee_id": ward, "valid_from": SINCE}
    connection.execute(
        sa.insert(BodyVersion),
        [named | {"body_id": one, "code": f"D{one}", "name": f"Đơn vị {one}"} for one in bodies],
    )
    _appoint(connection, bodies)
    connection.execute(sa.insert(Meeting), [_meeting(one, ward) for one in branches])


def _appoint(connection: Connection, bodies: range) -> None:
    accounts = [
        {
            "id": one,
            "username": f"n{one}",
            "display_name": f"Đ/c {one}",
            "email": f"n{one}@example.vn",
            "password_hash": "-",
            "created_at": FILED,
        }
        for one in range(1, 1 + 2 * BODIES)
    ]
    connection.execute(sa.insert(Account), accounts)
    roles = [("official", one, one) for one in bodies] + [("body_head", one, BODIES + one) for one in bodies]
    connection.execute(
        sa.insert(RoleGrant),
        [
            {"role": role, "body_id": body, "account_id": who, "valid_from": SINCE}
            for role, body, who in roles
        ],
    )


def _meeting(branch: int, ward: int) -> dict[str, Any]:
    counts = ("probationary", "exempt", "temp_exempt", "special_duty", "excused", "unexcused")
    return dict.fromkeys(counts, 0) | {
        "id": branch,
        "request_key": f"m{branch}",
        "branch_id": branch,
        "committee_id": ward,
        "kind": "regular",
        "held_on": FILED.date(),
        "month": date(2026, 11, 1),
        "starts_at": FILED - timedelta(hours=2),
        "ends_at": FILED,
        "place": "Nhà văn hóa",
        "chair": "Chủ trì",
        "minute_taker": "Thư ký",
        "official": 20,
        "present": 20,
        "submitted_by": 1,
        "submitted_at": FILED,
    }


def _ticket(number: sa.ColumnElement[int], due_at: datetime) -> dict[str, Any]:
    branch = 2 + number % BRANCHES
    return {
        "id": number,
        "number": "TS-2026-" + sa.cast(number, sa.String),
        "meeting_id": branch,
        "position": number,
        "branch_id": branch,
        "committee_id": 1,
        "kind": "petition",
        "raiser_kind": "member",
        "category": "ha_tang",
        "urgency": "thuong",
        "text": "Rãnh thoát nước trước nhà văn hóa bị tắc, mưa to là nước tràn vào nhà dân",
        "because": [],
        "body_id": 1 + number % BODIES,
        "status": "routed",
        "raised_on": FILED.date(),
        "filed_at": FILED,
        "due_at": due_at,
        "level": 1,
    }


def _clock(number: sa.ColumnElement[int], next_at: datetime, due_at: datetime) -> dict[str, Any]:
    return {
        "ticket_id": number,
        "kind": "answer",
        "rule_code": "answer_default",
        "started_at": FILED,
        "due_at": due_at,
        "next_at": next_at,
    }


def _reminder(number: sa.ColumnElement[int], due_at: datetime) -> dict[str, Any]:
    at = due_at - timedelta(days=4)
    return {
        "ticket_id": number,
        "clock": "answer",
        "level": 1,
        "rung_code": "reminder",
        "due_at": due_at,
        "reached_at": at,
        "climbed_at": at,
        "because": "Đã qua 70% thời hạn.",
    }
