"""Before anything runs: the database at the newest revision, the shipped rules in it, a first content."""

from flask import Flask

from tracker.db import migrating
from tracker.db.base import db
from tracker.db.seed import load_reference


def upgrade_database() -> None:
    """Run the missing migrations and add the shipped rules that are missing; commits. Safe to run again.

    Needs an application context. The rules are no one's decision, so they aren't part of a unit of work.
    """
    migrating.upgrade(db.engine)
    load_reference(db.session())
    db.session.commit()


def prepare(app: Flask, *, demo: bool) -> None:
    """Bring the database up to date; fill an empty one with the demonstration's content when asked to."""
    with app.app_context():
        upgrade_database()
        db.session.remove()
        db.engine.dispose()
