"""Learning where concerns go from labelled examples: complement naive Bayes over words and pairs of words.

Four questions are learned apart: category, body, urgency, restriction. Complement: a sign speaks for a label
when it is rare under all the others, which holds up where labels have few examples (Rennie et al., 2003).
What the rule book says of a text is a sign like any other: how far it is to be trusted is learned too.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.signs import Signs, read_signs, weighed


class Question(StrEnum):
    """What is asked of a text."""

    CATEGORY = "category"
    BODY = "body"
    URGENCY = "urgency"
    RESTRICTED = "restricted"


YES, NO = "yes", "no"

# How much a sign not seen under a label still may stand there; tried on parts of the examples left out.
SMOOTHING: Mapping[Question, float] = {
    Question.CATEGORY: 0.3,
    Question.BODY: 0.3,
    Question.URGENCY: 1.0,
    Question.RESTRICTED: 0.3,
}
PLACE = (Question.CATEGORY, Question.BODY)
"""Asked of the words and of what the rules say of the place; the other two of what they say of the manner."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """A labelled text. A label that is None teaches nothing; ``weight`` 1 is a whole concern.

    ``is_term``: a word or phrase that speaks for a body, not a concern; it says nothing of how rare words are.
    ``is_private``: a real concern, of which only words that others wrote too are kept.
    """

    text: str
    category: str | None = None
    body: str | None = None
    urgency: str | None = None
    restricted: bool | None = None
    weight: float = 1.0
    is_term: bool = False
    is_private: bool = False

    def label(self, question: Question) -> str | None:
        """Return the answer that the example gives to the question."""
        if question is Question.RESTRICTED:
            return None if self.restricted is None else (YES if self.restricted else NO)
        answers = {
            Question.CATEGORY: self.category,
            Question.BODY: self.body,
            Question.URGENCY: self.urgency,
        }
        return answers[question]


@dataclass(frozen=True)
class Hints:
    """What the rule book says of a text, as signs: of the place it goes to, and of its urgency and restriction."""

    place: Mapping[str, float]
    manner: Mapping[str, float]


@dataclass(frozen=True)
class Learned:
    """What was learned for one question. ``gains``: sign -> label -> how much it speaks for it; the rest is 0."""

    biases: Mapping[str, float]
    rarity: Mapping[str, float]
    rarest: float
    gains: Mapping[str, Mapping[str, float]]

    def scores(self, signs: Signs) -> dict[str, float]:
        """Return a score for each label; only their differences mean anything."""
        weights = weighed(signs.counts, self.rarity, self.rarest)
        known = {sign: weight for sign, weight in weights.items() if sign in self.gains}
        mass = sum(known.values())
        scores = {label: bias * mass for label, bias in self.biases.items()}
        for sign, weight in known.items():
            for label, gain in self.gains[sign].items():
                scores[label] += weight * gain
        return scores

    def pull(self, signs: Signs, label: str) -> dict[str, float]:
        """Return how much each sign speaks for the label, those that don't left out."""
        weights = weighed(signs.counts, self.rarity, self.rarest)
        told = {sign: weight * self.gains.get(sign, {}).get(label, 0.0) for sign, weight in weights.items()}
        return {sign: gain for sign, gain in told.items() if gain > 0}


@dataclass(frozen=True)
class Model:
    """What was learned from a set of examples; immutable. ``pairs``: category and body that were seen together."""

    learned: Mapping[Question, Learned]
    pairs: frozenset[tuple[str, str]]
    version: int = 0


def learn(examples: Sequence[Example], hints: Callable[[str], Hints]) -> Model:
    """Return a model of the examples; ``hints`` tells what the rules say of a text. Takes about 4 s."""
    read = [(one, read_signs(one.text), hints(one.text)) for one in examples]
    secret = _secret((one, signs) for one, signs, _ in read)
    read = [(one, signs.without(secret), said) for one, signs, said in read]
    learned = {}
    for question in Question:
        told = [
            (one, signs.joined(said.place if question in PLACE else said.manner)) for one, signs, said in read
        ]
        learned[question] = _learn_one(told, question)
    return Model(learned, _pairs(examples, learned))


def _pairs(examples: Sequence[Example], learned: Mapping[Question, Learned]) -> frozenset[tuple[str, str]]:
    """Return the categories and bodies seen together; without labels under which no sign was left to be learned."""
    categories, bodies = (learned[one].biases for one in PLACE)
    return frozenset(
        (one.category, one.body)
        for one in examples
        if one.category is not None and one.category in categories
        if one.body is not None and one.body in bodies
    )


def _secret(told: Iterable[tuple[Example, Signs]]) -> frozenset[str]:
    """Return the signs that stand in one real concern alone: a name, a number, whatever only its writer wrote."""
    private: Counter[str] = Counter()
    public: set[str] = set()
    for one, signs in told:
        if one.is_private:
            private.update(signs.counts.keys())
        else:
            public.update(signs.counts.keys())
    return frozenset(sign for sign, times in private.items() if times == 1 and sign not in public)


def _learn_one(told: Sequence[tuple[Example, Signs]], question: Question) -> Learned:
    """Return what the examples teach about one question."""
    rarity, rarest = _rarity(signs for one, signs in told if not one.is_term)
    every: defaultdict[str, float] = defaultdict(float)
    under: defaultdict[str, dict[str, float]] = defaultdict(dict)
    masses: defaultdict[str, float] = defaultdict(float)
    for one, signs in told:
        label = one.label(question)
        if label is None:
            continue
        for sign, weight in weighed(signs.counts, rarity, rarest).items():
            share = weight * one.weight
            every[sign] += share
            under[sign][label] = under[sign].get(label, 0.0) + share
            masses[label] += share
    return _complement(every, under, masses, rarity, rarest, SMOOTHING[question])


def _rarity(texts: Iterable[Signs]) -> tuple[dict[str, float], float]:
    """Return how rare each sign is, and how rare one that was never seen."""
    seen: Counter[str] = Counter()
    number = 0
    for signs in texts:
        number += 1
        seen.update(signs.counts.keys())
    rarest = math.log(1 + number) + 1
    return {sign: rarest - math.log(1 + times) for sign, times in seen.items()}, rarest


def _complement(
    every: Mapping[str, float],
    under: Mapping[str, Mapping[str, float]],
    masses: Mapping[str, float],
    rarity: Mapping[str, float],
    rarest: float,
    smoothing: float,
) -> Learned:
    """Return log odds against the complement, kept only where a sign was seen under a label: elsewhere all are one."""
    total = sum(masses.values())
    biases = {label: math.log(smoothing * len(every) + total - mass) for label, mass in masses.items()}
    least = min(biases.values(), default=0.0)
    gains = {}
    for sign, labels in under.items():
        base = math.log(smoothing + every[sign])
        gains[sign] = {
            label: base - math.log(smoothing + max(0.0, every[sign] - mass)) for label, mass in labels.items()
        }
    return Learned({label: bias - least for label, bias in biases.items()}, rarity, rarest, gains)
