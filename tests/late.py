"""Tickets whose answers are late, put into the database directly: say only what matters to the test."""

from datetime import date, datetime, timedelta
from itertools import count

from sqlalchemy import insert

from tests.conftest import NOW
from tests.makers import Makers
from tracker.db.base import db
from tracker.db.tables.clocks import Clock
from tracker.db.tables.meetings import Meeting
from tracker.db.tables.tickets import Ticket
from tracker.domain.dates import ZONE
from tracker.domain.people import Actor, Role

FILED = datetime(2026, 11, 2, 8, 0, tzinfo=ZONE)
DUE = datetime(2026, 11, 16, 17, 0, tzinfo=ZONE)
"""Ten working days after ``FILED``. ``NOW`` lies six working days after it: levels 1 to 4 are reached."""


SOON = FILED + timedelta(days=1)


class Late:
    """A ward with all its offices held, and tickets of one of its branches that wait for its body."""

    def __init__(self, make: Makers) -> None:
        self.make = make
        self.province, self.ward, self.branch = make.ward()
        self.body = make.body("UBND_KTHT", self.ward, "Phòng Kinh tế, Hạ tầng và Đô thị")
        self.secretary = make.person(Role.BRANCH_SECRETARY, self.branch, "bithu")
        self.official = make.person(Role.OFFICIAL, self.body, "canbo")
        self.head = make.person(Role.BODY_HEAD, self.body, "truongphong")
        self.office = make.person(Role.OFFICE, self.ward, "vanphong")
        self.member = make.person(Role.COMMITTEE_MEMBER, self.branch, "capuyvien")
        self.standing = make.person(Role.STANDING_MEMBERS, self.ward, "thuongtruc")
        self.board = make.person(Role.STANDING_COMMITTEE, self.ward, "banthuongvu")
        self._count = count(1)
        self._meeting = self._held(self.secretary)

    def _held(self, by: Actor) -> int:
        meeting = Meeting(
            request_key="late",
            branch_id=self.branch,
            committee_id=self.ward,
            kind="regular",
            held_on=FILED.date(),
            month=date(2026, 11, 1),
            starts_at=FILED - timedelta(hours=2),
            ends_at=FILED,
            place="Nhà văn hóa thôn",
            chair="Nguyễn Văn Chủ",
            minute_taker="Trần Thị Ghi",
            **dict.fromkeys(
                ("probationary", "exempt", "temp_exempt", "special_duty", "excused", "unexcused"), 0
            ),
            official=20,
            present=20,
            submitted_by=by.account_id,
            submitted_at=FILED,
        )
        db.session.add(meeting)
        db.session.commit()
        return meeting.id

    def tickets(self, number: int = 1, *, next_at: datetime = SOON, **more: object) -> list[int]:
        """Return the ids of so many new tickets, each filed at ``FILED`` and due at ``DUE``, to be swept at ``next_at``."""
        values = {
            "meeting_id": self._meeting,
            "branch_id": self.branch,
            "committee_id": self.ward,
            "kind": "petition",
            "raiser_kind": "member",
            "category": "ha_tang",
            "urgency": "thuong",
            "text": "Rãnh thoát nước bị tắc",
            "because": [],
            "body_id": self.body,
            "status": "routed",
            "raised_on": FILED.date(),
            "filed_at": FILED,
            "due_at": DUE,
        } | more
        positions = [next(self._count) for _ in range(number)]
        rows = [values | {"position": one, "number": f"TAS-2026-{one:04d}"} for one in positions]
        ids = list(
            db.session.scalars(insert(Ticket).returning(Ticket.id, sort_by_parameter_order=True), rows)
        )
        if values["due_at"]:
            clock = {
                "kind": "answer",
                "round": values.get("reopened_count", 0) + 1,
                "rule_code": "answer_default",
                "started_at": values["filed_at"],
                "next_at": next_at,
            }
            db.session.execute(
                insert(Clock), [clock | {"ticket_id": one, "due_at": values["due_at"]} for one in ids]
            )
        db.session.commit()
        return ids


__all__ = ["DUE", "FILED", "NOW", "Late"]
