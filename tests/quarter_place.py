"""A province, a ward and what a test puts below it, row by row, to compile a quarter from."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from tracker.db.reading.quarter import QuarterRows, quarter_rows
from tracker.db.reading.quarter_concerns import concern_rows
from tracker.db.tables.meetings import Assessment, Meeting
from tracker.db.tables.org import Body, BodyVersion, Unit, UnitVersion
from tracker.db.tables.people import Account
from tracker.db.tables.tickets import Response, Ticket
from tracker.domain.assessments import ScoreLine
from tracker.domain.dates import ZONE, Quarter
from tracker.domain.quarter import TicketRow

Q3 = Quarter(2026, 3)
CUTOFF = date(2026, 9, 30)
NOW = datetime(2026, 10, 2, 8, tzinfo=ZONE)


def at(day: date, hour: int = 20) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


class Place:
    """A province, a ward and what a test puts below it; everything is flushed at once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._number = count(1)
        account = Account(username="a", display_name="A", password_hash="x", created_at=NOW)
        self.account = self.keep(account).id
        self.province = self.unit("provincial_committee", "Tỉnh ủy Bắc Ninh", None)
        self.ward = self.unit("party_committee", "Đảng ủy phường Từ Sơn", self.province)
        self.body = self.keep(Body()).id
        self.keep(
            BodyVersion(
                body_id=self.body,
                code="CA_PHUONG",
                name="Công an phường",
                kind="government",
                valid_from=date(2025, 7, 1),
            )
        )

    def keep(self, row):
        self.session.add(row)
        self.session.flush()
        return row

    def unit(self, kind: str, name: str, parent: int | None, **more) -> int:
        unit = self.keep(Unit())
        values = {
            "unit_id": unit.id,
            "code": f"U{unit.id:04d}",
            "name": name,
            "kind": kind,
            "branch_type": "khu_pho" if kind == "branch" else None,
            "parent_id": parent,
            "valid_from": date(2025, 7, 1),
        }
        self.keep(UnitVersion(**{**values, **more}))
        return unit.id

    def branch(self, name: str = "Chi bộ Hồi Quan", **more) -> int:
        return self.unit("branch", name, more.pop("parent", self.ward), **more)

    def meeting(self, branch: int, on: date, **more) -> int:
        values = {
            "request_key": f"key-{next(self._number)}",
            "branch_id": branch,
            "committee_id": self.ward,
            "kind": "regular",
            "held_on": on,
            "month": on.replace(day=1),
            "starts_at": at(on, 19),
            "ends_at": at(on, 21),
            "place": "Nhà văn hóa",
            "chair": "Đ/c A",
            "minute_taker": "Đ/c B",
            "official": 20,
            "probationary": 1,
            "exempt": 1,
            "temp_exempt": 0,
            "special_duty": 0,
            "present": 18,
            "excused": 1,
            "unexcused": 1,
            "submitted_by": self.account,
            "submitted_at": at(on, 22),
        }
        return self.keep(Meeting(**{**values, **more})).id

    def score(self, meeting: int, source: str, total: int, grade: str, **more) -> None:
        values = {
            "meeting_id": meeting,
            "source": source,
            "rubric_code": "hd42",
            "total": total,
            "reachable": 100,
            "grade": grade,
            "lines": [
                asdict(ScoreLine(code, "chuan_bi", "x", 5, points, "", False))
                for code, points in (("c1", 4), ("c2", 5), ("c3", None))
            ],
            "decided_by": self.account,
            "decided_at": at(date(2026, 9, 10)),
        }
        self.keep(Assessment(**{**values, **more}))

    def ticket(self, branch: int, meeting: int, on: date, **more) -> int:
        number = next(self._number)
        values = {
            "number": f"TS-{number:06d}",
            "meeting_id": meeting,
            "position": number,
            "branch_id": branch,
            "committee_id": self.ward,
            "kind": "petition",
            "raiser_kind": "member",
            "category": "ha_tang",
            "urgency": "thuong",
            "text": "Đường thôn ngập nước",
            "because": [],
            "body_id": self.body,
            "status": "routed",
            "raised_on": on,
            "filed_at": at(on, 22),
            "due_at": at(on + timedelta(days=14), 17),
        }
        return self.keep(Ticket(**{**values, **more})).id

    def answer(self, ticket: int, told_in: int | None, accepted: bool | None = None) -> None:
        self.keep(
            Response(
                ticket_id=ticket, round=1, text="Đã sửa", answered_by=self.account,
                answered_at=at(date(2026, 7, 10)), told_meeting_id=told_in, is_accepted=accepted,
            )
        )  # fmt: skip

    def rows(self, unit: int | None = None, cutoff: date = CUTOFF) -> QuarterRows:
        return quarter_rows(self.session, unit or self.ward, Q3.start, Q3.end, cutoff, NOW)

    def tickets(self) -> list[TicketRow]:
        return concern_rows(self.session, self.rows().regard)
