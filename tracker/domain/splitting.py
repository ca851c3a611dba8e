"""One line that holds several matters: where it can be divided so that each part goes its own way.

Only an offer. It is made where a sentence ends, or at a word that begins another matter, and only when the parts
would surely go to different bodies: whoever typed it decides.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracker.domain.routing import Suggestion

_SHORTEST = 15
"""Letters below which a part is no matter of its own but an end of the one before."""

_JOINTS = (
    "ngoài ra",
    "đồng thời",
    "bên cạnh đó",
    "thứ hai",
    "thứ ba",
    "hai là",
    "ba là",
    "việc nữa",
    "tiện đây",
    "nhân đây",
    "còn việc",
    "còn chuyện",
    "còn nữa",
    "với lại",
    "à mà",
)
"""Words that begin another matter in the middle of a sentence."""

_ENDS = re.compile(
    r"(?<=[.;!?])\s+|\s*\n+\s*|[,\s]+(?=(?:" + "|".join(map(re.escape, _JOINTS)) + r")\b)", re.IGNORECASE
)


@dataclass(frozen=True)
class Part:
    """One matter of a line, with what is suggested for it."""

    text: str
    found: Suggestion


def split_offer(text: str, suggested: Callable[[str], Suggestion]) -> tuple[Part, ...]:
    """Return the matters into which the line may be divided, in their order; empty when it holds one alone."""
    pieces = _pieces(unicodedata.normalize("NFC", text))
    if len(pieces) < 2:
        return ()
    parts: list[Part] = []
    for piece in pieces:
        found = suggested(piece)
        if parts and not _is_another(parts[-1].found, found):
            joined = f"{parts[-1].text} {piece}"
            parts[-1] = Part(joined, parts[-1].found if parts[-1].found.body else suggested(joined))
        else:
            parts.append(Part(piece, found))
    return tuple(parts) if len(parts) > 1 and all(part.found.body for part in parts) else ()


def _is_another(before: Suggestion, found: Suggestion) -> bool:
    """Return whether a piece is surely another matter: both have a body, and not the same."""
    return None not in (before.body, found.body) and before.body != found.body


def _pieces(text: str) -> Sequence[str]:
    """Return the pieces between the ends and joints, those too short for a matter joined to the one before."""
    pieces: list[str] = []
    for piece in (one.strip(" ,") for one in _ENDS.split(text)):
        if pieces and len(piece) < _SHORTEST:
            pieces[-1] = f"{pieces[-1]} {piece}".strip()
        elif piece:
            pieces.append(piece)
    return pieces
