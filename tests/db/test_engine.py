"""What a connection does when the database gives up on a transaction by itself."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from tracker.db.engine import WRITING, prepare_engine


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/full.sqlite")
    prepare_engine(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (words TEXT)")
    return engine


def write_until_full(engine: sa.Engine) -> None:
    """Write a row, then one too large in a savepoint, then, as a batch does that goes on row by row, a third."""
    with engine.connect().execution_options(**WRITING) as connection, connection.begin():
        connection.exec_driver_sql("PRAGMA max_page_count = 20")
        connection.exec_driver_sql("INSERT INTO kept VALUES ('first')")
        with pytest.raises(SQLAlchemyError, match="full"), connection.begin_nested():
            connection.exec_driver_sql("INSERT INTO kept VALUES (zeroblob(1000000))")
        with connection.begin_nested():
            connection.exec_driver_sql("INSERT INTO kept VALUES ('third')")


def test_after_a_full_disk_nothing_more_of_the_unit_is_written(engine: sa.Engine) -> None:
    """SQLite ends the whole transaction then; each later statement would be committed by itself, as half a unit."""
    with pytest.raises(SQLAlchemyError):
        write_until_full(engine)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM kept").scalar_one() == 0


def test_the_next_unit_finds_a_connection_that_works(engine: sa.Engine) -> None:
    with pytest.raises(SQLAlchemyError):
        write_until_full(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO kept VALUES ('later')")
        assert connection.exec_driver_sql("SELECT words FROM kept").scalars().all() == ["later"]


def test_a_refused_row_ends_no_transaction(engine: sa.Engine) -> None:
    """The control: an error of one statement is undone to its savepoint, and the rest of the unit stands."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE UNIQUE INDEX once ON kept (words)")
        connection.exec_driver_sql("INSERT INTO kept VALUES ('first')")
        with pytest.raises(SQLAlchemyError, match="UNIQUE"), connection.begin_nested():
            connection.exec_driver_sql("INSERT INTO kept VALUES ('first')")
        connection.exec_driver_sql("INSERT INTO kept VALUES ('third')")
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM kept").scalar_one() == 2
