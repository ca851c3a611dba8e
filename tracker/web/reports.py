"""The quarter's reports: the list, asking for one, its progress, its typed parts, and the PDF itself."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.report import AskForm, PartsForm
from tracker.adapters.files import FolderStore
from tracker.db.reading.reports import last_report, report_lines
from tracker.db.tables.reports import QuarterReport
from tracker.domain.access import Action, Resource, may
from tracker.domain.dates import Quarter
from tracker.domain.errors import Conflict, Invalid, NotFound, StaleEdit
from tracker.domain.quarter import QuarterFigures, facts_for_shortcomings
from tracker.domain.reports import REPORT_STATE_WORDS, ReportState, file_title, may_start
from tracker.services import reports
from tracker.services.reference import Reference
from tracker.web import context
from tracker.web.access import allow, needs
from tracker.web.asking import whole
from tracker.web.choosing import chosen_quarter, headed, open_units, quarter_choices, unit_choices
from tracker.web.forms import show_errors

blueprint = Blueprint("reports", __name__)

_PDF_POLICY = "default-src 'none'; object-src 'self'; frame-ancestors 'none'"
"""The browser's own PDF viewer counts as an object; nothing else may be loaded from within a document."""


@blueprint.get("/bao-cao-quy")
@needs(Action.REPORT_READ)
def index() -> ResponseReturnValue:
    tree = context.reference().tree
    units = {unit.id: unit.name for unit in open_units(Action.REPORT_READ, tree)}
    lines = report_lines(context.session(), list(units))
    return render_template(
        "reports/index.html",
        quarters=_by_quarter(lines),
        units=units,
        words=REPORT_STATE_WORDS,
        can_write=bool(may(context.actor(), Action.REPORT_WRITE)),
    )


def _by_quarter(lines: list[Any]) -> list[tuple[str, list[Any]]]:
    """Return (words, lines) for each quarter, in the order of the lines."""
    found: dict[str, list[Any]] = {}
    for line in lines:
        found.setdefault(line.quarter, []).append(line)
    return [(headed(Quarter.parse(quarter)), group) for quarter, group in found.items()]


@blueprint.route("/bao-cao-quy/moi", methods=["GET", "POST"])
@needs(Action.REPORT_WRITE)
def ask() -> ResponseReturnValue:
    reference = context.reference()
    form = _ask_form(reference)
    if form.validate_on_submit():
        try:
            with context.unit() as unit:
                report_id = reports.request_report(
                    form.command(context.today()), unit=unit, reference=reference
                )
            return redirect(url_for(".show", report_id=report_id))
        except Invalid as invalid:
            show_errors(form, invalid)
        except Conflict as conflict:
            form.form_errors.append(conflict.sentence)
    return render_template("reports/ask.html", form=form), 422 if form.errors else 200


def _ask_form(reference: Reference) -> AskForm:
    """Return the form with its choices, filled in for the unit and quarter that the address names."""
    units = open_units(Action.REPORT_WRITE, reference.tree)
    today = context.today()
    named = request.args.get("don_vi", type=whole)
    unit_id = next((unit.id for unit in units if unit.id == named), units[0].id)
    form = AskForm(
        unit=unit_id,
        quarter=str(chosen_quarter(request.args.get("quy"), today)),
        supplement=str(request.args.get("bo_sung", 0, type=whole)),
    )
    form.offer(unit_choices(units, reference.tree), quarter_choices(today))
    return form


def _report(report_id: int) -> QuarterReport:
    return reports.readable_report(
        report_id, session=context.session(), actor=context.actor(), reference=context.reference()
    )


def _resource(report: QuarterReport) -> Resource:
    return Resource(unit_path=context.reference().tree.path(report.unit_id))


def _can_write(report: QuarterReport) -> bool:
    return bool(may(context.actor(), Action.REPORT_WRITE, _resource(report)))


@blueprint.get("/bao-cao-quy/<int:report_id>")
@needs(Action.REPORT_READ)
def show(report_id: int) -> ResponseReturnValue:
    report = _report(report_id)
    last = last_report(context.session(), report.unit_id, report.quarter)
    return render_template(
        "reports/show.html",
        report=report,
        **_named(report),
        facts=_facts(report),
        can_write=_can_write(report),
        can_restart=may_start(report.state, report.seen_at, context.now()),
        is_last=last is None or last.id == report.id,
    )


def _named(report: QuarterReport) -> dict[str, Any]:
    return {
        "unit": context.reference().tree.unit(report.unit_id),
        "quarter": Quarter.parse(report.quarter).words,
        "words": REPORT_STATE_WORDS,
        "is_under_way": report.state in (ReportState.WAITING, ReportState.RUNNING),
    }


def _facts(report: QuarterReport) -> tuple[str, ...]:
    return facts_for_shortcomings(QuarterFigures.from_json(report.figures)) if report.figures else ()


@blueprint.get("/bao-cao-quy/<int:report_id>/tien-do")
@needs(Action.REPORT_READ)
def progress(report_id: int) -> ResponseReturnValue:
    report = _report(report_id)
    return jsonify(
        state=report.state,
        progress=report.progress,
        words=report.step or REPORT_STATE_WORDS[report.state],
        is_under_way=report.state in (ReportState.WAITING, ReportState.RUNNING),
    )


@blueprint.post("/bao-cao-quy/<int:report_id>/chay-lai")
@needs(Action.REPORT_WRITE)
def restart(report_id: int) -> ResponseReturnValue:
    with context.unit() as unit:
        reports.restart_report(report_id, unit=unit, reference=context.reference())
    return redirect(url_for(".show", report_id=report_id))


@blueprint.route("/bao-cao-quy/<int:report_id>/phan-viet", methods=["GET", "POST"])
@needs(Action.REPORT_WRITE)
def parts(report_id: int) -> ResponseReturnValue:
    report = _report(report_id)
    allow(Action.REPORT_WRITE, _resource(report))
    form = PartsForm(version=report.version, **vars(reports.parts_of(report)))
    if form.validate_on_submit():
        try:
            return _write(report_id, form)
        except Invalid as invalid:
            show_errors(form, invalid)
        except StaleEdit as stale:
            return _parts_page(report_id, form, stale.sentence), 409
    return _parts_page(report_id, form), 422 if form.errors else 200


def _write(report_id: int, form: PartsForm) -> ResponseReturnValue:
    with context.unit() as unit:
        reports.write_parts(
            report_id, form.command(), version=form.seen_version, unit=unit, reference=context.reference()
        )
    flash(_("Đã lưu phần viết. PDF được dựng lại từ số liệu đã chốt."))
    return redirect(url_for(".show", report_id=report_id))


def _parts_page(report_id: int, form: PartsForm, stale: str = "") -> str:
    """Return the page; after another's edit with what stands now beside what was typed, which is kept."""
    context.session().rollback()
    report = _report(report_id)
    if stale:
        form.form_errors.append(stale)
        form.version.raw_data, form.version.data = [str(report.version)], str(report.version)
    theirs = reports.parts_of(report) if stale else None
    return render_template(
        "reports/parts.html", report=report, form=form, theirs=theirs, facts=_facts(report), **_named(report)
    )


@blueprint.get("/bao-cao-quy/<int:report_id>/pdf")
@needs(Action.REPORT_READ)
def pdf(report_id: int) -> ResponseReturnValue:
    report = _report(report_id)
    unit = context.reference().tree.unit(report.unit_id)
    try:
        path = FolderStore(context.parts().settings.folder.files).path(report.file_name)
    except FileNotFoundError as error:
        raise NotFound("Báo cáo này chưa có tệp PDF.") from error
    title = file_title(unit.name, Quarter.parse(report.quarter), report.supplement)
    answer = send_file(
        path, "application/pdf", as_attachment="tai" in request.args, download_name=title, etag=False
    )
    answer.headers["Content-Security-Policy"] = _PDF_POLICY
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
