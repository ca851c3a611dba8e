"""Reads accounts, their log-in sessions and who holds which role on a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from tracker.db.tables.people import Absence as Absence_
from tracker.db.tables.people import Account, LoginSession, RoleGrant
from tracker.domain.absences import Absence, passed_on, stand_ins, with_substitutes
from tracker.domain.people import Actor, Grant, Holding, Role


def account_by_username(session: Session, username: str) -> Account | None:
    """Return the account of that user name (folded to lower case), or None."""
    return session.execute(
        select(Account).where(Account.username == username.strip().lower())
    ).scalar_one_or_none()


class Entered(NamedTuple):
    """Who a living log-in belongs to; ``must_change_password`` while the first password still stands."""

    actor: Actor
    session_id: int
    seen_at: datetime
    must_change_password: bool


def actor_of_token(session: Session, token_hash: str, on: date) -> Entered | None:
    """Return the person of a living log-in with the roles held that day, or None.

    Two queries, and one more for somebody who stands in for another.
    """
    rows = session.execute(
        select(
            LoginSession.id,
            LoginSession.seen_at,
            Account.id,
            Account.display_name,
            Account.must_change_password,
            RoleGrant.role,
            RoleGrant.unit_id,
            RoleGrant.body_id,
        )
        .join(Account, Account.id == LoginSession.account_id)
        .outerjoin(
            RoleGrant,
            (RoleGrant.account_id == Account.id)
            & (RoleGrant.valid_from <= on)
            & or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > on),
        )
        .where(LoginSession.token_hash == token_hash, LoginSession.ended_at.is_(None), Account.is_active)
        .order_by(RoleGrant.id)
    ).all()
    if not rows:
        return None
    own = tuple(Grant(role, unit_id, body_id) for *_, role, unit_id, body_id in rows if role)
    session_id, seen_at, account_id, name, must_change = rows[0][:5]
    grants = own + acting_grants(session, account_id, on)
    return Entered(Actor(account_id, name, grants), session_id, seen_at, must_change)


def actor_of_account(session: Session, account_id: int, on: date) -> Actor | None:
    """Return the person with the roles held that day, or None for an unknown or disabled account."""
    account = session.get(Account, account_id)
    if account is None or not account.is_active:
        return None
    held = [h for h in holdings(session, on) if h.account_id == account_id]
    grants = tuple(Grant(h.role, h.unit_id, h.body_id, h.acting_for) for h in held)
    return Actor(account_id, account.display_name, grants)


def absences(session: Session, on: date, *, with_closed: bool = False) -> tuple[Absence, ...]:
    """Return who is away on the day or later and has a substitute with an open account, earliest first; one query.

    ``with_closed``: also where the substitute's account was closed meanwhile and so nobody stands in.
    """
    query = (
        select(
            Absence_.account_id,
            Absence_.substitute_id,
            Absence_.valid_from,
            Absence_.valid_to,
            Absence_.reason,
        )
        .join(Account, Account.id == Absence_.substitute_id)
        .where(Absence_.valid_to > on)
        .order_by(Absence_.valid_from, Absence_.id)
    )
    if not with_closed:
        query = query.where(Account.is_active)
    return tuple(Absence(*row) for row in session.execute(query))


def acting_grants(session: Session, account_id: int, on: date) -> tuple[Grant, ...]:
    """Return the roles that the person has that day for those away; one query, a second when there are any."""
    away = [one for one, there in stand_ins(absences(session, on), on).items() if there == account_id]
    if not away:
        return ()
    held = [one for one in _held(session, on) if one.account_id in away]
    return tuple(
        grant
        for one in held
        for grant in passed_on((Grant(one.role, one.unit_id, one.body_id),), one.account_id)
    )


def grants_on(session: Session, on: date) -> dict[int, tuple[Grant, ...]]:
    """Return the roles that active accounts hold of their own on the day, by account; one query."""
    found: dict[int, tuple[Grant, ...]] = {}
    for one in _held(session, on):
        found[one.account_id] = (
            *found.get(one.account_id, ()),
            Grant(one.role, one.unit_id, one.body_id),
        )
    return found


def holdings(session: Session, on: date) -> tuple[Holding, ...]:
    """Return every role held on the day by active accounts, in the order granted; two queries.

    A substitute's holding stands behind that of the one away, with ``acting_for``; a third query then names them.
    """
    held = _held(session, on)
    standing = stand_ins(absences(session, on), on)
    if not standing:
        return held
    names = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(list(standing))))
    return with_substitutes(held, standing, {account_id: name for account_id, name in names})


def _held(session: Session, on: date) -> tuple[Holding, ...]:
    rows = session.execute(
        select(
            RoleGrant.account_id,
            RoleGrant.role,
            RoleGrant.unit_id,
            RoleGrant.body_id,
            RoleGrant.valid_from,
            RoleGrant.valid_to,
        )
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            Account.is_active,
            RoleGrant.valid_from <= on,
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > on),
        )
        .order_by(RoleGrant.id)
    )
    return tuple(Holding(*row) for row in rows)


def administrator_names(session: Session, on: date) -> tuple[str, ...]:
    """Return the names of those who give roles on the day, in the order of their accounts; one query."""
    held = (RoleGrant.valid_from <= on) & or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to > on)
    rows = session.execute(
        select(Account.id, Account.display_name)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(Account.is_active, RoleGrant.role == Role.ADMINISTRATOR.value, held)
        .distinct()
        .order_by(Account.id)
    )
    return tuple(name for _, name in rows)


@dataclass(frozen=True)
class RunningSession:
    """One log-in as its person sees it. Times are aware, UTC."""

    id: int
    device: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


def running_sessions(
    session: Session, account_id: int | None, this_token_hash: str
) -> tuple[RunningSession, ...]:
    """Return the person's log-ins that were not ended, latest use first."""
    rows = session.scalars(
        select(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None))
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
    )
    return tuple(
        RunningSession(row.id, row.device, row.created_at, row.seen_at, row.token_hash == this_token_hash)
        for row in rows
    )


@dataclass(frozen=True)
class AbsenceLine:
    """One absence as a page shows it, by the names of the two; ``valid_to`` is exclusive."""

    id: int
    account_id: int
    away: str
    substitute: str
    valid_from: date
    valid_to: date
    reason: str

    @property
    def last_day(self) -> date:
        """The last day on which the person is away."""
        return self.valid_to - timedelta(days=1)


def absence_lines(session: Session, account_id: int, on: date) -> tuple[AbsenceLine, ...]:
    """Return the absences of the person, and those in which the person stands in, that are not over; one query."""
    away, there = aliased(Account), aliased(Account)
    rows = session.execute(
        select(
            Absence_.id,
            Absence_.account_id,
            away.display_name,
            there.display_name,
            Absence_.valid_from,
            Absence_.valid_to,
            Absence_.reason,
        )
        .join(away, away.id == Absence_.account_id)
        .join(there, there.id == Absence_.substitute_id)
        .where(
            Absence_.valid_to > on,
            or_(Absence_.account_id == account_id, Absence_.substitute_id == account_id),
        )
        .order_by(Absence_.valid_from, Absence_.id)
    )
    return tuple(AbsenceLine(*row) for row in rows)


def open_accounts(session: Session) -> dict[int, str]:
    """Return the name of every account that is open, by id; one query."""
    rows = session.execute(select(Account.id, Account.display_name).where(Account.is_active))
    return {account_id: name for account_id, name in rows}


def mail_choice(session: Session, actor: Actor) -> str | None:
    """Return how the person wishes to have notices by mail."""
    return session.execute(
        select(Account.mail_choice).where(Account.id == actor.account_id)
    ).scalar_one_or_none()
