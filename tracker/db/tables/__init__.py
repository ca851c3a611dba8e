"""All tables, so that whoever imports this package has the whole metadata."""

from tracker.db.tables import (
    audit,
    deadlines,
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
    "deadlines",
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
