"""Passwords as argon2id hashes, through argon2-cffi. What makes a password acceptable stands in the domain."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
# Checked when the user name is unknown, so that the time taken does not tell whether an account exists.
_NOBODY = _HASHER.hash("không có tài khoản nào dùng mật khẩu này")


def hash_password(password: str) -> str:
    """Return the argon2id hash with its parameters and salt."""
    return _HASHER.hash(password)


def is_password(stored: str | None, password: str) -> bool:
    """Return whether the password fits the stored hash; takes as long when there is none."""
    try:
        return _HASHER.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Return whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)
