"""Keeping accounts and the roles they hold: opened, closed, given a new password. Logging in is in ``people``."""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.adapters.passwords import hash_password
from tracker.db.reading.org import org_tree
from tracker.db.reading.people import account_by_username, holdings
from tracker.db.tables.org import BodyVersion, UnitVersion
from tracker.db.tables.people import Account, RoleGrant
from tracker.domain.dates import date_words, local_date
from tracker.domain.errors import Conflict, Invalid, NotFound, StaleEdit
from tracker.domain.org import UnitKind
from tracker.domain.people import BODY_ROLES, BRANCH_ROLES, Role, RoleChange
from tracker.domain.validity import Version, check_end, check_period
from tracker.services.people import end_all_sessions
from tracker.services.reference import touch_reference
from tracker.services.touching import who_was_quicker
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
    account_id, password = open_account(new.username, new.display_name, new.email, unit=unit)
    on = local_date(unit.now)
    of_body = new.role in BODY_ROLES
    place = _body_id(unit.session, new.scope, on) if of_body else _unit_id(unit.session, new.scope, on)
    grant_role(account_id, RoleChange(new.role, place, on), unit=unit)
    return password


def open_account(username: str, display_name: str, email: str | None, *, unit: Unit) -> tuple[int, str]:
    """Open an account without any role; return its id and its first password, shown once; flushes.

    Raises Invalid for a user name that can't be one, Conflict for one that is taken.
    """
    username = username.strip().lower()
    if not _USERNAME.fullmatch(username):
        sentence = "Tên đăng nhập gồm 3–80 chữ thường không dấu, chữ số, dấu chấm hoặc gạch."
        raise Invalid(sentence, {"username": sentence})
    if account_by_username(unit.session, username):
        raise Conflict(f"Đã có tài khoản “{username}”.")
    password = _first_password()
    account = Account(
        username=username,
        display_name=display_name.strip(),
        email=email or None,
        password_hash=hash_password(password),
        must_change_password=True,
        created_at=unit.now,
    )
    unit.session.add(account)
    unit.session.flush()
    unit.record("account", account.id, "opened")
    return account.id, password


def change_account(
    account_id: int, display_name: str, email: str | None, version: int, *, unit: Unit
) -> None:
    """Change the name shown and the mail address; raise StaleEdit when somebody changed it meanwhile."""
    account = account_row(account_id, unit.session)
    if account.version != version:
        raise StaleEdit(
            "Người khác vừa sửa tài khoản này. Mở lại trang để xem bản mới rồi hãy sửa tiếp."
            + who_was_quicker("account", account.id, unit)
        )
    account.display_name, account.email = display_name.strip(), email or None
    account.version += 1
    unit.record("account", account.id, "changed")


def grant_role(account_id: int, change: RoleChange, *, unit: Unit) -> int:
    """Let the account hold the role in the place from a day to a day; return the grant's id; flushes.

    Raises Invalid, with a sentence a field, for a place that doesn't fit the role or that isn't there on the
    first day, and for a period in which the same role is held there already.
    """
    touch_reference(unit.session)
    check_period(change.valid_from, change.valid_to)
    account = account_row(account_id, unit.session)
    _check_place(change, unit)
    of_body = change.role in BODY_ROLES
    scope = {"body_id": change.place if of_body else None, "unit_id": None if of_body else change.place}
    held = unit.session.scalars(select(RoleGrant).filter_by(account_id=account.id, role=change.role, **scope))
    for one in held:
        if _overlap(one, change):
            sentence = (
                f"Trùng thời gian: vai trò này ở đây đã được giao từ ngày {date_words(one.valid_from)}."
            )
            raise Invalid(sentence, {"valid_from": sentence})
    grant = RoleGrant(
        account_id=account.id,
        role=change.role,
        valid_from=change.valid_from,
        valid_to=change.valid_to,
        **scope,
    )
    unit.session.add(grant)
    unit.session.flush()
    unit.record("account", account.id, "role_granted", role=change.role, grant=grant.id, **scope)
    return grant.id


def end_grant(account_id: int, grant_id: int, on: date, *, unit: Unit) -> None:
    """Let the role be held no longer from the day on; raise Invalid for the last administrator's, NotFound."""
    touch_reference(unit.session)
    grant = unit.session.get(RoleGrant, grant_id)
    if grant is None or grant.account_id != account_id:
        raise NotFound("Không tìm thấy vai trò này.")
    check_end(Version(grant.id, grant.valid_from, grant.valid_to), on)
    if grant.role == Role.ADMINISTRATOR:
        _keep_one_administrator(account_id, on, unit, "valid_to")
    grant.valid_to = on
    unit.session.flush()
    unit.record("account", account_id, "role_ended", grant=grant.id, valid_to=on.isoformat())


def account_row(account_id: int, session: Session) -> Account:
    """Return the account; raise NotFound."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("Không tìm thấy tài khoản này.")
    return account


def disable_account(username: str, *, unit: Unit) -> None:
    """Close the account and end its sessions; what it did stays. Raises NotFound for an unknown name.

    Raises Invalid for the last administrator.
    """
    account = _known(unit.session, username)
    on = local_date(unit.now)
    if any(h.account_id == account.id and h.role == Role.ADMINISTRATOR for h in holdings(unit.session, on)):
        _keep_one_administrator(account.id, on, unit, "username")
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


def _overlap(grant: RoleGrant, change: RoleChange) -> bool:
    starts_before_end = change.valid_to is None or grant.valid_from < change.valid_to
    return starts_before_end and (grant.valid_to is None or grant.valid_to > change.valid_from)


def _check_place(change: RoleChange, unit: Unit) -> None:
    """Raise Invalid, on ``place``, when the place isn't there on the first day or can't be the role's."""
    tree = org_tree(unit.session, change.valid_from)
    places: Collection[int] = tree.bodies if change.role in BODY_ROLES else tree.units
    if change.place not in places:
        sentence = "Chọn nơi giữ vai trò; nơi đó phải đang tồn tại vào ngày bắt đầu."
        raise Invalid(sentence, {"place": sentence})
    if change.role in BODY_ROLES:
        return
    is_branch = tree.unit(change.place).kind == UnitKind.BRANCH
    if is_branch != (change.role in BRANCH_ROLES):
        sentence = "Bí thư giữ vai trò ở chi bộ, cấp ủy viên theo dõi cũng vậy; các vai trò khác ở cấp ủy."
        raise Invalid(sentence, {"place": sentence})


def _keep_one_administrator(account_id: int, on: date, unit: Unit, name: str) -> None:
    """Raise Invalid when nobody else would be administrator on the day: then nobody could give roles any more."""
    others = [
        one
        for one in holdings(unit.session, on)
        if one.role == Role.ADMINISTRATOR and one.account_id != account_id
    ]
    if not others:
        sentence = "Đây là quản trị viên cuối cùng. Hãy giao vai trò quản trị cho người khác trước."
        raise Invalid(sentence, {name: sentence})


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
