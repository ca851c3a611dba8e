"""What people shorten when they write (GPMB, TĐC, "ko"): spelled out before a text is read, by dated data."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Shorthand:
    """One short form and what it stands for, valid from ``valid_from`` up to, not including, ``valid_to``."""

    short: str
    words: str
    valid_from: date = date.min
    valid_to: date | None = None


def shorthand_on(entries: Iterable[Shorthand], on: date) -> Mapping[str, str]:
    """Return what each short form stands for on that day, by its letters as :func:`spelled_out` compares them."""
    return {
        _key(one.short): one.words
        for one in entries
        if one.valid_from <= on and (one.valid_to is None or on < one.valid_to)
    }


def spelled_out(text: str, table: Mapping[str, str]) -> str:
    """Return the text in NFC with its short forms in full; ``table`` comes from :func:`shorthand_on`.

    Whole words only, upper or lower case. "đ/c" is told apart from a "đ" and a "c" by the slash.
    """
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"\b[đĐ]/c\b", "đồng chí", text)
    return _WORD.sub(lambda found: table.get(_key(found[0]), found[0]), text)


def _key(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold()
