"""The day's digest for those who chose it: written once a person and working day, then carried like any notice."""

from datetime import datetime

from sqlalchemy import update

from tracker.db.inserting import insert_ignoring
from tracker.db.reading.deadlines import working_calendar
from tracker.db.reading.digests import HeldNotice, awaited, held_notices, readable, undigested
from tracker.db.tables.notices import Notice
from tracker.db.tables.people import Account
from tracker.domain.access import TicketReach, ticket_reach
from tracker.domain.dates import local_date
from tracker.domain.digests import Digest, DigestLine, Part, digest, digest_key
from tracker.domain.errors import Invalid
from tracker.domain.mailing import MailChoice, MailState
from tracker.domain.people import SYSTEM, Actor, Grant
from tracker.services.notices import DELIVER
from tracker.services.reference import Reference, reference_on
from tracker.services.unit import Unit, Wiring, unit_of_work

BATCH = 20
"""Persons whose digests are written in one transaction."""


def write_digests(wiring: Wiring, now: datetime, limit: int = BATCH) -> int:
    """Write the digest of everybody who chose one and has not had the day's; return how many. Commits by batches.

    Does nothing outside working time: on a day off there is none, and the first run of a working day writes it.
    Whoever has nothing to be told is passed over for the day.
    """
    if not working_calendar(wiring.session()).is_open(now):
        return 0
    written = 0
    while True:
        with unit_of_work(wiring, actor=SYSTEM, now=now) as unit:
            reference = reference_on(unit.session, local_date(now))
            found = undigested(unit.session, reference.on, limit)
            written += sum(_write(account, unit, reference) for account in found)
        if len(found) < limit:
            return written


def _write(account: Account, unit: Unit, reference: Reference) -> bool:
    """Write the account's digest, its notice and outbox row in this transaction; return whether there was one."""
    account.digested_on = reference.on
    reach = ticket_reach(_actor(account, reference), reference.tree)
    held = held_notices(unit.session, account.id)
    found = _digest(reach, held, unit)
    if found is None:
        return False
    row = {
        "account_id": account.id,
        "event_key": digest_key(reference.on),
        "sentence": found.sentence,
        "lines": [line.plain() for line in found.lines],
        "created_at": unit.now,
        "read_at": unit.now,  # in the application each thing stands by itself
        "mail_state": MailState.WAITING.value,
        "next_try_at": unit.now,
    }
    insert_ignoring(unit.session, Notice, [row], on=("account_id", "event_key"))
    unit.session.execute(
        update(Notice)
        .where(Notice.id.in_([one.id for one in held]))
        .values(mail_state=MailState.GATHERED.value)
        .execution_options(synchronize_session=False)
    )
    unit.send(DELIVER)
    return True


def _digest(reach: TicketReach, held: list[HeldNotice], unit: Unit) -> Digest | None:
    open_ids = readable(unit.session, reach, (one.ticket_id for one in held if one.ticket_id is not None))
    news = [
        DigestLine(Part.NEWS, one.sentence, one.ticket_id, one.report_id)
        for one in held
        if one.ticket_id is None or one.ticket_id in open_ids
    ]
    return digest(awaited(unit.session, reach, unit.now), news, len(held) - len(news), unit.now)


def _actor(account: Account, reference: Reference) -> Actor:
    grants = tuple(
        Grant(one.role, one.unit_id, one.body_id, one.acting_for)
        for one in reference.holdings
        if one.account_id == account.id
    )
    return Actor(account.id, account.display_name, grants)


def choose_mail(choice: str, *, unit: Unit) -> None:
    """Keep how the actor wishes to have notices by mail; raise Invalid for no such way. Flushes.

    What was held for a digest goes by itself when letters one by one are chosen.
    """
    if choice not in set(MailChoice):
        sentence = "Chọn một trong các cách nhận thư."
        raise Invalid(sentence, {"mail_choice": sentence})
    account = unit.session.get_one(Account, unit.actor.account_id)
    account.mail_choice = choice
    if choice == MailChoice.EACH:
        unit.session.execute(
            update(Notice)
            .where(Notice.account_id == account.id, Notice.mail_state == MailState.HELD.value)
            .values(mail_state=MailState.WAITING.value, next_try_at=unit.now)
            .execution_options(synchronize_session=False)
        )
    unit.session.flush()
    unit.record("account", account.id, "mail_choice", choice=choice)
