"""Head equals models on both databases, each revision goes up and down, and rows survive the way."""

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask

from tracker.db.base import Base, db
from tracker.db.engine import WRITING
from tracker.db.migrating import alembic_config, current, differences, head, upgrade


def test_head_equals_the_models(app: Flask) -> None:
    assert current(db.engine) == head()
    assert differences(db.engine) == []


def test_a_column_that_no_migration_made_is_found(app: Flask) -> None:
    """The negative control of the one above."""
    with db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE account ADD COLUMN forgotten INTEGER"))

    assert differences(db.engine) != []


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


def test_upgrading_twice_changes_nothing(app: Flask) -> None:
    upgrade(db.engine)

    assert differences(db.engine) == []


def test_every_revision_goes_down_and_up_again(app: Flask) -> None:
    with db.engine.connect().execution_options(**WRITING) as connection:
        command.downgrade(alembic_config(connection), "base")
        connection.commit()
    assert set(sa.inspect(db.engine).get_table_names()) <= {"alembic_version"}

    upgrade(db.engine)

    assert differences(db.engine) == []


def test_the_database_itself_refuses_what_must_not_be(app: Flask) -> None:
    """Constraints hold whatever code forgets: a ticket in work without a body, a roll that doesn't add up."""
    named = {
        constraint.name
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }

    assert {"ck_ticket_body", "ck_meeting_roll", "ck_response_told", "ck_role_grant_scope"} <= named
    bad = sa.text("INSERT INTO audit_head (id, seq, mac) VALUES (2, 0, 'x')")
    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        connection.execute(bad)
