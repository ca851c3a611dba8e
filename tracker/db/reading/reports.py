"""Reads the quarter's reports: the list, one of them, and those that no worker has taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.db.tables.people import Account
from tracker.db.tables.reports import QuarterReport
from tracker.domain.reports import STALE_AFTER, WAITED_LONG, ReportState


@dataclass(frozen=True)
class ReportLine:
    """One report in the list."""

    id: int
    unit_id: int
    quarter: str
    supplement: int
    state: str
    doc_number: str
    requested_at: datetime
    requested_by: str


def report_lines(session: Session, unit_ids: Sequence[int], limit: int = 200) -> list[ReportLine]:
    """Return the reports of the units, the newest quarter first; one query."""
    rows = session.execute(
        select(
            QuarterReport.id,
            QuarterReport.unit_id,
            QuarterReport.quarter,
            QuarterReport.supplement,
            QuarterReport.state,
            QuarterReport.doc_number,
            QuarterReport.requested_at,
            Account.display_name,
        )
        .join(Account, Account.id == QuarterReport.requested_by)
        .where(QuarterReport.unit_id.in_(unit_ids))
        .order_by(QuarterReport.quarter.desc(), QuarterReport.requested_at.desc(), QuarterReport.id.desc())
        .limit(limit)
    )
    return [ReportLine(*row) for row in rows]


def report_numbered(session: Session, unit_id: int, quarter: str, supplement: int) -> QuarterReport | None:
    """Return the unit's report of the quarter (0) or its supplement of that number, or None."""
    return session.scalars(
        select(QuarterReport).where(
            QuarterReport.unit_id == unit_id,
            QuarterReport.quarter == quarter,
            QuarterReport.supplement == supplement,
        )
    ).one_or_none()


def last_report(session: Session, unit_id: int, quarter: str) -> QuarterReport | None:
    """Return the unit's last report or supplement of the quarter, or None."""
    return session.scalars(
        select(QuarterReport)
        .where(QuarterReport.unit_id == unit_id, QuarterReport.quarter == quarter)
        .order_by(QuarterReport.supplement.desc())
        .limit(1)
    ).first()


def pending_reports(session: Session, now: datetime) -> list[int]:
    """Return the ids of compilations that waited long or whose worker died, the oldest first; one query."""
    since = func.coalesce(QuarterReport.seen_at, QuarterReport.requested_at)
    return list(
        session.scalars(
            select(QuarterReport.id)
            .where(
                or_(
                    and_(QuarterReport.state == ReportState.WAITING, since <= now - WAITED_LONG),
                    and_(QuarterReport.state == ReportState.RUNNING, since <= now - STALE_AFTER),
                )
            )
            .order_by(since, QuarterReport.id)
        )
    )
