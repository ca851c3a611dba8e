"""What a text shows a learner: its words and pairs of words, with and without marks, each where it stands."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.domain.phrases import Span, spelled_words

PLAIN_PAIR, EXACT = "_", "="
"""How a pair is joined, and what stands before a word told apart by its marks: đảng is not đăng."""

RULE = "#"
"""Stands before what the rule book says of a text; no word begins so."""


@dataclass(frozen=True)
class Signs:
    """How often each sign stands in the text, and the places of the words that make it."""

    counts: Mapping[str, float]
    places: Mapping[str, tuple[Span, ...]]
    words: tuple[str, ...]

    def joined(self, said: Mapping[str, float]) -> "Signs":
        """Return the signs together with others that stand nowhere in the text: what the rules say of it."""
        return Signs({**self.counts, **said}, self.places, self.words)

    def without(self, signs: frozenset[str]) -> "Signs":
        """Return the signs but these."""
        if not signs:
            return self
        return Signs({s: n for s, n in self.counts.items() if s not in signs}, self.places, self.words)


def read_signs(text: str) -> Signs:
    """Return the signs of a text: each word and each two neighbours, plainly and, where marked, exactly.

    A text typed without marks shares its plain signs with the marked ones, so that one example serves both.
    """
    found: dict[str, list[Span]] = {}
    surfaces, words = spelled_words(text)
    for start, word in enumerate(words):
        runs = [words[start : start + 1], words[start : start + 2]] if start + 1 < len(words) else [[word]]
        for run in runs:
            span = Span(start, start + len(run))
            found.setdefault(PLAIN_PAIR.join(one.plain for one in run), []).append(span)
            if not all(one.bare for one in run):
                found.setdefault(EXACT + PLAIN_PAIR.join(one.exact for one in run), []).append(span)
    counts = {sign: float(len(spans)) for sign, spans in found.items()}
    return Signs(counts, {sign: tuple(spans) for sign, spans in found.items()}, tuple(surfaces))


def weighed(counts: Mapping[str, float], rarity: Mapping[str, float], rarest: float) -> dict[str, float]:
    """Return the signs' weights: rare ones count more, repeated ones little more, long texts no more than short."""
    weights = {
        sign: (1 + math.log(count)) * rarity.get(sign, rarest) for sign, count in counts.items() if count > 0
    }
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {sign: weight / length for sign, weight in weights.items()} if length else {}
