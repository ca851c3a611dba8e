"""Finding phrases in what people write: on word boundaries, with or without marks, NFC or NFD, ủy or uỷ.

A word is compared twice: exactly (its letters and its tone, wherever the tone was put) and plainly (no marks).
Exact always counts. Plain counts only where it can hardly mean something else, because without marks
"sổ đỏ", "sơ đồ" and "số đó" are one: see :meth:`Atom.found_at`.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
# Hỏi and ngã are taken for one: mixing them up is the commonest slip of the pen, and hardly ever another phrase.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "2", "\u0301": "4", "\u0323": "5"}
# Lí and lý, sĩ and sỹ, kĩ and kỹ are one word in two spellings; "quy" and "thủy" are left alone.
_LAST_Y = re.compile(r"^([^\Waeiouyăâêôơư]{1,2})y$")
# Texts are read to this many words; a concern is a few sentences, and the field takes 20,000 letters.
_LONGEST = 6_000
# About three in four words of normal Vietnamese carry a mark; below this share the writer typed without.
_MARKED_SHARE = 0.3
_PLAIN_PAIR_LETTERS = 6
_PLAIN_LONG_LETTERS = 8


class Word(NamedTuple):
    """One word of a text: ``exact`` with letters and tone, ``plain`` without any mark."""

    exact: str
    plain: str

    @property
    def bare(self) -> bool:
        return self.exact == self.plain


class Span(NamedTuple):
    """Where an atom was found: words ``start`` to ``end`` (exclusive)."""

    start: int
    end: int


def _word(token: str) -> Word:
    """Return the two forms of one casefolded token."""
    if token.isascii():
        same = _LAST_Y.sub(r"\1i", token)
        return Word(same, same)
    tone = ""
    kept = []
    for char in unicodedata.normalize("NFD", token):
        if char in _TONES:
            tone = _TONES[char]
        else:
            kept.append(char)
    letters = "".join(kept)
    base = "".join(char for char in letters if not unicodedata.combining(char)).replace("đ", "d")
    exact = _LAST_Y.sub(r"\1i", unicodedata.normalize("NFC", letters)) + tone
    return Word(exact, _LAST_Y.sub(r"\1i", base))


def words_of(text: str) -> list[Word]:
    """Return the words of the text in order, at most the first 6,000; punctuation and line ends are dropped."""
    return spelled_words(text)[1]


def spelled_words(text: str) -> tuple[list[str], list[Word]]:
    """Return the words as they stand in the text (lower case) beside what they are compared by."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    known: dict[str, Word] = {}
    tokens, found = [], []
    for match in _WORD.finditer(text):
        token = match[0]
        word = known.get(token)
        if word is None:
            word = known[token] = _word(token)
        tokens.append(token)
        found.append(word)
        if len(found) == _LONGEST:
            break
    return tokens, found


@dataclass(frozen=True)
class Atom:
    """A run of words that must stand together. ``text`` is how the rule's author wrote it."""

    text: str
    words: tuple[Word, ...] = field(compare=False, repr=False)
    letters: int = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> "Atom":
        """Return the atom of a phrase; raise ValueError when it holds no word."""
        words = tuple(words_of(text))
        if not words:
            raise ValueError(f"no word in {text!r}")
        return cls(" ".join(text.split()), words, sum(len(word.plain) for word in words))

    def found_at(self, words: Sequence[Word], start: int, marked: bool) -> bool:
        """Return whether the atom stands at ``start``; its first word is known to be plainly equal.

        Exact equality always counts. Words typed without marks count from 6 letters on in a text that has
        hardly any; in a marked text only from three words and 8 letters on, where it can't be another phrase.
        A word with other marks never counts: "đăng" is not "đảng".
        """
        size = len(self.words)
        if start + size > len(words):
            return False
        exact = True
        for offset, mine in enumerate(self.words):
            theirs = words[start + offset]
            if mine.plain != theirs.plain:
                return False
            if mine.exact != theirs.exact:
                if not theirs.bare:
                    return False
                exact = False
        if exact:
            return True
        if marked:
            return size >= 3 and self.letters >= _PLAIN_LONG_LETTERS
        return self.letters >= _PLAIN_PAIR_LETTERS


@dataclass(frozen=True)
class Phrase:
    """What a rule looks for: parts joined by "+" must all be somewhere in the text; in a part "/" means or.

    "cán bộ / chủ tịch + quát / nạt" is found in "ông chủ tịch quát dân".
    """

    text: str
    parts: tuple[tuple[Atom, ...], ...] = field(compare=False, repr=False)

    @classmethod
    @lru_cache(maxsize=16_384)
    def parse(cls, text: str) -> "Phrase":
        """Return the phrase; raise ValueError when a part of it holds no word.

        Kept, since a rule book holds thousands and is read anew after every change of the settings.
        """
        parts = tuple(tuple(Atom.parse(one) for one in part.split("/")) for part in text.split("+"))
        return cls(" + ".join(" / ".join(atom.text for atom in part) for part in parts), parts)

    @property
    def atoms(self) -> tuple[Atom, ...]:
        return tuple(atom for part in self.parts for atom in part)

    @property
    def is_single(self) -> bool:
        """Whether it is one run of words, whose place in the text is its own."""
        return len(self.parts) == 1 and len(self.parts[0]) == 1

    def found_in(self, found: Container[str]) -> list[str]:
        """Return the words that stand for each part, or nothing when a part is missing."""
        standing = []
        for part in self.parts:
            there = next((atom.text for atom in part if atom.text in found), None)
            if there is None:
                return []
            standing.append(there)
        return standing

    def quoted(self, found: Container[str]) -> str:
        """Return what was found as people read it: ‘rãnh’, or ‘cột điện’ và ‘nghiêng’."""
        return " và ".join(f"‘{words}’" for words in dict.fromkeys(self.found_in(found)))


class PhraseIndex:
    """All atoms of a rule book by their first two words; built once, read by any number of threads."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        by_start: dict[tuple[str, str], dict[str, Atom]] = {}
        for phrase in phrases:
            for atom in phrase.atoms:
                second = atom.words[1].plain if len(atom.words) > 1 else ""
                by_start.setdefault((atom.words[0].plain, second), {})[atom.text] = atom
        self._by_start = {start: tuple(atoms.values()) for start, atoms in by_start.items()}

    def scan(self, text: str) -> dict[str, list[Span]]:
        """Return where each atom (by its text) stands in ``text``, in the order of the text."""
        words = words_of(text)
        marked = sum(not word.bare for word in words) >= _MARKED_SHARE * len(words)
        found: dict[str, list[Span]] = {}
        following = (*(word.plain for word in words[1:]), "")
        for start, (word, second) in enumerate(zip(words, following, strict=False)):
            for pair in ((word.plain, ""), (word.plain, second)) if second else ((word.plain, ""),):
                for atom in self._by_start.get(pair, ()):
                    if atom.found_at(words, start, marked):
                        found.setdefault(atom.text, []).append(Span(start, start + len(atom.words)))
        return found


def outermost(found: Mapping[str, list[Span]], atoms: frozenset[str]) -> list[str]:
    """Return those of ``atoms`` that stand somewhere not inside a longer one: "nước" inside "nước thải" is out."""
    places = sorted(
        (span.start, -span.end, text) for text, spans in found.items() if text in atoms for span in spans
    )
    kept: dict[str, None] = {}
    reach = (-1, -1)
    for start, minus_end, text in places:
        if -minus_end > reach[1] or (start, -minus_end) == reach:
            reach = (start, -minus_end)
            kept[text] = None
    return list(kept)


def each_once(told: Iterable[str]) -> tuple[str, ...]:
    """Return the words in their order, each once; one that stands inside a longer one ("rãnh thoát nước") is left out."""
    distinct: dict[str, str] = {}
    for words in told:
        distinct.setdefault(f" {words.casefold()} ", words)
    return tuple(words for key, words in distinct.items() if sum(key in one for one in distinct) == 1)
