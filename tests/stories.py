"""One ward with a branch, bodies and the people of the story, and what they do one after another."""

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa

from tests.makers import Makers
from tests.sheets import concern, sheet
from tracker.db.base import db
from tracker.db.tables.tickets import Ticket
from tracker.domain.people import Actor, Role
from tracker.services import meetings
from tracker.services.reference import Reference, reference_on
from tracker.services.unit import unit_of_work

LIGHTS = "Đèn đường tắt năm bóng ở ngõ 12, tối không ai dám đi"
ANSWER = "Đã thay năm bóng đèn ngày 24/11, mời bà con kiểm tra."
RESTRICTED = "Đồng chí cán bộ phường thái độ hách dịch với dân"
UNPLACED = "Chuyện hôm nọ thế nào rồi thì chúng tôi cũng chưa rõ"


class Ward:
    """A ward as the tests of screens need it; each act is a unit of work of its own."""

    def __init__(self, make: Makers, clock: Callable[[], Any]) -> None:
        self.make, self.clock = make, clock
        self.province, self.ward, self.branch = make.ward()
        self.body = make.body("UBND_KTHT", self.ward, "Phòng Kinh tế, Hạ tầng và Đô thị")
        self.other = make.body("DV_DIEN", None, "Điện lực", kind="outside", in_chain=False)
        self.commission = make.body("DU_UBKT", self.ward, "Ủy ban kiểm tra", kind="party")
        self.secretary = make.person(Role.BRANCH_SECRETARY, self.branch, "bithu")
        self.official = make.person(Role.OFFICIAL, self.body, "canbo")
        self.head = make.person(Role.BODY_HEAD, self.body, "truongphong")
        self.office = make.person(Role.OFFICE, self.ward, "vanphong")
        self.inspector = make.person(Role.INSPECTION, self.ward, "kiemtra")
        self.leader = make.person(Role.STANDING_MEMBERS, self.ward, "thuongtruc")
        self.sheets = 0

    @property
    def reference(self) -> Reference:
        return reference_on(db.session(), date(2026, 11, 25))

    def do(self, actor: Actor, act: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Run one service call in a unit of work and return what it returns."""
        reference = self.reference
        with unit_of_work(self.make.wiring, actor=actor, now=self.clock()) as unit:
            return act(*args, unit=unit, reference=reference, **more)

    def file(self, *texts: str, **more: Any) -> list[int]:
        """File the texts as concerns of one more meeting; return the tickets' ids in their order."""
        self.sheets += 1
        command = sheet(
            self.branch,
            request_key=f"sheet-{self.sheets}",
            kind="regular" if self.sheets == 1 else "thematic",
            concerns=tuple(concern(text, **more) for text in texts),
        )
        meeting_id = self.do(self.secretary, meetings.submit_sheet, command)
        found = db.session.scalars(
            sa.select(Ticket.id).where(Ticket.meeting_id == meeting_id).order_by(Ticket.position)
        )
        return list(found)

    def ticket(self, ticket_id: int) -> Ticket:
        db.session.rollback()
        return db.session.get_one(Ticket, ticket_id)
