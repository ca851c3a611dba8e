"""The meeting sheet: opened, typed on, kept as a draft, submitted once, corrected later."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.dated import seen_version
from forms.sheet import CorrectionForm
from tracker.db.reading.sheets import meeting_by_id, meeting_by_key, tickets_of
from tracker.db.tables.meetings import Meeting
from tracker.domain.access import Action
from tracker.domain.errors import Conflict, Invalid, NotFound, Refused, StaleEdit
from tracker.domain.tickets import TEXT_MAX
from tracker.services.drafts import discard_draft, drafts_of, read_draft, save_draft
from tracker.services.meetings import branch_resource, correct_sheet, submit_sheet
from tracker.services.reference import Reference
from tracker.web import context
from tracker.web.access import allow, needs
from tracker.web.forms import show_errors
from tracker.web.meetings.asides import figures_of, kept_values
from tracker.web.meetings.building import correction_form, draft_form, new_form, typed_form, with_answers
from tracker.web.meetings.returning import answer_line
from tracker.web.meetings.screen import (
    asked_branch,
    blueprint,
    done_at,
    meeting_resource,
    own_branches,
    ticket_url,
)


@blueprint.route("/phieu-hop/moi", methods=["GET", "POST"])
@needs(Action.SHEET_WRITE)
def new() -> ResponseReturnValue:
    reference = context.reference()
    branch_id = asked_branch(Action.SHEET_WRITE, reference)
    if branch_id is None:
        return render_template(
            "meetings/choose.html", branches=own_branches(reference.tree), endpoint="meetings.new"
        )
    if request.method == "GET":
        return sheet_page(new_form(branch_id, reference), branch_id, reference)
    form = typed_form(request.form, branch_id, reference)
    do = request.form.get("do", "submit")
    if do == "submit":
        return _submit(form, branch_id, reference)
    if do == "save":
        return _keep(form, branch_id, reference)
    return sheet_page(form, branch_id, reference)


def sheet_page(
    form: Any, branch_id: int, reference: Reference, meeting: Meeting | None = None, status: int = 200
) -> ResponseReturnValue:
    """Return the sheet's page: fresh, as typed, or with what is wrong beside its fields."""
    with_answers(form, branch_id)
    drafts = [] if meeting else drafts_of(context.session(), (branch_id,))
    page = render_template(
        "meetings/sheet.html",
        form=form,
        branch=reference.tree.unit(branch_id),
        figures=figures_of(form),
        answers={str(key): answer_line(answer, reference) for key, answer in form.answers.items()},
        limit=TEXT_MAX,
        is_typed=request.method == "POST",
        # Named in full, for a draft's page has an address of its own, which takes no sheet.
        sheet_url=url_for("meetings.correct", meeting_id=meeting.id)
        if meeting
        else url_for("meetings.new", chi_bo=branch_id),
        meeting=meeting,
        tickets=tickets_of(context.session(), meeting.id) if meeting else [],
        ticket_url=ticket_url,
        drafts=[
            draft for draft in drafts if draft.key != form.request_key.data and draft.corrects_id is None
        ],
    )
    return page, status


def _submit(form: Any, branch_id: int, reference: Reference) -> ResponseReturnValue:
    if not form.validate():
        return sheet_page(form, branch_id, reference, status=422)
    try:
        with context.unit() as unit:
            meeting_id = submit_sheet(form.command(branch_id), unit=unit, reference=reference)
    except Invalid as invalid:
        show_errors(form, invalid)
        return sheet_page(form, branch_id, reference, status=422)
    except Conflict as conflict:
        form.form_errors.append(conflict.sentence)
        form.sent = meeting_by_key(context.session(), form.request_key.data)
        return sheet_page(form, branch_id, reference, status=409)
    return done_at(url_for("meetings.receipt", meeting_id=meeting_id))


def _keep(
    form: Any, branch_id: int, reference: Reference, meeting: Meeting | None = None
) -> ResponseReturnValue:
    """Keep the sheet as a draft for somebody whose browser runs no script."""
    key, version = form.request_key.data or "", form.draft_version.data or ""
    values = kept_values(request.form.to_dict(flat=False)) or {}
    try:
        if not form.request_key.validate(form):
            raise Invalid(_("Phiếu này không đọc được. Hãy mở phiếu mới."))
        with context.unit() as unit:
            save_draft(
                key,
                branch_id,
                values,
                version=seen_version(version) or 0,
                corrects_id=meeting.id if meeting else None,
                unit=unit,
                reference=reference,
            )
    except (Invalid, Conflict) as problem:
        form.form_errors.append(problem.sentence)
        return sheet_page(form, branch_id, reference, meeting, 409)
    flash(_("Đã lưu nháp. Đồng chí có thể đóng trang và nhập tiếp sau."))
    return redirect(url_for("meetings.draft", key=key))


@blueprint.get("/phieu-hop/nhap/<key>")
@needs(Action.SHEET_WRITE)
def draft(key: str) -> ResponseReturnValue:
    reference = context.reference()
    kept = read_draft(context.session(), context.parts().wiring.seal, key)
    if kept is None:
        return _sent_already(key, reference)
    allow(Action.SHEET_WRITE, branch_resource(kept.branch_id, reference))
    meeting = meeting_by_id(context.session(), kept.corrects_id) if kept.corrects_id else None
    if meeting is None:
        return sheet_page(draft_form(kept, reference), kept.branch_id, reference)
    return sheet_page(draft_form(kept, reference, CorrectionForm), kept.branch_id, reference, meeting)


def _sent_already(key: str, reference: Reference) -> ResponseReturnValue:
    """Lead from the address of a draft that is no more to the sheet that it became."""
    meeting = meeting_by_key(context.session(), key)
    if meeting is None:
        raise NotFound("Không còn bản nháp này.")
    allow(Action.SHEET_WRITE, meeting_resource(meeting.branch_id, reference))
    flash(_("Phiếu này đã được gửi."))
    return redirect(url_for("meetings.show", meeting_id=meeting.id))


@blueprint.post("/phieu-hop/nhap/<key>/bo")
@needs(Action.SHEET_WRITE)
def discard(key: str) -> ResponseReturnValue:
    with context.unit() as unit:
        discard_draft(key, unit=unit, reference=context.reference())
    flash(_("Đã bỏ bản nháp."))
    return redirect(url_for("meetings.index"))


@blueprint.route("/phieu-hop/<int:meeting_id>/sua", methods=["GET", "POST"])
@needs(Action.SHEET_WRITE)
def correct(meeting_id: int) -> ResponseReturnValue:
    reference = context.reference()
    meeting = meeting_by_id(context.session(), meeting_id)
    if meeting is None:
        raise NotFound("Không tìm thấy phiếu họp này.")
    allow(Action.SHEET_WRITE, meeting_resource(meeting.branch_id, reference))
    if request.method == "GET":
        return sheet_page(correction_form(meeting, reference), meeting.branch_id, reference, meeting)
    form = typed_form(request.form, meeting.branch_id, reference, CorrectionForm)
    do = request.form.get("do", "submit")
    if do == "submit":
        return _correct(form, meeting, reference)
    if do == "save":
        return _keep(form, meeting.branch_id, reference, meeting)
    return sheet_page(form, meeting.branch_id, reference, meeting)


def _correct(form: Any, meeting: Meeting, reference: Reference) -> ResponseReturnValue:
    branch_id, meeting_id = meeting.branch_id, meeting.id
    status = 422
    if form.validate():
        try:
            with context.unit() as unit:
                correct_sheet(form.correction(meeting_id, branch_id), unit=unit, reference=reference)
        except Invalid as invalid:
            show_errors(form, invalid)
        except Refused:
            raise
        except Conflict as conflict:
            status = 409
            form.form_errors.append(conflict.sentence)
            _take_up(form, meeting_id, conflict)
        else:
            flash(_("Đã sửa phiếu. Bản trước khi sửa vẫn được giữ."))
            return done_at(url_for("meetings.show", meeting_id=meeting_id))
    return sheet_page(form, branch_id, reference, meeting_by_id(context.session(), meeting_id), status)


def _take_up(form: Any, meeting_id: int, conflict: Conflict) -> None:
    """After a stale edit the person has seen the sentence: sending again builds on the colleague's version."""
    now = meeting_by_id(context.session(), meeting_id)
    if isinstance(conflict, StaleEdit) and now is not None:
        form.version.raw_data, form.version.data = None, now.version
        form.stale = now
