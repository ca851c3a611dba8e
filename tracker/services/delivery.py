"""Carrying by mail what the outbox holds: claimed for a while, sent outside any transaction, then settled at once.

What waits for one person goes as one letter. A letter is marked sent in a transaction of its own right after the
mail server took it. The honest limit: a process killed between those two sends that one letter again when its
claim has run out, with the same Message-ID as long as nothing new waits for the person. So a letter may come
twice, one at most a crash, but none is lost; retries after a refusal or an outage send nothing that was taken.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, update

from tracker.adapters.mail import Letter, Mailer
from tracker.db.reading.deadlines import working_calendar
from tracker.db.tables.notices import Notice
from tracker.db.tables.people import Account
from tracker.domain.digests import PART_WORDS, Part
from tracker.domain.errors import TrackerError, Unavailable
from tracker.domain.people import SYSTEM
from tracker.domain.retrying import retry_after
from tracker.reports.letters import Told, ToldPart, digest_letter, notices_letter
from tracker.services.unit import Unit, Wiring, unit_of_work

log = logging.getLogger(__name__)

BATCH = 50
"""Persons whose letters are claimed at once."""
CLAIM = timedelta(minutes=10)
"""How long a claimed letter is left alone; longer than a batch takes with a slow server."""
MOST_ATTEMPTS = 20
"""About three days of trying; then the notice stands in the application alone."""
GIVE_UP_AFTER = 3
"""Letters in a row that may not be taken for now, before the server counts as away and the round ends."""


@dataclass(frozen=True)
class Outgoing:
    """Claimed notices of one person and the letter that tells them. ``attempts`` counts this one."""

    notice_ids: tuple[int, ...]
    attempts: int
    letter: Letter


@dataclass
class DeliveryReport:
    """What became of a round's letters; ``notices`` counts what the sent ones told."""

    sent: int = 0
    notices: int = 0
    later: int = 0
    refused: int = 0


def deliver(
    wiring: Wiring, mailer: Mailer, base_url: str, now: datetime, limit: int = BATCH
) -> DeliveryReport:
    """Send what is due at ``now``, one letter a person; return the tally. Commits, letter by letter.

    Ends when nothing is due, or when the mail server is away: what was claimed then comes again after the claim.
    """
    report, in_a_row = DeliveryReport(), 0
    while True:
        with unit_of_work(wiring, actor=SYSTEM, now=now) as unit:
            claimed = claim(base_url, limit, unit=unit)
        for outgoing in claimed:
            error = _send(mailer, outgoing)
            with unit_of_work(wiring, actor=SYSTEM, now=now) as unit:
                settle(outgoing, error, unit=unit)
            _count(report, outgoing, error)
            in_a_row = in_a_row + 1 if isinstance(error, Unavailable) else 0
            if in_a_row == GIVE_UP_AFTER:
                return report
        if not claimed:
            return report


def _send(mailer: Mailer, outgoing: Outgoing) -> TrackerError | None:
    """Return what stood against the letter: Invalid for good, Unavailable for now; None when it was taken."""
    try:
        mailer.send(outgoing.letter)
    except TrackerError as error:
        return error
    except Exception as error:  # one letter that breaks the mailer must not stop those behind it
        log.warning("a letter for notice %s: %s", outgoing.notice_ids[0], type(error).__name__)
        return Unavailable(f"Không gửi được thư ({type(error).__name__}).")
    return None


def _count(report: DeliveryReport, outgoing: Outgoing, error: TrackerError | None) -> None:
    if error is None:
        report.sent += 1
        report.notices += len(outgoing.notice_ids)
    elif isinstance(error, Unavailable):
        report.later += 1
    else:
        report.refused += 1


def claim(base_url: str, limit: int = BATCH, *, unit: Unit) -> list[Outgoing]:
    """Claim what is due for at most so many persons, longest waiting first; flushes.

    Two processes never claim the same notice: the rows are locked, and the claim moves their next try. A disabled
    account, or one without an address any more, is sent nothing.
    """
    _drop_unreachable(unit)
    _hold_back(unit)
    rows = unit.session.execute(_due(limit, unit)).all()
    unit.session.execute(
        update(Notice)
        .where(Notice.id.in_([row.id for row in rows]))
        .values(next_try_at=unit.now + CLAIM, attempts=Notice.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    by_person = groupby(rows, key=lambda row: row.account_id)
    return [_outgoing(tuple(found), base_url) for _, found in by_person]


def _due(limit: int, unit: Unit) -> Select[*tuple[Any, ...]]:
    due = (Notice.mail_state == "waiting", Notice.next_try_at <= unit.now)
    waiting = func.min(Notice.next_try_at)
    persons = (
        select(Notice.account_id, waiting.label("since"))
        .where(*due)
        .group_by(Notice.account_id)
        .order_by(waiting, Notice.account_id)
        .limit(limit)
        .subquery()
    )
    return (
        select(
            Notice.id,
            Notice.account_id,
            Notice.attempts,
            Notice.ticket_id,
            Notice.report_id,
            Notice.sentence,
            Notice.lines,
            Notice.created_at,
            Account.display_name,
            Account.email,
        )
        .join(persons, persons.c.account_id == Notice.account_id)
        .join(Account, Account.id == Notice.account_id)
        .where(*due)
        .order_by(persons.c.since, Notice.account_id, Notice.id)
        .with_for_update(of=Notice, skip_locked=True)
    )


def _drop_unreachable(unit: Unit) -> None:
    gone = select(Account.id).where(or_(Account.is_active.is_(False), Account.email.is_(None)))
    unit.session.execute(
        update(Notice)
        .where(Notice.mail_state == "waiting", Notice.next_try_at <= unit.now, Notice.account_id.in_(gone))
        .values(mail_state="none", next_try_at=None)
        .execution_options(synchronize_session=False)
    )


def _hold_back(unit: Unit) -> None:
    """Outside working time let all but what is urgent wait until work begins: no letter at night (zammad#2157).

    So does what fell due in the evening because the workers or the mail server were away.
    """
    opens = working_calendar(unit.session).next_open(unit.now)
    if opens <= unit.now:
        return
    unit.session.execute(
        update(Notice)
        .where(Notice.mail_state == "waiting", Notice.next_try_at <= unit.now, Notice.is_urgent.is_(False))
        .values(next_try_at=opens)
        .execution_options(synchronize_session=False)
    )


def _outgoing(rows: Sequence[Row[*tuple[Any, ...]]], base_url: str) -> Outgoing:
    ids = tuple(row.id for row in rows)
    subject, text = _words(rows, base_url)
    letter = Letter(
        to=rows[0].email or "",
        subject=subject,
        text=text,
        reference=_reference(ids),
        at=max(row.created_at for row in rows),
    )
    return Outgoing(ids, max(row.attempts for row in rows) + 1, letter)


def _words(rows: Sequence[Row[*tuple[Any, ...]]], base_url: str) -> tuple[str, str]:
    """Return subject and text: a digest by its parts, the other things beside it as news, or a plain list."""
    name, desk = rows[0].display_name, f"{base_url}/"
    plain = [row for row in rows if row.lines is None]
    told = [Told(row.sentence, base_url + address(row.ticket_id, row.report_id)) for row in plain]
    if len(plain) == len(rows):
        return notices_letter(name, told, desk)
    parts: dict[str, list[Told]] = {part: [] for part in Part}
    for part, words, ticket_id, report_id in (line for row in rows for line in row.lines or ()):
        where = address(ticket_id, report_id) if ticket_id or report_id else ""
        parts[part].append(Told(words, base_url + where if where else ""))
    parts[Part.NEWS].extend(told)
    shown = [ToldPart(PART_WORDS[part], lines) for part, lines in parts.items() if lines]
    return digest_letter(name, next(row.sentence for row in rows if row.lines is not None), shown, desk)


def _reference(ids: Sequence[int]) -> str:
    """Return the letter's name: the same notices are the same letter, sent again or not."""
    return "notice-" + hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()[:24]


def address(ticket_id: int | None, report_id: int | None) -> str:
    """Return where the thing stands in the application, from the root."""
    if ticket_id is not None:
        return f"/kien-nghi/{ticket_id}"
    return f"/bao-cao-quy/{report_id}" if report_id is not None else "/"


def settle(outgoing: Outgoing, error: TrackerError | None, *, unit: Unit) -> None:
    """Note what became of a claimed letter; one that may be taken later waits longer each time. Flushes."""
    unit.session.execute(
        update(Notice)
        .where(Notice.id.in_(outgoing.notice_ids), Notice.mail_state == "waiting")
        .values(**_values(outgoing.attempts, error, unit.now))
        .execution_options(synchronize_session=False)
    )


def _values(attempts: int, error: TrackerError | None, now: datetime) -> dict[str, object]:
    if error is None:
        return {"mail_state": "sent", "sent_at": now, "next_try_at": None, "last_error": ""}
    told = {"last_error": error.sentence[:300]}
    if not isinstance(error, Unavailable) or attempts >= MOST_ATTEMPTS:
        return told | {"mail_state": "refused", "next_try_at": None}
    return told | {"next_try_at": now + retry_after(attempts)}
