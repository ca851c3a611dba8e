"""Before anything runs: the database at the newest revision, the shipped rules in it, a first content."""

from flask import Flask
from sqlalchemy import select, text

from tracker.db import migrating
from tracker.db.base import db
from tracker.db.seed import load_reference
from tracker.db.tables.org import Unit as UnitRow
from tracker.db.tables.people import Account
from tracker.demonstration.accounts import LOGINS, PASSWORD
from tracker.demonstration.arguments import DemoArguments, DemoReport
from tracker.demonstration.load import load
from tracker.demonstration.reporting import ask_first_reports
from tracker.domain.dates import local_date
from tracker.domain.people import SYSTEM
from tracker.paths import DataFolder
from tracker.services.learning import learn_anew
from tracker.services.unit import unit_of_work
from tracker.web.context import Parts


def upgrade_database() -> None:
    """Run the missing migrations and add the shipped rules that are missing; commits. Safe to run again.

    Needs an application context. The rules are no one's decision, so they aren't part of a unit of work.
    """
    migrating.upgrade(db.engine)
    load_reference(db.session())
    db.session.commit()


def ready_database(parts: Parts) -> None:
    """Upgrade the database, and learn where concerns go; commits.

    Learning takes some 4 s, and only when an example, a rule or a correction is new since the last version.
    """
    upgrade_database()
    learn_anew(parts.wiring, parts.clock())


def load_demonstration(parts: Parts, arguments: DemoArguments) -> DemoReport:
    """Load the demonstration data into an empty database and commit; raise Conflict when it isn't empty."""
    with unit_of_work(parts.wiring, actor=SYSTEM, now=parts.clock()) as unit:
        report = load(unit, arguments)
    # Without figures about the tables, lists were 14 times slower after a bulk load.
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    return report


def prepare(app: Flask, *, demo: bool) -> None:
    """Bring the database up to date; fill an empty one with the demonstration's content when asked to."""
    with app.app_context():
        parts: Parts = app.extensions["tracker"]
        ready_database(parts)
        if demo and _is_empty():
            load_demonstration(parts, DemoArguments(as_of=local_date(parts.clock())))
        if demo:
            ask_first_reports(parts.wiring, parts.clock())
        write_greeting(parts.settings.folder)
        db.session.remove()
        db.engine.dispose()


def write_greeting(folder: DataFolder) -> None:
    """Keep the demonstration's log-ins, one a role, for the supervisor to print; none without such accounts."""
    page = folder.run / "greeting.txt"
    known = set(db.session.scalars(select(Account.username).where(Account.username.in_(_names()))))
    lines = [f"  {one.username:22} {one.who}" for one in LOGINS if one.username in known]
    if not lines:
        page.unlink(missing_ok=True)
        return
    page.write_text("\n".join([f"Đăng nhập thử, mật khẩu chung: {PASSWORD}", *lines, ""]), "utf-8")


def _names() -> list[str]:
    return [one.username for one in LOGINS]


def _is_empty() -> bool:
    units = db.session.scalar(select(UnitRow.id).limit(1))
    return units is None and db.session.scalar(select(Account.id).limit(1)) is None
