"""What a secretary does on the sheet's page, and what is looked at after it."""

from collections.abc import Callable
from datetime import date, datetime

from playwright.sync_api import Page
from sqlalchemy import func, select

from tests.browser.conftest import Site
from tracker.db.base import db
from tracker.domain.people import Actor
from tracker.domain.sheets import SubmitSheet
from tracker.services.meetings import submit_sheet
from tracker.services.reference import reference_on
from tracker.services.unit import Unit, unit_of_work


def at(site: Site, actor: Actor, now: datetime, work: Callable[[Unit], object]) -> None:
    """Do a piece of work at another time than the site's."""
    with unit_of_work(site.make.wiring, actor=actor, now=now) as unit:
        work(unit)


def submit(site: Site, actor: Actor, now: datetime, command: SubmitSheet) -> None:
    """Send a sheet at that time, past the screen."""
    at(
        site,
        actor,
        now,
        lambda u: submit_sheet(command, unit=u, reference=reference_on(u.session, now.date())),
    )


def rows(table: type) -> int:
    """Return how many rows the site's database holds."""
    db.session.rollback()
    found = db.session.execute(select(func.count()).select_from(table)).scalar_one()
    db.session.rollback()
    return found


def on_device(page: Page) -> int:
    """Return how many sheets the browser keeps that the server hasn't confirmed."""
    return page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('sheet:')).length")


def fill_meeting(page: Page, on: date = date(2026, 11, 3)) -> None:
    """Fill in when the meeting was and who came; the rest stands there from the last sheet."""
    page.get_by_label("Ngày họp").fill(on.strftime("%d/%m/%Y"))
    page.get_by_label("Bắt đầu").press_sequentially("1900")
    page.get_by_label("Kết thúc").press_sequentially("2045")
    page.get_by_label("Có mặt").fill("25")
    page.get_by_label("Vắng có lý do").fill("2")


def raise_concern(page: Page, text: str) -> None:
    """Add a concern below the others."""
    page.get_by_role("button", name="Thêm ý kiến").click()
    page.locator("[data-concern]").last.get_by_label("Nội dung", exact=True).fill(text)
