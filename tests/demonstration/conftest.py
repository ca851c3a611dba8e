"""The shipped rules, the whole simulation's rows once a run, and empty databases to load into."""

import tempfile
from collections.abc import Iterator
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
            yield read_rules(session)
        engine.dispose()


@pytest.fixture(scope="session")
def demo(rules: Rules) -> Rows:
    """The rows of the default demonstration."""
    return gather(DemoArguments(as_of=AS_OF), rules)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def wiring(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiring]:
    """What a unit of work needs on an empty database of either kind, one a module."""
    if request.param == "sqlite":
        yield from wired(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'tracker.sqlite'}")
        return
    url = sa.engine.make_url(request.getfixturevalue("postgres_server"))
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE demonstration")
    yield from wired(url.set(database="demonstration").render_as_string(hide_password=False))
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE demonstration WITH (FORCE)")
    admin.dispose()


def wired(url: str) -> Iterator[Wiring]:
    """Yield the wiring of a prepared database and put everything away afterwards."""
    engine = prepared(url)
    session = scoped_session(sessionmaker(engine))
    yield Wiring(session, RecordingQueue(), KEY, Seal(KEY))
    session.remove()
    engine.dispose()
