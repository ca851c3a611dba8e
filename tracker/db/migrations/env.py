"""Runs the migrations on the connection that ``tracker.db.migrating`` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from tracker.db import tables  # noqa: F401 - fills the metadata
from tracker.db.base import Base, UTCDateTime


def _render(kind: str, value: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column type as what it is on the database, so that a migration needs none of our code."""
    if kind == "type" and isinstance(value, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=_render,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
