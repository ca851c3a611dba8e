"""Copying a database out and in: SQLite by its backup interface, PostgreSQL by pg_dump and pg_restore."""

import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from tracker.domain.errors import Conflict, NotFound
from tracker.settings import Settings


def dump(settings: Settings, target: Path) -> None:
    """Write a consistent copy of the database while others write to it."""
    if settings.on_sqlite:
        source = _file(settings)
        if not source.is_file():
            raise NotFound(f"Chưa có cơ sở dữ liệu ở {source}.")
        _copy(source, target)
    else:
        _tool("pg_dump", "--format=custom", f"--file={target}", f"--dbname={_plain(settings.database_url)}")


def load(settings: Settings, source: Path) -> None:
    """Put the dump in place of the database."""
    if settings.on_sqlite:
        target = _file(settings)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = target.with_name(f".{target.name}.new")
        shutil.copyfile(source, aside)
        aside.chmod(0o600)
        # What the old database hadn't folded in yet would be read into the new one.
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
        aside.replace(target)
    else:
        _restore_into(_plain(settings.database_url), source)


def has_data(settings: Settings) -> bool:
    """Return whether there is a database with tables already."""
    if settings.on_sqlite:
        return _file(settings).exists()
    engine = sa.create_engine(settings.database_url)
    try:
        return bool(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


@contextmanager
def scratch_address(settings: Settings, source: Path, place: Path) -> Iterator[str]:
    """Yield the address of a scratch database filled from the dump; it is removed afterwards."""
    if settings.on_sqlite:
        place.mkdir(mode=0o700)
        _copy(source, place / "tracker.sqlite")
        yield f"sqlite:///{place / 'tracker.sqlite'}"
        return
    url = make_url(settings.database_url)
    name = f"tracker_drill_{secrets.token_hex(4)}"
    _on_server(url, f"CREATE DATABASE {name}")
    try:
        made = url.set(database=name)
        _restore_into(_plain(made.render_as_string(hide_password=False)), source)
        yield made.render_as_string(hide_password=False)
    finally:
        _on_server(url, f"DROP DATABASE {name}")


def _file(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "")


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        if new.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise Conflict(f"Cơ sở dữ liệu {source} bị hỏng.")


def _plain(url: str) -> str:
    """Return the address as PostgreSQL's own tools read it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _restore_into(address: str, source: Path) -> None:
    _tool(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--exit-on-error",
        f"--dbname={address}",
        str(source),
    )


def _on_server(url: URL, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


def _tool(name: str, *arguments: str) -> None:
    found = shutil.which(name)
    if found is None:
        raise NotFound(f"Máy chưa có {name}: hãy cài gói postgresql-client.")
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise Conflict(f"{name} không làm được: {last}")
