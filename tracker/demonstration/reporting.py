"""The reports that a place in use would have: the last whole quarter's, asked for by the committees' offices."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.reading.people import account_by_username, actor_of_account
from tracker.db.tables.reports import QuarterReport
from tracker.demonstration.accounts import MARK
from tracker.domain.dates import Quarter, local_date
from tracker.domain.people import Actor
from tracker.domain.reports import AskReport
from tracker.services.reference import reference_on
from tracker.services.reports import request_report
from tracker.services.unit import Wiring, unit_of_work

OFFICES = ("vanphong.tuson", "vanphong.bacninh")
"""The accounts that ask, each for its own committee."""


def ask_first_reports(wiring: Wiring, now: datetime, offices: Iterable[str] = OFFICES) -> list[int]:
    """Ask for the last whole quarter of each office's committee and commit; return the reports' ids.

    Does nothing once there is any report, so every start may call it, nor for accounts that aren't the
    demonstration's own.
    """
    asked = []
    if wiring.session().scalar(select(QuarterReport.id).limit(1)) is None:
        for actor in [found for name in offices if (found := _office(wiring.session(), name, now))]:
            asked.append(_ask(wiring, actor, now))
    return asked


def _office(session: Session, username: str, now: datetime) -> Actor | None:
    account = account_by_username(session, username)
    if account is None or MARK not in account.display_name:
        return None
    return actor_of_account(session, account.id, local_date(now))


def _ask(wiring: Wiring, actor: Actor, now: datetime) -> int:
    today = local_date(now)
    (unit_id,) = (grant.unit_id for grant in actor.grants)
    assert unit_id is not None
    with unit_of_work(wiring, actor=actor, now=now) as unit:
        ask = AskReport.usual(unit_id, Quarter.of(today).previous, today)
        return request_report(ask, unit=unit, reference=reference_on(unit.session, today))
