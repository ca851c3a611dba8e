"""What the rows of a file would do before anything is written; one wrong row, and nothing is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.errors import Invalid


class State(StrEnum):
    """What an imported row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ERROR = "error"


STATE_WORDS: Mapping[str, str] = {
    State.NEW: "mới",
    State.CHANGED: "đổi",
    State.SAME: "như cũ",
    State.ERROR: "LỖI",
}


@dataclass(frozen=True)
class Preview:
    """One row of the file, counted from 2 (1 is the heading): what it would do, and why it can't."""

    line: int
    state: State
    row: Mapping[str, str]
    because: str = ""


def to_write(previews: Iterable[Preview]) -> Sequence[Preview]:
    """Return the rows that would change something; raise Invalid, naming the first line, when any is wrong."""
    listed = list(previews)
    for one in listed:
        if one.state is State.ERROR:
            raise Invalid(f"Dòng {one.line}: {one.because} Chưa ghi gì cả.")
    return [one for one in listed if one.state in (State.NEW, State.CHANGED)]
