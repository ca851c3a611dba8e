"""Reads accounts as the administrator's list and page show them: every account, the roles given over time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.tables.people import Account, RoleGrant


@dataclass(frozen=True)
class GrantLine:
    """One role given: where, from when (inclusive) to when (exclusive)."""

    id: int
    account_id: int
    role: str
    unit_id: int | None
    body_id: int | None
    valid_from: date
    valid_to: date | None

    def holds_on(self, on: date) -> bool:
        """Return whether it is held on the day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True)
class AccountLine:
    """One account with all roles that it was ever given, oldest first."""

    id: int
    username: str
    display_name: str
    email: str | None
    is_active: bool
    must_change_password: bool
    created_at: datetime
    version: int
    grants: Sequence[GrantLine]


def account_lines(session: Session, account_id: int | None = None) -> tuple[AccountLine, ...]:
    """Return every account, or the one asked for, by user name; two queries whatever their number."""
    columns = (
        Account.id,
        Account.username,
        Account.display_name,
        Account.email,
        Account.is_active,
        Account.must_change_password,
        Account.created_at,
        Account.version,
    )
    query = select(*columns).order_by(Account.username)
    if account_id is not None:
        query = query.where(Account.id == account_id)
    grants = _grants(session, account_id)
    return tuple(AccountLine(*row, grants.get(row.id, ())) for row in session.execute(query))


def _grants(session: Session, account_id: int | None) -> Mapping[int, Sequence[GrantLine]]:
    query = select(
        RoleGrant.id,
        RoleGrant.account_id,
        RoleGrant.role,
        RoleGrant.unit_id,
        RoleGrant.body_id,
        RoleGrant.valid_from,
        RoleGrant.valid_to,
    ).order_by(RoleGrant.valid_from, RoleGrant.id)
    if account_id is not None:
        query = query.where(RoleGrant.account_id == account_id)
    found: dict[int, list[GrantLine]] = defaultdict(list)
    for row in session.execute(query):
        found[row.account_id].append(GrantLine(*row))
    return found
