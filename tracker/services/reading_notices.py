"""A person reads the notices: one by one, or all at once. Only one's own."""

from sqlalchemy import update

from tracker.db.tables.notices import Notice
from tracker.domain.errors import NotFound
from tracker.services.unit import Unit


def mark_read(notice_id: int, *, unit: Unit) -> int | None:
    """Mark the actor's own notice as read and return the ticket it is about, if any; flushes.

    Raises NotFound for an unknown notice and for somebody else's.
    """
    notice = unit.session.get(Notice, notice_id)
    if notice is None or notice.account_id != unit.actor.account_id:
        raise NotFound("Không tìm thấy thông báo này.")
    notice.read_at = notice.read_at or unit.now
    unit.session.flush()
    return notice.ticket_id


def mark_all_read(*, unit: Unit) -> None:
    """Mark all unread notices of the actor as read; one statement."""
    unit.session.execute(
        update(Notice)
        .where(Notice.account_id == unit.actor.account_id, Notice.read_at.is_(None))
        .values(read_at=unit.now)
    )
