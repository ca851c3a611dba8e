"""The shipped rules, the whole simulation's rows once a run, and empty databases to load into."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from tests.demonstration.rows import AS_OF, Rows, gather
from tracker.adapters.queue import RecordingQueue
from tracker.adapters.sealing import Seal
from tracker.db.base import Base
from tracker.db.engine import prepare_engine
from tracker.db.seed.deadlines import seed_deadlines
from tracker.db.seed.routing import seed_routing
from tracker.db.seed.rubrics import seed_rubrics
from tracker.db.seed.singles import seed_singles
from tracker.demonstration.arguments import DemoArguments
from tracker.demonstration.load import read_rules
from tracker.demonstration.timing import Rules
from tracker.services.unit import Wiring

KEY = bytes(range(32))


def prepared(url: str) -> sa.Engine:
    """Return an engine on a database with all tables and the shipped rules, and nobody in it."""
    engine = sa.create_engine(url)
    prepare_engine(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for seed in (seed_singles, seed_deadlines, seed_routing, seed_rubrics):
            seed(session)
        session.commit()
    return engine


@pytest.fixture(scope="session")
def rules() -> Iterator[Rules]:
    with tempfile.TemporaryDirectory() as folder:
        engine = prepared(f"sqlite:///{Path(folder) / 'rules.sqlite'}")
        with Session(engine) as session:
            yield read_rules(session, AS_OF)
        engine.dispose()


@pytest.fixture(scope="session")
def demo(rules: Rules) -> Rows:
    """The rows of the default demonstration."""
    return gather(DemoArguments(as_of=AS_OF), rules)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    if request.param == "sqlite":
        engine = prepared(f"sqlite:///{tmp_path / 'tracker.sqlite'}")
        yield engine
        engine.dispose()
        return
    server = request.getfixturevalue("postgres_server")
    url = sa.engine.make_url(server)
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"demo_{tmp_path.name.lower()[-20:].replace('-', '_')}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    engine = prepared(url.set(database=name).render_as_string(hide_password=False))
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    admin.dispose()


@pytest.fixture
def wiring(engine: sa.Engine) -> Iterator[Wiring]:
    session = scoped_session(sessionmaker(engine))
    yield Wiring(session, RecordingQueue(), KEY, Seal(KEY))
    session.remove()


@pytest.fixture
def small() -> DemoArguments:
    return DemoArguments(as_of=date(2026, 11, 25), branches=24, quarters=2, tickets=90, random_seed=7)
