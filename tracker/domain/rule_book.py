"""The rule book of routing: categories, bodies and rules as they stand in the data, with their words compiled.

Three kinds of rule, all data (``tracker/data/routing``), all with a first and a last day:

* ``CATEGORY``: words that speak for a category, with a weight; the heaviest category is suggested.
* ``BODY``: category x unit x words -> body; the first that fits decides, a unit's own rule before a general one.
* ``MARK``: words (and, if given, the category) that raise or lower the urgency or make the concern restricted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tracker.domain.phrases import Phrase, PhraseIndex, Span, outermost
from tracker.domain.tickets import Urgency


class RuleKind(StrEnum):
    """What a rule decides."""

    CATEGORY = "category"
    BODY = "body"
    MARK = "mark"


RULE_KIND_WORDS: Mapping[str, str] = {
    RuleKind.BODY: "chọn đơn vị trả lời",
    RuleKind.CATEGORY: "nhận ra lĩnh vực",
    RuleKind.MARK: "đặt mức độ, hạn chế người xem",
}


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
    #: written where the product is used, not shipped with it: it decides before anything learned
    is_own: bool = False

    def holds_on(self, on: date) -> bool:
        """Return whether the rule is in force on that day (last day exclusive)."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


Found = Mapping[str, list[Span]]


@dataclass(frozen=True)
class CompiledRule:
    """A rule with its phrases parsed and kept by their first atoms, so that a text asks only for what it holds."""

    rule: WordRule
    phrases: Mapping[str, tuple[Phrase, ...]]
    unless: tuple[Phrase, ...]

    @classmethod
    def of(cls, rule: WordRule) -> "CompiledRule":
        phrases: dict[str, tuple[Phrase, ...]] = {}
        for phrase in map(Phrase.parse, rule.phrases):
            for atom in phrase.parts[0]:
                phrases[atom.text] = (*phrases.get(atom.text, ()), phrase)
        return cls(rule, phrases, tuple(Phrase.parse(text) for text in rule.unless))

    def every_phrase(self) -> Iterable[Phrase]:
        """Return all phrases the rule looks for or forbids."""
        for phrases in self.phrases.values():
            yield from phrases
        yield from self.unless

    def hits(self, found: Found) -> list[Phrase]:
        """Return those of its phrases that the text holds, each once, in the order of the text."""
        there = {
            phrase.text: phrase
            for first in self.phrases.keys() & found.keys()
            for phrase in self.phrases[first]
            if phrase.found_in(found)
        }
        return sorted(there.values(), key=lambda phrase: (found[phrase.found_in(found)[0]][0], phrase.text))

    def fits(self, found: Found) -> bool:
        """Return whether the words allow the rule: one of its phrases (if it has any), none of ``unless``."""
        if self.phrases and not any(
            phrase.found_in(found)
            for first in self.phrases.keys() & found.keys()
            for phrase in self.phrases[first]
        ):
            return False
        return not any(phrase.found_in(found) for phrase in self.unless)

    def reason(self, found: Found) -> str:
        """Return the longest of the phrases found, quoted; empty for a rule that asks for no words."""
        longest = max(
            self.hits(found), key=lambda phrase: (len(phrase.quoted(found)), phrase.text), default=None
        )
        return longest.quoted(found) if longest else ""


@dataclass(frozen=True)
class RuleBook:
    """Categories, bodies and rules, compiled once; immutable. Raises ValueError for a phrase without a word."""

    categories: tuple[Category, ...]
    bodies: tuple[BodyName, ...]
    rules: tuple[WordRule, ...]
    _index: PhraseIndex = field(init=False, repr=False, compare=False)
    _kinds: Mapping[RuleKind, tuple[CompiledRule, ...]] = field(init=False, repr=False, compare=False)
    _single: Mapping[RuleKind, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ordered = sorted(self.rules, key=lambda rule: (rule.position, rule.code))
        compiled = [CompiledRule.of(rule) for rule in ordered]
        kinds = {kind: tuple(one for one in compiled if one.rule.kind is kind) for kind in RuleKind}
        every = [phrase for one in compiled for phrase in one.every_phrase()]
        single = {
            kind: frozenset(p.text for one in kinds[kind] for p in one.every_phrase() if p.is_single)
            for kind in RuleKind
        }
        object.__setattr__(self, "_index", PhraseIndex(every))
        object.__setattr__(self, "_kinds", kinds)
        object.__setattr__(self, "_single", single)

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

    def compiled(self, kind: RuleKind, on: date) -> Iterable[CompiledRule]:
        """Return the rules of a kind in force on that day, in their order."""
        return (one for one in self._kinds[kind] if one.rule.holds_on(on))

    def scan(self, text: str) -> Found:
        """Return where the book's phrases stand in the text."""
        return self._index.scan(text)

    def leading(self, kind: RuleKind, found: Found) -> Found:
        """Return what was found without the phrases of that kind that stand only inside a longer one."""
        single = self._single[kind]
        kept = frozenset(outermost(found, single))
        return {text: spans for text, spans in found.items() if text not in single or text in kept}
