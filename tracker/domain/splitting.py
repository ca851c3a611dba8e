"""One line that holds several matters: where it can be divided so that each part goes its own way.

Only an offer. It is made where a sentence ends, or at a word that begins another matter, and only when the parts
would surely go to different bodies: whoever typed it decides.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.domain.routing import Suggestion
from tracker.domain.tickets import TEXT_MAX

_SHORTEST = 15
"""Letters below which a part is no matter of its own but an end of the one before."""

_MOST_PIECES = 12
"""More than that in one line is an account of one thing, and each piece costs a suggestion."""

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
    """Return the matters into which the line may be divided, in their order; empty when it holds one alone.

    Empty too for a text longer than a concern may be, and for one of more than twelve pieces.
    """
    if len(text) > TEXT_MAX:
        return ()
    pieces = _pieces(unicodedata.normalize("NFC", text))
    if not 2 <= len(pieces) <= _MOST_PIECES:
        return ()
    groups: list[_Group] = []
    for piece in pieces:
        found = suggested(piece)
        if groups and not _is_another(groups[-1].found, found):
            groups[-1].take(piece, found)
        else:
            groups.append(_Group([piece], found))
    # Two groups at least, before more is asked: most lines hold one matter.
    parts = [group.part(suggested) for group in groups] if len(groups) > 1 else []
    apart = all(_is_another(one.found, after.found) for one, after in pairwise(parts))
    return tuple(parts) if apart else ()


@dataclass
class _Group:
    """Pieces of one matter, with what is suggested for the first of them that says where it goes."""

    pieces: list[str]
    found: Suggestion
    begins_open: bool = False

    def take(self, piece: str, found: Suggestion) -> None:
        """Add a piece; one before which nothing told a body tells it."""
        self.pieces.append(piece)
        if self.found.body is None:
            self.found, self.begins_open = found, True

    def part(self, suggested: Callable[[str], Suggestion]) -> Part:
        """Return the matter; where the first piece told no body, the whole is asked about, once."""
        text = " ".join(self.pieces)
        return Part(text, suggested(text) if self.begins_open else self.found)


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
