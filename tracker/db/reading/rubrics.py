"""Reads the scoring tables as values of the domain."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.tables.rubrics import Rubric as RubricRow
from tracker.domain.rubric import Rubric, read_rubric


def rubric_value(row: RubricRow) -> Rubric:
    """Return the row as a checked value; raise Invalid when its body can't be a scoring table."""
    columns = {
        "code": row.code,
        "name": row.name,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "source": row.source,
        "tag": row.tag,
    }
    return read_rubric({**row.body, **columns})


def active_rubrics(session: Session) -> tuple[Rubric, ...]:
    """Return the tables in use, of every validity, oldest first; one query. Choose with ``rubric_on``."""
    rows = session.scalars(
        select(RubricRow).where(RubricRow.is_active).order_by(RubricRow.valid_from, RubricRow.code)
    )
    return tuple(rubric_value(row) for row in rows)


def rubrics_by_code(session: Session) -> dict[str, Rubric]:
    """Return every table by its code, the latest validity of each, active or not; one query.

    For reading older scores, which name the code of the table they were made with.
    """
    rows = session.scalars(select(RubricRow).order_by(RubricRow.valid_from))
    return {row.code: rubric_value(row) for row in rows}
