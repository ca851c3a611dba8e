"""Keeping accounts and the roles they hold: opened, closed, given a new password. Logging in is in ``people``."""

import re
import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.adapters.passwords import hash_password
from tracker.db.reading.people import account_by_username
from tracker.db.tables.org import BodyVersion, UnitVersion
from tracker.db.tables.people import Account, RoleGrant
from tracker.domain.dates import local_date
from tracker.domain.errors import Conflict, Invalid, NotFound
from tracker.domain.people import BODY_ROLES
from tracker.services.people import end_all_sessions
from tracker.services.reference import touch_reference
from tracker.services.unit import Unit

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,79}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another when copied by hand


@dataclass(frozen=True)
class NewAccount:
    """An account to open. ``scope`` is the code of a unit, or of a body for the roles of bodies."""

    username: str
    display_name: str
    role: str
    scope: str
    email: str | None = None


def add_account(new: NewAccount, *, unit: Unit) -> str:
    """Open an account with one role from today on; return its first password, shown once; flushes.

    Raises Invalid for a user name that can't be one, Conflict for one that is taken, NotFound for an unknown
    scope. The person must choose another password at the first log-in.
    """
    username = new.username.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise Invalid("Tên đăng nhập gồm 3–80 chữ thường không dấu, chữ số, dấu chấm hoặc gạch.")
    if account_by_username(unit.session, username):
        raise Conflict(f"Đã có tài khoản “{username}”.")
    password = _first_password()
    account = Account(
        username=username,
        display_name=new.display_name.strip(),
        email=new.email,
        password_hash=hash_password(password),
        must_change_password=True,
        created_at=unit.now,
    )
    unit.session.add(account)
    unit.session.flush()
    _grant(account.id, new.role, new.scope, unit)
    unit.record("account", account.id, "opened", role=new.role)
    return password


def disable_account(username: str, *, unit: Unit) -> None:
    """Close the account and end its sessions; what it did stays. Raises NotFound for an unknown name."""
    account = _known(unit.session, username)
    account.is_active = False
    end_all_sessions(account.id, unit=unit)
    touch_reference(unit.session)
    unit.record("account", account.id, "disabled")


def reset_password(username: str, *, unit: Unit) -> str:
    """Give the account a new first password, open it again and end its sessions; return the password."""
    account = _known(unit.session, username)
    password = _first_password()
    account.password_hash, account.must_change_password = hash_password(password), True
    account.is_active = True
    end_all_sessions(account.id, unit=unit)
    touch_reference(unit.session)
    unit.record("account", account.id, "password_reset")
    return password


def _grant(account_id: int, role: str, scope: str, unit: Unit) -> None:
    on = local_date(unit.now)
    of_body = role in BODY_ROLES
    found = _body_id(unit.session, scope, on) if of_body else _unit_id(unit.session, scope, on)
    unit.session.add(
        RoleGrant(
            account_id=account_id,
            role=role,
            unit_id=None if of_body else found,
            body_id=found if of_body else None,
            valid_from=on,
        )
    )
    touch_reference(unit.session)


def _unit_id(session: Session, code: str, on: date) -> int:
    held = (UnitVersion.valid_from <= on) & (UnitVersion.valid_to.is_(None) | (UnitVersion.valid_to > on))
    found = session.scalar(select(UnitVersion.unit_id).where(UnitVersion.code == code, held))
    if found is None:
        raise NotFound(f"Không có đơn vị nào mang mã “{code}”.")
    return found


def _body_id(session: Session, code: str, on: date) -> int:
    held = (BodyVersion.valid_from <= on) & (BodyVersion.valid_to.is_(None) | (BodyVersion.valid_to > on))
    found = session.scalars(select(BodyVersion.body_id).where(BodyVersion.code == code, held)).all()
    if len(found) != 1:
        many = "Có nhiều nơi giải quyết cùng" if found else "Không có nơi giải quyết nào"
        raise NotFound(f"{many} mang mã “{code}”.")
    return found[0]


def _known(session: Session, username: str) -> Account:
    account = account_by_username(session, username)
    if account is None:
        raise NotFound(f"Không có tài khoản “{username}”.")
    return account


def _first_password() -> str:
    """Return 16 letters in groups of four: about 79 bits, and easy to read aloud."""
    letters = [secrets.choice(_LETTERS) for _ in range(16)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, 16, 4))
