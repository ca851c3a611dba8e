"""Logging in and out, sessions that can be ended, passwords. Accounts and roles are kept by ``accounts``."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update

from tracker.adapters.passwords import hash_password, is_password, needs_rehash
from tracker.db.reading.people import account_by_username
from tracker.db.tables.people import Account, LoginSession
from tracker.domain.errors import Invalid, NotFound, Refused
from tracker.services.unit import Unit

SESSION_IDLE = timedelta(days=14)
"""A log-in unused for so long is over."""

PASSWORD_MIN, PASSWORD_MAX = 10, 200


def token_hash(token: str) -> str:
    """Return what is kept of a cookie's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_over(seen_at: datetime, now: datetime) -> bool:
    """Return whether a log-in last used then has been idle too long."""
    return now - seen_at > SESSION_IDLE


def keep_alive(session_id: int, *, unit: Unit) -> None:
    """Write down that the log-in session is in use; commits nothing."""
    unit.session.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=unit.now))


def log_in(username: str, password: str, device: str, *, unit: Unit) -> str:
    """Open a log-in session and return the token for the cookie; flushes.

    Raises Refused with one sentence for any wrong pair, so that it does not tell which half was wrong.
    """
    account = account_by_username(unit.session, username)
    fits = is_password(account.password_hash if account else None, password)
    if account is None or not fits or not account.is_active:
        raise Refused("Tên đăng nhập hoặc mật khẩu chưa đúng.")
    if needs_rehash(account.password_hash):
        account.password_hash = hash_password(password)
    return open_session(account.id, device, unit=unit)


def open_session(account_id: int, device: str, *, unit: Unit) -> str:
    """Open a log-in session of one whose word has been checked; return the token for the cookie; flushes."""
    token = secrets.token_urlsafe(32)
    unit.session.add(
        LoginSession(
            account_id=account_id,
            token_hash=token_hash(token),
            device=device[:200],
            created_at=unit.now,
            seen_at=unit.now,
        )
    )
    unit.record("account", account_id, "logged_in")
    return token


def log_out(token: str, *, unit: Unit) -> None:
    """End the log-in session of the token, if it still runs."""
    unit.session.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == token_hash(token), LoginSession.ended_at.is_(None))
        .values(ended_at=unit.now)
    )
    unit.record("account", unit.actor.account_id, "logged_out")


def end_session(session_id: int, account_id: int, *, unit: Unit) -> None:
    """End one log-in session of the account; raise NotFound for somebody else's."""
    login = unit.session.get(LoginSession, session_id)
    if login is None or login.account_id != account_id:
        raise NotFound("Không tìm thấy phiên đăng nhập này.")
    login.ended_at = login.ended_at or unit.now
    unit.record("account", account_id, "session_ended", session=session_id)


def end_all_sessions(account_id: int, *, unit: Unit) -> None:
    """End every running log-in session of the account."""
    unit.session.execute(
        update(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None))
        .values(ended_at=unit.now)
    )
    unit.record("account", account_id, "all_sessions_ended")


def check_new_password(password: str) -> None:
    """Raise Invalid for a password too short, too long or all of one letter."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX or len(set(password)) < 4:
        sentence = f"Mật khẩu mới cần ít nhất {PASSWORD_MIN} ký tự và không lặp lại một ký tự."
        raise Invalid(sentence, {"new_password": sentence})


def change_password(current: str, new: str, *, unit: Unit) -> None:
    """Change the actor's own password and end the other sessions; raise Invalid with the field's sentence."""
    account = unit.session.execute(select(Account).where(Account.id == unit.actor.account_id)).scalar_one()
    if not is_password(account.password_hash, current):
        raise Invalid("Mật khẩu hiện tại chưa đúng.", {"current_password": "Mật khẩu hiện tại chưa đúng."})
    check_new_password(new)
    account.password_hash = hash_password(new)
    account.must_change_password = False
    end_all_sessions(account.id, unit=unit)
    unit.record("account", account.id, "password_changed")
