"""Builds the sheet's form: empty, filled in from the last sheet, from a draft, from a sheet to correct, or as typed."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from flask import flash
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from forms.rows import drop_blank, renumber, with_rows_after
from forms.sheet import LISTS, CorrectionForm, SheetForm, sheet_form
from forms.typed import typed_date
from tracker.db.reading.branch_tickets import Answer, answers_to_tell
from tracker.db.reading.sheets import conclusions_of, last_sheet, scores_of
from tracker.db.tables.meetings import Assessment, Meeting
from tracker.domain.dates import local
from tracker.domain.errors import NotFound
from tracker.domain.meetings import ROLL_FIELDS
from tracker.domain.rubric import Rubric, rubric_on
from tracker.domain.text import tidy
from tracker.domain.tickets import TEXT_MAX
from tracker.services.drafts import Draft
from tracker.services.reference import Reference
from tracker.services.routing import split_for
from tracker.web import context

_KEPT = (
    "place",
    "chair",
    "minute_taker",
    "official",
    "probationary",
    "exempt",
    "temp_exempt",
    "special_duty",
)
"""What usually stays from one meeting to the next, so that nobody types it twice."""


def rubric_of_day(reference: Reference, on: date | None) -> Rubric:
    """Return the table of that day; where the day has none, the one in force today."""
    try:
        return rubric_on(reference.rubrics, on or reference.on)
    except NotFound:
        return rubric_on(reference.rubrics, reference.on)


def form_class(branch_id: int, reference: Reference, on: date | None, base: type[SheetForm]) -> Any:
    """Return the form class with the lists of the branch and the scoring table of the day."""
    codes = dict.fromkeys(category.code for category in reference.book.categories)
    known = (reference.book.category(code, reference.on) for code in codes)
    categories = tuple((category.code, category.name) for category in known if category)
    bodies = tuple((body.code, body.name) for body in reference.tree.bodies_for(branch_id))
    return sheet_form(rubric_of_day(reference, on), categories, bodies, base)  # type: ignore[arg-type]


def new_form(branch_id: int, reference: Reference) -> Any:
    """Return a fresh sheet with a key of its own, filled in from the branch's last one."""
    last = last_sheet(context.session(), branch_id)
    values = {name: getattr(last, name) for name in _KEPT} if last else {}
    return form_class(branch_id, reference, reference.on, SheetForm)(
        formdata=None, request_key=uuid4().hex, held_on=reference.on, **values
    )


def correction_form(meeting: Meeting, reference: Reference) -> Any:
    """Return the form that shows a submitted sheet for correction."""
    score = scores_of(context.session(), meeting.id).get("self")
    values = {name: getattr(meeting, name) for name in (*_KEPT, *ROLL_FIELDS, "kind", "held_on", "version")}
    values |= {name: getattr(meeting, name) for name in ("superior_attended", "superior_name")}
    lines = conclusions_of(context.session(), meeting.id)
    return form_class(meeting.branch_id, reference, meeting.held_on, CorrectionForm)(
        formdata=None,
        request_key=uuid4().hex,
        starts=local(meeting.starts_at).time(),
        ends=local(meeting.ends_at).time(),
        conclusions=[{"task": x.task, "assignee": x.assignee, "due_on": x.due_on} for x in lines],
        score_later=score is None,
        **_score_values(score),
        **values,
    )


def _score_values(score: Assessment | None) -> dict[str, Any]:
    if score is None:
        return {}
    points = {line["code"]: line["points"] for line in score.lines if not line["is_measured"]}
    return {"score": points, "votes_for": score.votes_for, "votes_total": score.votes_total}


def typed_form(
    data: Mapping[str, Any], branch_id: int, reference: Reference, base: type[SheetForm] = SheetForm
) -> Any:
    """Return the form as typed; ``do`` may say that a row is added ("add-concerns"), left out ("remove-concerns-2")
    or divided into its matters ("split-concerns-2")."""
    do = str(data.get("do", ""))
    fields = renumber(MultiDict(data), LISTS, without=do.removeprefix("remove-"))
    if do.startswith("split-"):
        fields = _divided(fields, do.removeprefix("split-concerns-"), branch_id, reference)
    if do in ("", "submit"):
        fields = drop_blank(fields, "conclusions")
    form = form_class(branch_id, reference, _day(fields), base)(formdata=fields)
    name = do.removeprefix("add-")
    if do.startswith("add-") and name in ("concerns", "conclusions"):
        form[name].append_entry()
    return form


def _divided(
    fields: MultiDict[str, str], row: str, branch_id: int, reference: Reference
) -> MultiDict[str, str]:
    """Return the fields with a concern's row divided into the matters that it holds; as they were for one alone."""
    text = tidy(fields.get(f"concerns-{row}-text"))
    if len(text) > TEXT_MAX:
        flash(_("Ý kiến này dài quá %(n)s chữ cái, nên chưa tách được.", n=TEXT_MAX))
        return fields
    parts = matters_of(text, branch_id, reference)
    if not parts or not row.isdecimal():
        flash(_("Ý kiến này chưa thấy có hai việc khác nhau, nên chưa tách."))
        return fields
    flash(_("Đã tách thành %(n)s ý kiến. Đồng chí xem lại từng ý kiến trước khi gửi.", n=len(parts)))
    at = int(row)
    for name in ("category", "body_code", "urgency"):
        fields.poplist(f"concerns-{at}-{name}")
    return with_rows_after(fields, "concerns", at, "text", parts)


def matters_of(text: str, branch_id: int, reference: Reference) -> tuple[str, ...]:
    """Return the matters into which a concern may be divided, in their order; empty when it holds one alone."""
    return split_for(
        reference.book,
        text,
        units=reference.tree.codes(branch_id),
        on=reference.on,
        model=reference.model,
    )


def draft_form(draft: Draft, reference: Reference, base: type[SheetForm] = SheetForm) -> Any:
    """Return the form as the draft has it, its version beside it."""
    fields = MultiDict(
        (name, value) for name, listed in draft.values.items() for value in listed if isinstance(value, str)
    )
    fields["request_key"], fields["draft_version"] = draft.key, str(draft.version)
    return form_class(draft.branch_id, reference, _day(fields), base)(formdata=renumber(fields, LISTS))


def _day(fields: MultiDict[str, str]) -> date | None:
    try:
        return typed_date(fields.get("held_on", ""))
    except ValueError:
        return None


def with_answers(form: Any, branch_id: int) -> None:
    """Add a row for each answer that waits for the branch and has none on the form yet."""
    rows = {str(row.form.ticket_id.data) for row in form.verdicts}
    form.answers = waiting_answers(branch_id)
    for ticket_id in form.answers:
        if str(ticket_id) not in rows:
            form.verdicts.append_entry({"ticket_id": ticket_id})


def waiting_answers(branch_id: int) -> dict[int, Answer]:
    """Return the answers that wait for the branch, by ticket id."""
    return {answer.ticket_id: answer for answer in answers_to_tell(context.session(), (branch_id,))}
