"""Where a concern goes: the office's own rules first, then what was learned, then triage when that isn't sure.

The shipped rules are evidence for the learner, not orders; a rule that the office wrote, or one that holds for
a unit alone, decides at once. Without a model the rules decide alone, as :mod:`tracker.domain.routing` says.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tracker.domain.judging import Judgement, Place, among, judge
from tracker.domain.learning import YES, Hints, Model, Question
from tracker.domain.routing import Alternative, Suggestion, Verdict, lowered, weigh
from tracker.domain.rule_book import RuleBook
from tracker.domain.signs import RULE
from tracker.domain.tickets import URGENCY_WORDS

SURE = 0.3
"""The share from which a body is chosen; below it a person decides. The bench says how many of those are right."""

# A closed matter that was opened can't be closed again, so little is enough to close it.
_CLOSING_ODDS = -1.6
_CLOSING_SHARE = 0.1
# How many times over the rules' word is counted against one word of the text.
_PLACE_TIMES, _MANNER_TIMES, _MOST_TIMES = 2.0, 6.0, 6.0
_ALTERNATIVES = 50
# A place less likely than that is no alternative worth telling.
_WORTH_TELLING = 0.02


def hints(text: str, book: RuleBook, unit_codes: Sequence[str], on: date) -> Hints:
    """Return what the rule book says of a text, as signs for the learner."""
    return _hints(weigh(text, book, unit_codes, on))


def _hints(verdict: Verdict) -> Hints:
    found = verdict.suggestion
    place = {f"{RULE}{code}": min(weight, _MOST_TIMES) for code, weight in verdict.evidence.items()}
    for code in list(verdict.evidence)[:1]:
        place[f"{RULE}first:{code}"] = _PLACE_TIMES
    if found.body is not None:
        place[f"{RULE}body:{found.body}"] = _PLACE_TIMES
    manner = {f"{RULE}urgency:{found.urgency}": _MANNER_TIMES}
    if found.restricted:
        manner[f"{RULE}restricted"] = _MANNER_TIMES
    return Hints(place, manner)


def suggest_with(
    text: str,
    book: RuleBook,
    model: Model | None,
    unit_codes: Sequence[str],
    on: date,
    category: str | None = None,
) -> Suggestion:
    """Return the suggestion for a text whose short forms are spelled out; never raises for any text.

    ``category``: what the person chose; its bodies alone then come into question.
    """
    verdict = weigh(text, book, unit_codes, on, category)
    if model is None:
        return verdict.suggestion
    free = weigh(text, book, unit_codes, on) if category else verdict
    judged = judge(text, model, _hints(free))
    found = verdict.suggestion
    places = _in_question(judged, book, on, category)
    if places and not verdict.is_own and _knows(judged, free):
        found = _placed(judged, places, book, on, category)
    found = replace(found, text=text)
    return _closed(found, verdict.suggestion, judged, book, on) if _knows(judged, free) else found


def _knows(judged: Judgement, verdict: Verdict) -> bool:
    """Return whether anything in the text was ever seen; of a text without a known word nothing can be said."""
    gains = judged.model.learned[Question.BODY].gains
    return bool(verdict.evidence) or any(sign in gains for sign in judged.signs.counts)


def _in_question(judged: Judgement, book: RuleBook, on: date, category: str | None) -> tuple[Place, ...]:
    """Return the places whose category holds on the day and whose body is known, of the chosen category if any."""
    bodies = {body.code for body in book.bodies}
    held = {code for code in {one.category for one in judged.places} if book.category(code, on) is not None}
    return tuple(
        one
        for one in judged.places
        if one.category in held and (not bodies or one.body in bodies) and category in (None, one.category)
    )


def _placed(
    judged: Judgement, all_places: tuple[Place, ...], book: RuleBook, on: date, category: str | None
) -> Suggestion:
    """Return the likeliest place; without a body when that isn't sure."""
    places = among(all_places)
    best = places[0]
    sure = sum(one.share for one in places if one.body == best.body)
    body = best.body if sure >= SURE else None
    because = (
        *_category_because(judged, best, category),
        *_body_because(judged, places, best, sure, book),
        *_urgency_because(judged),
    )
    others = [one for one in places[1:] if one.share >= _WORTH_TELLING][:_ALTERNATIVES]
    return Suggestion(
        text="",
        category=best.category,
        body=body,
        urgency=judged.urgency,
        restricted=False,
        because=because,
        alternatives=tuple(Alternative(one.category, one.body, round(one.share, 3)) for one in others),
        sure=round(sure, 3),
        model=judged.model.version,
    )


def _category_because(judged: Judgement, best: Place, category: str | None) -> tuple[str, ...]:
    if category is not None:
        return ("lĩnh vực do người ghi chọn",)
    words = _quoted(judged.words_for(Question.CATEGORY, best.category))
    return (f"vì có từ {words}",) if words else ()


def _body_because(
    judged: Judgement, places: Sequence[Place], best: Place, sure: float, book: RuleBook
) -> tuple[str, ...]:
    name, share = book.body_name(best.body), f"{round(100 * sure)} %"
    if sure < SURE:
        return (f"gần với việc của {name} nhưng chỉ chắc {share}, chuyển văn phòng phân loại",)
    words = _quoted(judged.words_for(Question.BODY, best.body))
    told = f"việc tương tự{f' (có từ {words})' if words else ''} do {name} trả lời, chắc {share}"
    return (f"{told} (bản học số {judged.model.version})",)


def _urgency_because(judged: Judgement) -> tuple[str, ...]:
    words = _quoted(judged.words_for(Question.URGENCY, judged.urgency))
    level = lowered(URGENCY_WORDS[judged.urgency])
    return (f"mức {level} vì có từ {words}",) if words else ()


def _closed(found: Suggestion, ruled: Suggestion, judged: Judgement, book: RuleBook, on: date) -> Suggestion:
    """Return the suggestion closed to all but named persons when rules or model hold it for such a matter.

    Where only a suspicion speaks for a matter of a cadre, no open body is chosen: it might be the one meant.
    """
    because = _closing(found, ruled, judged, book, on)
    if because is None:
        return found
    suspected = sum(_restricted_share(one, book, on) for one in judged.places) > _CLOSING_SHARE
    category = book.category(found.category, on)
    opened = category is None or not category.is_restricted
    body = None if suspected and opened else found.body
    told = found.because if because in found.because else (*found.because, because)
    model = found.model
    if body is None and found.body is not None:
        model = judged.model.version
        told = (
            *told,
            "có thể nói về cán bộ hoặc tư tưởng, chưa chuyển đơn vị nào, chờ người có thẩm quyền xem",
        )
    return replace(found, body=body, restricted=True, because=told, model=model)


def _closing(found: Suggestion, ruled: Suggestion, judged: Judgement, book: RuleBook, on: date) -> str | None:
    """Return why few may see it, or None: by category, by the rules, by any real share, by what was learned."""
    category = book.category(found.category, on)
    if category is not None and category.is_restricted:
        return f"hạn chế người xem vì thuộc lĩnh vực {lowered(category.name)}"
    if ruled.restricted:
        return next((one for one in ruled.because if one.startswith("hạn chế")), "hạn chế người xem")
    suspected = sum(_restricted_share(one, book, on) for one in judged.places)
    words = _quoted(judged.words_for(Question.RESTRICTED, YES))
    if suspected > _CLOSING_SHARE or (words and judged.closing > _CLOSING_ODDS):
        return f"hạn chế người xem để giữ an toàn{f', vì có từ {words}' if words else ''}"
    return None


def _restricted_share(place: Place, book: RuleBook, on: date) -> float:
    category = book.category(place.category, on)
    return place.share if category is not None and category.is_restricted else 0.0


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"‘{word}’" for word in words)
