"""Who was quicker: the sentence that a person whose edit came too late is told beside the refusal."""

from tracker.db.reading.audit import last_touch
from tracker.domain.dates import time_words
from tracker.domain.people import comrade
from tracker.services.unit import Unit


def who_was_quicker(subject: str, subject_id: int, unit: Unit) -> str:
    """Return " Người làm trước: …, lúc …." of the thing's last recorded change by a person; "" when none is."""
    found = last_touch(unit.session, subject, subject_id)
    if found is None:
        return ""
    at = time_words(found.at)
    if found.account_id == unit.actor.account_id:
        return f" Chính đồng chí đã làm ở một cửa sổ khác, lúc {at}."
    return f" Người làm trước: {comrade(found.name)}, lúc {at}."
