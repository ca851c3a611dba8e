"""What comes due, what climbed, the dry run and the operator's page in a real browser, on a phone and a desktop."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from tests.browser.conftest import DESKTOP, PHONE, Site, faults, leave, overflow
from tests.conftest import NOW
from tests.late import Late
from tracker.db.base import db
from tracker.db.tables.clocks import Clock, SetAside
from tracker.domain.dates import ZONE
from tracker.domain.people import Actor, Role
from tracker.services.escalation import sweep

pytestmark = pytest.mark.browser

SOON = datetime(2026, 11, 27, 17, 0, tzinfo=ZONE)


def blemishes(site: Site, page: Page, addresses: tuple[str, ...]) -> list[str]:
    """Return what is wrong with the addresses on both screens: faults that axe knows, what is wider than the screen."""
    found = []
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        for address in addresses:
            page.goto(site.url + address)
            found += [f"{address}: {fault}" for fault in faults(page)]
            found += [f"{address}: too wide"] if overflow(page) > 0 else []
    return found


def test_the_screens_of_clocks_and_of_operation_are_clean(site: Site, enter: Callable[[Actor], Page]) -> None:
    late = Late(site.make)
    site.make.body(
        "DVCI", late.ward, "Trung tâm Dịch vụ công ích và Quản lý hạ tầng kỹ thuật đô thị phường Từ Sơn"
    )
    late.tickets(3, due_at=SOON)
    late.tickets(2, due_at=SOON + timedelta(days=4))
    climbed = late.tickets(2)
    sweep(site.make.wiring, NOW)
    late.tickets(2)
    clock = db.session.scalars(select(Clock).where(Clock.ticket_id == climbed[0])).one()
    db.session.add(
        SetAside(
            clock_id=clock.id,
            failures=3,
            since=NOW,
            retry_at=NOW + timedelta(hours=1),
            error="Không xử lý được, sẽ thử lại sau (KeyError)",
        )
    )
    db.session.commit()
    page = enter(late.office)
    addresses = (
        "/sap-den-han",
        "/da-don-doc",
        "/don-doc-thu",
        "/",
        "/sap-den-han?ngay=31/11/2026",
        "/da-don-doc?tu=mai",
    )
    assert blemishes(site, page, addresses) == []
    leave(page)
    enter(site.make.person(Role.ADMINISTRATOR, late.province))
    assert blemishes(site, page, ("/van-hanh", "/don-doc-thu")) == []
