"""All tables, so that whoever imports this package has the whole metadata."""

from tracker.db.tables import (
    audit,
    clocks,
    deadlines,
    learning,
    meetings,
    notices,
    org,
    people,
    reference,
    reports,
    routing,
    rubrics,
    runtime,
    tickets,
)

__all__ = [
    "audit",
    "clocks",
    "deadlines",
    "learning",
    "meetings",
    "notices",
    "org",
    "people",
    "reference",
    "reports",
    "routing",
    "rubrics",
    "runtime",
    "tickets",
]
