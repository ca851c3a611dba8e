"""Passwords as argon2id hashes, through argon2-cffi. What makes a password acceptable stands in the domain."""

from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()


def _hash_of_nobody() -> str:
    """Return a hash that no password fits and that takes as long to check as any other.

    Written, not worked out: that would take each process 64 MB and a third of a second at its start.
    """
    cost = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    salt, digest = (
        b64encode(bytes(size)).decode().rstrip("=") for size in (_HASHER.salt_len, _HASHER.hash_len)
    )
    return f"$argon2id$v=19${cost}${salt}${digest}"


# Checked when the user name is unknown, so that the time taken does not tell whether an account exists.
_NOBODY = _hash_of_nobody()


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
