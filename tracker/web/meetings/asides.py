"""What the sheet asks while it is being typed, as JSON: keep a draft, suggest a place, work out the figures."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from forms.sheet import KEY
from tracker.domain.access import Action
from tracker.domain.errors import Invalid, TrackerError
from tracker.domain.meetings import MeetingKind
from tracker.domain.sheet_figures import live_figures, minutes_between
from tracker.domain.sheets import FileConcern
from tracker.domain.text import tidy
from tracker.domain.tickets import TEXT_MAX, TEXT_MIN, URGENCY_WORDS
from tracker.services.drafts import save_draft
from tracker.services.filing import Placement, place
from tracker.services.reference import Reference
from tracker.web import context
from tracker.web.access import needs
from tracker.web.asking import LARGEST
from tracker.web.errors import status_of
from tracker.web.meetings.building import matters_of, typed_form
from tracker.web.meetings.screen import asked_branch, blueprint
from tracker.web.throttle import limiter

Aside = Callable[..., dict[str, Any]]


def _who_asks() -> str:
    return f"account:{context.actor().account_id}"


def _as_json(view: Aside) -> Callable[..., ResponseReturnValue]:
    """Answer with JSON, refusals too: ``problem`` is the sentence for the person."""

    @wraps(view)
    def answer(**names: Any) -> ResponseReturnValue:
        try:
            return jsonify(view(**names))
        except TrackerError as error:
            return jsonify(problem=error.sentence, code=error.code), status_of(error)

    return answer


def _branch(reference: Reference) -> int:
    branch_id = asked_branch(Action.SHEET_WRITE, reference)
    if branch_id is None:
        raise Invalid("Chưa chọn chi bộ.")
    return branch_id


@blueprint.post("/phieu-hop/nhap/<key>")
@limiter.limit("120 per minute", key_func=_who_asks)
@needs(Action.SHEET_WRITE)
@_as_json
def save(key: str) -> dict[str, Any]:
    reference = context.reference()
    branch_id = _branch(reference)
    body = _posted()
    values = kept_values(body.get("values"))
    if values is None or not re.fullmatch(KEY, key):
        raise Invalid("Bản nháp không đọc được.")
    corrects, version = (_whole(body.get(name)) for name in ("corrects", "version"))
    with context.unit() as unit:
        saved = save_draft(
            key, branch_id, values, version=version or 0, corrects_id=corrects, unit=unit, reference=reference
        )
    return {"version": saved, "saved_at": context.now().isoformat()}


def _posted() -> Mapping[str, Any]:
    """Return the posted JSON object; anything else counts as an empty one."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # nested deeper than any page of ours would
        body = None
    return body if isinstance(body, Mapping) else {}


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST else None


_NOT_KEPT = frozenset({"csrf_token", "do", "request_key", "draft_version"})


def kept_values(values: Any) -> dict[str, list[str]] | None:
    """Return the fields that a draft keeps, or None when they aren't lists of strings by name."""
    if not isinstance(values, Mapping):
        return None
    if not all(isinstance(v, list) and all(map(_is_text, v)) for v in values.values()):
        return None
    return {name: list(listed) for name, listed in values.items() if _is_text(name) and name not in _NOT_KEPT}


def _is_text(value: Any) -> bool:
    """Return whether it is a string that can be written down; half a surrogate pair can't."""
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


@blueprint.post("/phieu-hop/de-xuat")
@limiter.limit("90 per minute", key_func=_who_asks)
@needs(Action.SHEET_WRITE)
@_as_json
def suggestion() -> dict[str, Any]:
    reference = context.reference()
    branch_id = _branch(reference)
    body = _posted()
    text, category = (
        tidy(v) if isinstance(v := body.get(name), str) else "" for name in ("text", "category")
    )
    if not TEXT_MIN <= len(text) <= TEXT_MAX:
        return {"words": ""}
    found = place(FileConcern(text, "petition", "member", category=category or None), branch_id, reference)
    return _suggested(found, reference) | {"matters": list(matters_of(text, branch_id, reference))}


def _suggested(found: Placement, reference: Reference) -> dict[str, Any]:
    category = reference.book.category(found.category, reference.on)
    names = {
        "category": category.name if category else "Chưa rõ lĩnh vực",
        "body_code": found.body.name if found.body else "Văn phòng phân loại",
        "urgency": URGENCY_WORDS[found.urgency],
    }
    return {
        "category": found.category,
        "body_code": found.body.code if found.body else None,
        "urgency": found.urgency,
        "restricted": found.is_restricted,
        "names": names,
        "words": " · ".join(names.values()),
        "because": list(found.because),
    }


@blueprint.post("/phieu-hop/tinh")
@limiter.limit("120 per minute", key_func=_who_asks)
@needs(Action.SHEET_WRITE)
@_as_json
def figures() -> dict[str, Any]:
    reference = context.reference()
    return figures_of(typed_form(request.form, _branch(reference), reference))


def figures_of(form: Any) -> dict[str, str]:
    """Return what the sheet's figures say so far, for the page and for the script alike."""
    kind = MeetingKind(form.kind.data) if form.kind.data in set(MeetingKind) else MeetingKind.REGULAR
    minutes = minutes_between(form.starts.data, form.ends.data)
    return live_figures(form.points.rubric, kind, minutes, form.roll(), form.points.given(kind))
