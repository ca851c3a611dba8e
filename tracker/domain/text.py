"""Vietnamese text: tidying at the door, folding for search and matching, sorting. No word lists here."""

import re
import unicodedata

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_BLANKS = re.compile(r"[ \t\xa0]+")
_GAPS = re.compile(r"\n{3,}")

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: position for position, letter in enumerate(_ALPHABET, start=1)}
# Unicode combining marks that are tones; the other three (breve, circumflex, horn) make letters of their own.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def tidy(text: str | None) -> str:
    """Return text in NFC without control and direction marks, blanks collapsed, ends trimmed, lines kept."""
    if not text:
        return ""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _CONTROL.sub("", text)
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()


def fold(text: str) -> str:
    """Return text for comparison: no marks, đ as d, casefolded, blanks collapsed to one space."""
    text = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "d")
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(text.casefold().split())


def _letter(char: str) -> tuple[int, int]:
    """Return (rank of the letter, rank of its tone) of one composed character."""
    tone = 0
    base = ""
    for part in unicodedata.normalize("NFD", char):
        if part in _TONES:
            tone = _TONES[part]
        else:
            base += part
    base = unicodedata.normalize("NFC", base)
    return _RANK.get(base, 100 + ord(base[0]) if base else 0), tone


def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return a key that sorts Vietnamese words: letters aăâbcdđeê… first, tones as tie-break."""
    letters = [_letter(char) for char in unicodedata.normalize("NFC", text).casefold()]
    return tuple(rank for rank, _ in letters), tuple(tone for _, tone in letters)


def name_key(full_name: str) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """Return a key that sorts people as Vietnamese lists do: by given name, then family and middle names."""
    words = full_name.split()
    return tuple(sort_key(word) for word in (words[-1:] + words[:-1]))
