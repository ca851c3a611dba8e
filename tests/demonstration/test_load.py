"""The demonstration data in a real database: the constraints hold, the chain is whole, and it is loaded once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.demonstration.conftest import KEY, wired
from tracker.adapters.passwords import is_password
from tracker.adapters.queue import RecordingQueue
from tracker.db.base import Base
from tracker.db.reading.audit import chain, head
from tracker.db.tables.org import Unit as UnitRow
from tracker.db.tables.org import UnitVersion
from tracker.db.tables.people import Account
from tracker.db.tables.reports import QuarterReport
from tracker.db.tables.tickets import Raiser, Ticket
from tracker.demonstration.accounts import LOGINS, PASSWORD
from tracker.demonstration.arguments import DemoArguments, DemoReport
from tracker.demonstration.load import load
from tracker.demonstration.reporting import ask_first_reports
from tracker.domain.audit import first_break
from tracker.domain.errors import Conflict
from tracker.domain.people import SYSTEM
from tracker.services.escalation import sweep
from tracker.services.reports import COMPILE
from tracker.services.unit import Wiring, unit_of_work

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


SMALL = DemoArguments(as_of=NOW.date(), branches=24, quarters=2, tickets=90, random_seed=7)


def load_all(wiring: Wiring, arguments: DemoArguments) -> DemoReport:
    with unit_of_work(wiring, actor=SYSTEM, now=NOW) as unit:
        return load(unit, arguments)


@pytest.fixture(scope="module")
def report(wiring: Wiring) -> DemoReport:
    """What a small demonstration left in the database."""
    return load_all(wiring, SMALL)


@pytest.fixture
def session(wiring: Wiring, report: DemoReport) -> Iterator[Session]:
    session = wiring.session()
    yield session
    session.rollback()


def test_the_rows_are_in_the_tables_with_their_constraints(session: Session, report: DemoReport) -> None:
    for name, count in report.rows.items():
        table = Base.metadata.tables[name]
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == count, name
    assert report.rows["ticket"] == 90


def test_the_audit_chain_is_whole_and_holds_no_words(session: Session) -> None:
    links = list(chain(session))
    assert first_break(KEY, links, head=head(session), anchor=None) is None
    assert len(links) > 90
    texts = session.scalars(sa.select(Ticket.text)).all()
    bodies = "\n".join(link.body for link in links)
    assert not [text for text in texts if text in bodies]


def test_the_shared_password_opens_the_printed_log_ins(session: Session) -> None:
    names = {login.username for login in LOGINS}
    found = session.execute(
        sa.select(Account.username, Account.password_hash).where(Account.username.in_(names))
    ).all()
    assert names - {name for name, _ in found} <= {"bithu.phuluu1"}  # a branch that a small one may lack
    assert len(PASSWORD) >= 12
    assert len({password_hash for _, password_hash in found}) == 1
    assert is_password(found[0].password_hash, PASSWORD)


def test_the_names_of_raisers_are_sealed(session: Session, wiring: Wiring) -> None:
    sealed = session.scalars(sa.select(Raiser.sealed_name)).all()
    assert sealed
    assert all(len(wiring.seal.open(name).split()) == 3 for name in sealed)


def test_a_database_with_people_in_it_is_left_alone(wiring: Wiring, session: Session) -> None:
    with pytest.raises(Conflict, match="trống"):
        load_all(wiring, SMALL)


def test_a_sweep_right_after_the_load_finds_nothing_to_catch_up_with(
    wiring: Wiring, report: DemoReport
) -> None:
    assert not sweep(wiring, SMALL.moment + timedelta(seconds=1), dry_run=True).escalated
    a_month_later = sweep(wiring, SMALL.moment + timedelta(days=30), dry_run=True)
    assert a_month_later.escalated
    assert not a_month_later.skipped


def test_ids_go_on_after_those_that_were_loaded(session: Session, report: DemoReport) -> None:
    row = UnitRow()
    session.add(row)
    session.flush()
    assert row.id == report.rows["unit"] + 1


@pytest.mark.slow
def test_the_whole_demonstration_loads(tmp_path: Path) -> None:
    for wiring in wired(f"sqlite:///{tmp_path / 'whole.sqlite'}"):
        report = load_all(wiring, DemoArguments(as_of=NOW.date()))
    print(f"demonstration loaded in {report.seconds:.1f} s: {report.rows}")
    assert report.rows["ticket"] == 600
    assert report.rows["meeting"] > 2500


def test_the_offices_ask_for_the_last_whole_quarter_once(wiring: Wiring, report: DemoReport) -> None:
    asked = ask_first_reports(wiring, NOW)
    again = ask_first_reports(wiring, NOW)

    session = wiring.session()
    rows = session.execute(
        sa.select(QuarterReport.quarter, QuarterReport.state, UnitVersion.name, Account.username)
        .join(UnitVersion, UnitVersion.unit_id == QuarterReport.unit_id)
        .join(Account, Account.id == QuarterReport.requested_by)
        .order_by(QuarterReport.id)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("2026Q3", "waiting", "Đảng ủy phường Từ Sơn", "vanphong.tuson"),
        ("2026Q3", "waiting", "Tỉnh ủy Bắc Ninh", "vanphong.bacninh"),
    ]
    assert (len(asked), again) == (2, [])
    assert isinstance(wiring.queue, RecordingQueue)
    assert [job for job in wiring.queue.jobs if job[0] == COMPILE] == [
        (COMPILE, (one,), "reports") for one in asked
    ]
