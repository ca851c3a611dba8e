"""Loads the shipped dated rules into an empty or older database. Rows that an administrator changed stay."""

from sqlalchemy.orm import Session

from tracker.db.seed.deadlines import seed_deadlines
from tracker.db.seed.routing import seed_routing
from tracker.db.seed.rubrics import seed_rubrics
from tracker.db.seed.singles import seed_singles


def load_reference(session: Session) -> None:
    """Add what is missing of the shipped rules; safe to run at every start. Flushes, never commits."""
    seed_singles(session)
    seed_deadlines(session)
    seed_routing(session)
    seed_rubrics(session)
