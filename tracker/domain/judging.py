"""What a learned model says of one text: the likeliest places with their shares, the urgency, who may see it."""

import math
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tracker.domain.learning import NO, YES, Hints, Model, Question
from tracker.domain.phrases import Span
from tracker.domain.routing import URGENCY_ORDER
from tracker.domain.signs import Signs, read_signs
from tracker.domain.tickets import Urgency

Label = TypeVar("Label", bound=Hashable)
Pair = tuple[str, str]

# How steep scores become shares; chosen on parts of the examples left out.
_PLACE_STEEPNESS, _URGENCY_STEEPNESS = 2.0, 3.0
# A step too far costs a whole point, the exact step gains a third: the middle is safe, not always right.
_EXACT_GAIN = 0.3
# Most that one reason tells.
_WORDS_TOLD = 3


@dataclass(frozen=True)
class Place:
    """A category and a body, with their share of all that comes into question, 0 to 1."""

    category: str
    body: str
    share: float


@dataclass(frozen=True)
class Judgement:
    """The places, likeliest first; the urgency; and how much speaks for closing the matter (above 0: it does)."""

    places: tuple[Place, ...]
    urgency: Urgency
    closing: float
    signs: Signs
    model: Model

    def share_of_body(self, body: str) -> float:
        """Return the share of a body over all categories."""
        return sum(one.share for one in self.places if one.body == body)

    def share_of_category(self, category: str) -> float:
        """Return the share of a category over all bodies."""
        return sum(one.share for one in self.places if one.category == category)

    def words_for(self, question: Question, label: str) -> tuple[str, ...]:
        """Return the words that counted most for the label, as they stand in the text; at most three runs."""
        return _words(self.signs, self.model.learned[question].pull(self.signs, label))


def judge(text: str, model: Model, said: Hints) -> Judgement:
    """Return what the model says of the text; ``said`` is what the rule book says of it."""
    signs = read_signs(text)
    place, manner = signs.joined(said.place), signs.joined(said.manner)
    restricted = model.learned[Question.RESTRICTED].scores(manner)
    return Judgement(
        _places(model, place),
        _urgency(softmax(model.learned[Question.URGENCY].scores(manner), _URGENCY_STEEPNESS)),
        restricted.get(YES, 0.0) - restricted.get(NO, 0.0),
        signs,
        model,
    )


def _places(model: Model, signs: Signs) -> tuple[Place, ...]:
    categories = model.learned[Question.CATEGORY].scores(signs)
    bodies = model.learned[Question.BODY].scores(signs)
    scores = {pair: categories[pair[0]] + bodies[pair[1]] for pair in model.pairs}
    shares = softmax(scores, _PLACE_STEEPNESS)
    return tuple(
        Place(*pair, share) for pair, share in sorted(shares.items(), key=lambda one: (-one[1], one[0]))
    )


def softmax(scores: Mapping[Label, float], steepness: float) -> dict[Label, float]:
    """Return positive shares that add up to one; nothing for no scores."""
    most = max(scores.values(), default=0.0)
    powers = {label: math.exp((score - most) * steepness) for label, score in scores.items()}
    total = sum(powers.values())
    return {label: power / total for label, power in powers.items()}


def among(places: Sequence[Place]) -> tuple[Place, ...]:
    """Return the places with their shares among themselves alone."""
    total = sum(one.share for one in places)
    return tuple(Place(one.category, one.body, one.share / total) for one in places)


def _urgency(shares: Mapping[str, float]) -> Urgency:
    """Return the step that is least likely to be more than one step off."""
    order = list(URGENCY_ORDER)
    told = [shares.get(level, 0.0) for level in order]

    def cost(step: int) -> float:
        far = sum(share for other, share in enumerate(told) if abs(other - step) > 1)
        return far - _EXACT_GAIN * told[step]

    return order[min(range(len(order)), key=cost)]


def _words(signs: Signs, pull: Mapping[str, float]) -> tuple[str, ...]:
    """Return the runs of words that pull most, neighbours joined, in the order of the text."""
    strength: defaultdict[int, float] = defaultdict(float)
    for sign, gain in pull.items():
        for span in signs.places.get(sign, ()):
            for place in range(*span):
                strength[place] += gain / (span.end - span.start)
    best = sorted(sorted(strength, key=lambda place: (-strength[place], place))[: 2 * _WORDS_TOLD])
    runs: list[Span] = []
    for place in best:
        if runs and runs[-1].end == place:
            runs[-1] = Span(runs[-1].start, place + 1)
        else:
            runs.append(Span(place, place + 1))
    heaviest = sorted(runs, key=lambda run: -sum(strength[place] for place in range(*run)))[:_WORDS_TOLD]
    return tuple(" ".join(signs.words[run.start : run.end]) for run in sorted(heaviest))
