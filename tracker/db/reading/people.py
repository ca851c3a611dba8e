"""Reads accounts, their log-in sessions and who holds which role on a day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.db.tables.people import Account, LoginSession, RoleGrant
from tracker.domain.people import Actor, Grant, Holding


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
    """Return the person of a living log-in with the roles held that day, or None; one query."""
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
    grants = tuple(Grant(role, unit_id, body_id) for *_, role, unit_id, body_id in rows if role)
    session_id, seen_at, account_id, name, must_change = rows[0][:5]
    return Entered(Actor(account_id, name, grants), session_id, seen_at, must_change)


def actor_of_account(session: Session, account_id: int, on: date) -> Actor | None:
    """Return the person with the roles held that day, or None for an unknown or disabled account."""
    account = session.get(Account, account_id)
    if account is None or not account.is_active:
        return None
    held = [h for h in holdings(session, on) if h.account_id == account_id]
    return Actor(account_id, account.display_name, tuple(Grant(h.role, h.unit_id, h.body_id) for h in held))


def holdings(session: Session, on: date) -> tuple[Holding, ...]:
    """Return every role held on the day by active accounts, in the order granted."""
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
