"""The official class of meetings: which wait for it, and one meeting's score, facts, vote, decision and history."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.assessment import OfficialClassForm
from tracker.db.reading.assessments import ScoreEvent, awaiting_class, score_history
from tracker.db.reading.sheets import meeting_by_id, roll_of, scores_of
from tracker.db.tables.meetings import Meeting
from tracker.domain.access import Action, Resource
from tracker.domain.dates import local, time_words
from tracker.domain.errors import Conflict, Invalid, NotFound, StaleEdit
from tracker.domain.meetings import KIND_LABELS, MeetingKind
from tracker.domain.org import UnitKind
from tracker.domain.rubric import GRADE_LABELS, Grade
from tracker.domain.scope import units_open
from tracker.services.assessments import decide_class
from tracker.web import context
from tracker.web.access import allow, needs
from tracker.web.asking import whole
from tracker.web.forms import show_errors
from tracker.web.paging import PAGE, numbered

blueprint = Blueprint("assessments", __name__)


@blueprint.get("/xep-loai")
@needs(Action.ASSESSMENT_DECIDE)
def index() -> ResponseReturnValue:
    tree = context.reference().tree
    open_units = units_open(context.actor(), Action.ASSESSMENT_DECIDE, tree)
    committees = [unit.id for unit in open_units if unit.kind != UnitKind.BRANCH]
    page = max(1, request.args.get("trang", 1, type=whole))
    lines, total = awaiting_class(context.session(), committees, PAGE, page)
    return render_template(
        "assessments/index.html",
        lines=lines,
        names={unit.id: unit.name for unit in tree.units.values()},
        kinds=KIND_LABELS,
        grades=GRADE_LABELS,
        pager=numbered(page, total, lambda number: url_for(".index", trang=number)),
    )


@blueprint.route("/xep-loai/<int:meeting_id>", methods=["GET", "POST"])
@needs(Action.ASSESSMENT_DECIDE)
def show(meeting_id: int) -> ResponseReturnValue:
    meeting = _open(meeting_id)
    form = _form(meeting_id)
    if form.validate_on_submit():
        try:
            return _decide(meeting_id, form)
        except Invalid as invalid:
            show_errors(form, invalid)
        except StaleEdit as stale:
            return _page(meeting, form, stale.sentence), 409
        except Conflict as conflict:
            form.form_errors.append(conflict.sentence)
    return _page(meeting, form), 422 if form.errors else 200


def _open(meeting_id: int) -> Meeting:
    meeting = meeting_by_id(context.session(), meeting_id)
    if meeting is None:
        raise NotFound("Không tìm thấy buổi họp này.")
    path = context.reference().tree.path(meeting.branch_id)
    allow(Action.ASSESSMENT_DECIDE, Resource(unit_path=path))
    return meeting


def _form(meeting_id: int) -> OfficialClassForm:
    """Return the form with the class in force chosen, else the proposed one."""
    scores = scores_of(context.session(), meeting_id)
    official, own = scores.get("official"), scores.get("self")
    stands = official or own
    return OfficialClassForm(
        grade=stands.grade if stands else None,
        reason=official.reason if official else "",
        version=str(official.version if official else 0),
    )


def _decide(meeting_id: int, form: OfficialClassForm) -> ResponseReturnValue:
    decided = form.command()
    typed = str(form.version.data or "")
    version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
    with context.unit() as unit:
        decide_class(
            meeting_id,
            decided.grade,
            decided.reason,
            version=version,
            unit=unit,
            reference=context.reference(),
        )
    flash(_("Đã quyết định mức %(grade)s.", grade=GRADE_LABELS[decided.grade]))
    return redirect(url_for(".index"))


def _page(meeting: Meeting, form: OfficialClassForm, stale: str = "") -> str:
    """Return the page; what another decided meanwhile stands in the history beside what was typed."""
    context.session().rollback()
    scores = scores_of(context.session(), meeting.id)
    if stale:
        form.form_errors.append(stale)
        version = str(scores["official"].version)
        form.version.raw_data, form.version.data = [version], version
    starts, ends = local(meeting.starts_at), local(meeting.ends_at)
    return render_template(
        "assessments/show.html",
        meeting=meeting,
        branch=context.reference().tree.unit(meeting.branch_id),
        kind=KIND_LABELS[MeetingKind(meeting.kind)],
        hours=f"{starts:%H:%M}–{ends:%H:%M}",
        minutes=int((ends - starts).total_seconds() // 60),
        roll=roll_of(meeting),
        score=scores.get("self"),
        official=scores.get("official"),
        grades=GRADE_LABELS,
        events=[_event(event) for event in score_history(context.session(), meeting.id)],
        form=form,
    )


def _event(event: ScoreEvent) -> dict[str, Any]:
    grade = GRADE_LABELS[Grade(event.grade)]
    if event.source == "self":
        what = _(
            "Chi bộ tự chấm %(n)s/%(m)s điểm, đề nghị mức %(grade)s.",
            n=event.total,
            m=event.reachable,
            grade=grade,
        )
    else:
        what = _("Quyết định mức chính thức: %(grade)s.", grade=grade)
    return {"at": time_words(event.at), "who": event.by, "what": what, "note": event.reason}
