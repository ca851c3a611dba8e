"""The audit chain's arithmetic: canonical bodies, links, and where a chain is broken."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64
"""What the first link names as the one before it."""


@dataclass(frozen=True)
class Link:
    """One row of the chain as it is stored."""

    seq: int
    body: str
    mac: str


@dataclass(frozen=True)
class Break:
    """The first link that doesn't hold, and why in Vietnamese."""

    seq: int
    because: str


def canonical(
    *,
    at: datetime,
    actor_id: int | None,
    subject: str,
    subject_id: int | None,
    action: str,
    facts: Mapping[str, Any],
) -> str:
    """Return the JSON that is signed: sorted keys, no spaces, the time in UTC to the microsecond."""
    body = {
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor_id,
        "subject": subject,
        "id": subject_id,
        "action": action,
        "facts": dict(facts),
    }
    return _WRITER.encode(body)


# Made once: json.dumps makes a new one a call, which a sweep of many tickets feels.
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link_mac(key: bytes, seq: int, previous: str, body: str) -> str:
    """Return the hex HMAC-SHA256 of ``seq|previous|body``."""
    return hmac.digest(key, f"{seq}|{previous}|{body}".encode(), "sha256").hex()


def text_mark(key: bytes, text: str) -> str:
    """Return a keyed hash that tells whether a text was changed, and nothing about the text."""
    return hmac.new(key, b"text|" + text.encode(), hashlib.sha256).hexdigest()[:32]


def first_break(
    key: bytes, links: Iterable[Link], *, head: Link | None, anchor: tuple[int, str] | None
) -> Break | None:
    """Return the first link that doesn't hold, or None for a whole chain.

    ``head`` is the stored end of the chain (its body is ignored); ``anchor`` a (seq, mac) kept outside,
    the only thing that shows a tail cut off together with its head.
    """
    previous, expected = GENESIS, 1
    anchored = anchor is None
    for link in links:
        if link.seq != expected:
            return Break(expected, f"Thiếu dòng số {expected}.")
        if not hmac.compare_digest(link.mac, link_mac(key, link.seq, previous, link.body)):
            return Break(link.seq, f"Dòng số {link.seq} đã bị sửa sau khi ghi.")
        if anchor and link.seq == anchor[0]:
            if link.mac != anchor[1]:
                return Break(link.seq, f"Dòng số {link.seq} khác với mốc đã in.")
            anchored = True
        previous, expected = link.mac, expected + 1
    return _check_end(previous, expected, head, anchor, anchored)


def _check_end(
    last: str, expected: int, head: Link | None, anchor: tuple[int, str] | None, anchored: bool
) -> Break | None:
    if head is not None and (head.seq, head.mac) != (expected - 1, last):
        return Break(expected, f"Các dòng từ số {expected} đã bị cắt bỏ.")
    if not anchored and anchor is not None:
        return Break(anchor[0], f"Không còn dòng số {anchor[0]} như mốc đã in.")
    return None
