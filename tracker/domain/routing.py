"""Which body answers a concern, and why: dated, ordered rules over category, unit and words.

Three kinds of rule, all data (``tracker/data/routing``), all with a first and a last day:

* ``CATEGORY``: words that speak for a category, with a weight; the heaviest category is suggested.
* ``BODY``: category x unit x words -> body; the first that fits decides, a unit's own rule before a general one.
* ``MARK``: words (and, if given, the category) that raise or lower the urgency or make the concern restricted.

What no rule decides is left without a body: it goes to triage and is never guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tracker.domain.phrases import Phrase, PhraseIndex, Span, outermost
from tracker.domain.tickets import URGENCY_WORDS, Urgency

URGENCY_ORDER = (Urgency.THAP, Urgency.THUONG, Urgency.CAO, Urgency.KHAN)
"""From what can wait to what can't."""


class RuleKind(StrEnum):
    """What a rule decides."""

    CATEGORY = "category"
    BODY = "body"
    MARK = "mark"


@dataclass(frozen=True, kw_only=True)
class Category:
    """A field of concerns. Valid from ``valid_from`` up to, not including, ``valid_to``."""

    code: str
    name: str
    is_restricted: bool = False
    position: int = 0
    valid_from: date = date.min
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class BodyName:
    """A body that answers, as the reasons name it. ``in_chain``: it takes instructions from the party committee."""

    code: str
    name: str
    short_name: str
    kind: str
    in_chain: bool


@dataclass(frozen=True, kw_only=True)
class WordRule:
    """One row of the rule book. ``phrases``: any of them is enough; none at all: the words don't matter.

    ``unless``: none of these may be there. ``category`` is the result of a CATEGORY rule and the condition of
    the others. ``unit`` is a unit's code and holds for the units below it too. ``tag`` is the evidence tag.
    """

    code: str
    kind: RuleKind
    position: int = 0
    phrases: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    category: str | None = None
    unit: str | None = None
    body: str | None = None
    urgency: Urgency | None = None
    restricted: bool = False
    weight: float = 1.0
    valid_from: date = date.min
    valid_to: date | None = None
    source: str = ""
    tag: str = "G"

    def holds_on(self, on: date) -> bool:
        """Return whether the rule is in force on that day (last day exclusive)."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True)
class Alternative:
    """Another reading of the text; ``score`` is its share of all evidence, 0 to 1."""

    category: str
    body: str | None
    score: float


@dataclass(frozen=True)
class Suggestion:
    """What the rules make of a text. ``body`` None: triage. ``rule``: the code of the rule that chose the body."""

    text: str
    category: str | None
    body: str | None
    urgency: Urgency
    restricted: bool
    because: tuple[str, ...]
    alternatives: tuple[Alternative, ...] = ()
    rule: str | None = None


@dataclass(frozen=True)
class _Compiled:
    """A rule with its phrases parsed."""

    rule: WordRule
    phrases: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]

    @classmethod
    def of(cls, rule: WordRule) -> "_Compiled":
        return cls(
            rule,
            tuple(Phrase.parse(text) for text in rule.phrases),
            tuple(Phrase.parse(text) for text in rule.unless),
        )

    def fits(self, found: Mapping[str, object]) -> bool:
        """Return whether the words allow the rule: one of its phrases (if it has any), none of ``unless``."""
        if any(phrase.within(found) for phrase in self.unless):
            return False
        return not self.phrases or any(phrase.within(found) for phrase in self.phrases)

    def first_in(self, found: Mapping[str, object]) -> Phrase | None:
        return next((phrase for phrase in self.phrases if phrase.within(found)), None)


@dataclass(frozen=True)
class RuleBook:
    """Categories, bodies and rules, compiled once; immutable. Raises ValueError for a phrase without a word."""

    categories: tuple[Category, ...]
    bodies: tuple[BodyName, ...]
    rules: tuple[WordRule, ...]
    _index: PhraseIndex = field(init=False, repr=False, compare=False)
    _kinds: Mapping[RuleKind, tuple[_Compiled, ...]] = field(init=False, repr=False, compare=False)
    _single: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ordered = sorted(self.rules, key=lambda rule: (rule.position, rule.code))
        compiled = [_Compiled.of(rule) for rule in ordered]
        kinds = {kind: tuple(one for one in compiled if one.rule.kind is kind) for kind in RuleKind}
        every = [phrase for one in compiled for phrase in one.phrases + one.unless]
        single = {
            phrase.text
            for one in kinds[RuleKind.CATEGORY]
            for phrase in one.phrases
            if len(phrase.atoms) == 1
        }
        object.__setattr__(self, "_index", PhraseIndex(every))
        object.__setattr__(self, "_kinds", kinds)
        object.__setattr__(self, "_single", frozenset(single))

    def category(self, code: str | None, on: date) -> Category | None:
        """Return the category with that code on that day, or None."""
        for category in self.categories:
            ended = category.valid_to is not None and on >= category.valid_to
            if category.code == code and category.valid_from <= on and not ended:
                return category
        return None

    def body_name(self, code: str) -> str:
        """Return the body's Vietnamese name, or the code itself when the book doesn't know it."""
        return next((body.name for body in self.bodies if body.code == code), code)

    def compiled(self, kind: RuleKind, on: date) -> Iterable[_Compiled]:
        """Return the rules of a kind in force on that day, in their order."""
        return (one for one in self._kinds[kind] if one.rule.holds_on(on))

    def scan(self, text: str) -> dict[str, list[Span]]:
        """Return where the book's phrases stand in the text."""
        return self._index.scan(text)

    def leading(self, found: Mapping[str, list[Span]]) -> frozenset[str]:
        """Return the category phrases that stand in the text not merely inside a longer one."""
        return frozenset(outermost(found, self._single))


@dataclass(frozen=True)
class _Reading:
    """A text read with a book on a day: what was found and for whom."""

    book: RuleBook
    found: Mapping[str, list[Span]]
    units: Sequence[str]
    on: date

    def scores(self) -> list[tuple[str, float, list[Phrase]]]:
        """Return (category, weight, phrases) for each category with evidence, heaviest first."""
        leading = self.book.leading(self.found)
        weights: dict[str, float] = {}
        phrases: dict[str, dict[str, Phrase]] = {}
        for one in self.book.compiled(RuleKind.CATEGORY, self.on):
            code = one.rule.category
            if code is None or not one.fits(self.found) or self.book.category(code, self.on) is None:
                continue
            for phrase in one.phrases:
                there = phrase.text in leading if len(phrase.atoms) == 1 else phrase.within(self.found)
                if there and phrase.text not in phrases.setdefault(code, {}):
                    phrases[code][phrase.text] = phrase
                    weights[code] = weights.get(code, 0.0) + one.rule.weight
        # Equal weights stand in the order of the book, so that the same text always reads the same.
        order = {category.code: category.position for category in self.book.categories}
        ranked = sorted(weights, key=lambda code: (-weights[code], order[code], code))
        return [(code, weights[code], list(phrases[code].values())) for code in ranked]

    def body_rule(self, category: str | None) -> _Compiled | None:
        """Return the rule that decides the body: the nearest unit's own first, then by position."""
        best: tuple[int, _Compiled] | None = None
        for one in self.book.compiled(RuleKind.BODY, self.on):
            rule = one.rule
            if rule.category not in (None, category) or (rule.category is None and not rule.phrases):
                continue
            near = self._nearness(rule.unit)
            if near is not None and (best is None or near < best[0]) and one.fits(self.found):
                best = (near, one)
        return best[1] if best else None

    def _nearness(self, unit: str | None) -> int | None:
        """Return 0 for the unit itself, 1 for its parent …, after them all for a general rule; None: elsewhere."""
        if unit is None:
            return len(self.units)
        return self.units.index(unit) if unit in self.units else None

    def marks(self, category: str | None) -> list[_Compiled]:
        """Return the mark rules that fit, in their order."""
        return [
            one
            for one in self.book.compiled(RuleKind.MARK, self.on)
            if one.rule.category in (None, category)
            and self._nearness(one.rule.unit) is not None
            and one.fits(self.found)
        ]


def suggest(
    text: str, book: RuleBook, unit_codes: Sequence[str], on: date, category: str | None = None
) -> Suggestion:
    """Return what the rules in force on ``on`` make of the text; never raises for any text.

    ``unit_codes``: the unit where it was raised, then its parents, nearest first. ``category``: what the
    person chose; the body is then decided for it. Without evidence, or when two categories weigh the same
    and lead to different bodies, ``body`` is None (triage).
    """
    reading = _Reading(book, book.scan(text), tuple(unit_codes), on)
    scores = reading.scores()
    chosen = category or (scores[0][0] if scores else None)
    rule = None if category is None and _undecided(reading, scores) else reading.body_rule(chosen)
    marks = reading.marks(chosen)
    urgency, urgent_because = _urgency(reading, marks)
    restricted, closed_because = _restriction(reading, chosen, scores, marks)
    because = (
        *_category_because(reading, chosen, category, scores),
        *_body_because(reading, chosen, rule),
        *urgent_because,
        *closed_because,
    )
    return Suggestion(
        text=text,
        category=chosen,
        body=rule.rule.body if rule else None,
        urgency=urgency,
        restricted=restricted,
        because=because,
        alternatives=_alternatives(reading, chosen, scores),
        rule=rule.rule.code if rule else None,
    )


def _undecided(reading: _Reading, scores: list[tuple[str, float, list[Phrase]]]) -> bool:
    """Return whether two categories weigh the same and would go to different bodies."""
    if len(scores) < 2 or scores[0][1] > scores[1][1]:
        return False
    rules = [reading.body_rule(code) for code, weight, _ in scores if weight == scores[0][1]]
    return len({rule.rule.body if rule else None for rule in rules}) > 1


def _alternatives(
    reading: _Reading, chosen: str | None, scores: list[tuple[str, float, list[Phrase]]]
) -> tuple[Alternative, ...]:
    """Return up to three other categories with their bodies."""
    total = sum(weight for _, weight, _ in scores)
    others = [(code, weight) for code, weight, _ in scores if code != chosen][:3]
    found = []
    for code, weight in others:
        rule = reading.body_rule(code)
        found.append(Alternative(code, rule.rule.body if rule else None, round(weight / total, 3)))
    return tuple(found)


def _urgency(reading: _Reading, marks: Sequence[_Compiled]) -> tuple[Urgency, tuple[str, ...]]:
    """Return the highest urgency that a mark asks for; "thấp" only when no mark asks for more."""
    asking = [one for one in marks if one.rule.urgency is not None]
    best = max(asking, key=lambda one: URGENCY_ORDER.index(one.rule.urgency or Urgency.THUONG), default=None)
    if best is None or best.rule.urgency is None:
        return Urgency.THUONG, ()
    phrase = best.first_in(reading.found)
    reason = f"có từ {phrase.words_for_people}" if phrase else "theo lĩnh vực"
    level = _lower(URGENCY_WORDS[best.rule.urgency])
    return best.rule.urgency, (f"mức {level} vì {reason} (quy tắc {best.rule.code})",)


def _restriction(
    reading: _Reading,
    chosen: str | None,
    scores: list[tuple[str, float, list[Phrase]]],
    marks: Sequence[_Compiled],
) -> tuple[bool, tuple[str, ...]]:
    """Return whether only named persons may see it: by category, by words, or by any real evidence of such."""
    category = reading.book.category(chosen, reading.on)
    if category is not None and category.is_restricted:
        return True, (f"hạn chế người xem vì thuộc lĩnh vực {_lower(category.name)}",)
    for one in marks:
        if one.rule.restricted:
            phrase = one.first_in(reading.found)
            words = f"có từ {phrase.words_for_people}" if phrase else "theo lĩnh vực"
            return True, (f"hạn chế người xem vì {words} (quy tắc {one.rule.code})",)
    for code, weight, phrases in scores:
        other = reading.book.category(code, reading.on)
        # A closed matter that was opened can't be closed again: real evidence is enough, first place isn't needed.
        if other is not None and other.is_restricted and weight >= 2:
            return True, (f"hạn chế người xem vì có từ {phrases[0].words_for_people}",)
    return False, ()


def _category_because(
    reading: _Reading,
    chosen: str | None,
    given: str | None,
    scores: list[tuple[str, float, list[Phrase]]],
) -> tuple[str, ...]:
    if given is not None:
        return ("lĩnh vực do người ghi chọn",)
    if chosen is None:
        return ("chưa có từ nào cho biết lĩnh vực, chuyển văn phòng phân loại",)
    words = ", ".join(phrase.words_for_people for phrase in scores[0][2][:4])
    if _undecided(reading, scores):
        other = ", ".join(phrase.words_for_people for phrase in scores[1][2][:4])
        return (f"vì có từ {words}", f"nhưng cũng có từ {other}: hai lĩnh vực ngang nhau")
    return (f"vì có từ {words}",)


def _body_because(reading: _Reading, chosen: str | None, rule: _Compiled | None) -> tuple[str, ...]:
    if rule is None or rule.rule.body is None:
        return (
            ("chưa có quy tắc nào quyết định đơn vị trả lời, chuyển văn phòng phân loại",) if chosen else ()
        )
    name = reading.book.body_name(rule.rule.body)
    phrase = rule.first_in(reading.found)
    if phrase is not None:
        return (f"nội dung có từ {phrase.words_for_people} do {name} trả lời (quy tắc {rule.rule.code})",)
    category = reading.book.category(chosen, reading.on)
    field_name = _lower(category.name) if category else chosen
    return (f"lĩnh vực {field_name} do {name} trả lời (quy tắc {rule.rule.code})",)


def _lower(name: str) -> str:
    """Return the name as it stands inside a sentence: "Y tế" -> "y tế"."""
    return name[:1].lower() + name[1:]
