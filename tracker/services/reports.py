"""Asking for the quarter's report, typing its parts, starting it again. What compiles it is in ``compiling``."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.adapters.queue import REPORTS
from tracker.db.inserting import insert_ignoring
from tracker.db.reading.reports import last_report, pending_reports, report_numbered
from tracker.db.tables.reports import QuarterReport
from tracker.domain.access import Action, Resource, may
from tracker.domain.dates import local_date
from tracker.domain.errors import Conflict, NotFound, Refused, StaleEdit
from tracker.domain.org import UnitKind, UnitNode
from tracker.domain.people import Actor
from tracker.domain.reports import (
    AskReport,
    ReportParts,
    ReportState,
    check_ask,
    check_parts,
    may_start,
    usual_place,
)
from tracker.services.reference import Reference
from tracker.services.rights import check_right
from tracker.services.touching import who_was_quicker
from tracker.services.unit import Unit

COMPILE = "compile_report"
"""The job that compiles one report."""


def _check_right(action: Action, unit_id: int, unit: Unit, reference: Reference) -> None:
    check_right(action, Resource(unit_path=reference.tree.path(unit_id)), unit=unit)


def request_report(ask: AskReport, *, unit: Unit, reference: Reference) -> int:
    """Ask for a unit's quarter; return the report's id. The same asked twice gives the same report. Flushes.

    A supplement is numbered after the one before, which must be finished: never a silent change. Raises Invalid
    for a period that gives no report, Conflict for a number out of turn, NotFound and Refused.
    """
    node = reference.tree.unit(ask.unit_id)
    _check_right(Action.REPORT_WRITE, ask.unit_id, unit, reference)
    known = report_numbered(unit.session, ask.unit_id, str(ask.quarter), ask.supplement)
    if known is not None:
        return known.id
    check_ask(ask, local_date(unit.now))
    before = last_report(unit.session, ask.unit_id, str(ask.quarter))
    _check_turn(ask, before)
    report_id = _insert(ask, node, before, unit, reference)
    unit.send(COMPILE, report_id, queue=REPORTS)
    return report_id


def _check_turn(ask: AskReport, before: QuarterReport | None) -> None:
    if ask.supplement != (0 if before is None else before.supplement + 1):
        raise Conflict("Số thứ tự bản bổ sung không đúng. Hãy mở lại danh sách báo cáo rồi yêu cầu lại.")
    if before is not None and before.state != ReportState.READY:
        raise Conflict("Bản trước còn chưa lập xong nên chưa lập được bản bổ sung.")


def _insert(
    ask: AskReport, node: UnitNode, before: QuarterReport | None, unit: Unit, reference: Reference
) -> int:
    values = {
        "unit_id": ask.unit_id,
        "quarter": str(ask.quarter),
        "supplement": ask.supplement,
        "period_from": ask.period_from,
        "period_to": ask.period_to,
        "cutoff_on": ask.cutoff_on,
        "state": ReportState.WAITING,
        "place": before.place if before else _place(node, reference),
        "requested_by": unit.actor.account_id,
        "requested_at": unit.now,
    }
    fresh = insert_ignoring(unit.session, QuarterReport, [values], on=("unit_id", "quarter", "supplement"))
    report = report_numbered(unit.session, ask.unit_id, str(ask.quarter), ask.supplement)
    assert report is not None
    if fresh:
        unit.record(
            "report",
            report.id,
            "requested",
            unit=ask.unit_id,
            quarter=str(ask.quarter),
            supplement=ask.supplement,
        )
    return report.id


def _place(node: UnitNode, reference: Reference) -> str:
    if node.kind == UnitKind.BRANCH and node.parent_id is not None:
        return usual_place(reference.tree.unit(node.parent_id).name)
    return usual_place(node.name)


def _locked(report_id: int, unit: Unit) -> QuarterReport:
    report = unit.session.scalars(
        select(QuarterReport).where(QuarterReport.id == report_id).with_for_update()
    ).one_or_none()
    if report is None:
        raise NotFound("Không tìm thấy báo cáo này.")
    return report


def restart_report(report_id: int, *, unit: Unit, reference: Reference) -> None:
    """Let a failed compilation, or one whose worker died, start again; one under way is left alone. Flushes."""
    report = _locked(report_id, unit)
    _check_right(Action.REPORT_WRITE, report.unit_id, unit, reference)
    if not may_start(report.state, report.seen_at, unit.now):
        return  # a second click: it runs, or it is done
    report.state, report.error, report.progress, report.step = ReportState.WAITING, "", 0, ""
    report.seen_at = unit.now
    unit.record("report", report_id, "restarted")
    unit.session.flush()
    unit.send(COMPILE, report_id, queue=REPORTS)


def write_parts(
    report_id: int, parts: ReportParts, *, version: int, unit: Unit, reference: Reference
) -> None:
    """Keep the typed parts and let the PDF be set again from the frozen figures, not from newer data. Flushes.

    ``version`` is the one the person saw: another's later edit raises StaleEdit. Raises Invalid with the form's
    field names, NotFound and Refused.
    """
    report = _locked(report_id, unit)
    _check_right(Action.REPORT_WRITE, report.unit_id, unit, reference)
    check_parts(parts, report.cutoff_on)
    if parts_of(report) == parts:
        return  # nothing new, or the second click of a double click
    if report.version != version:
        raise StaleEdit(
            "Phần viết của báo cáo vừa được người khác sửa. Hãy xem lại trước khi lưu."
            + who_was_quicker("report", report_id, unit)
        )
    for name, value in vars(parts).items():
        setattr(report, name, value)
    report.version += 1
    typed = f"{parts.shortcomings}\n{parts.proposals}"
    unit.record("report", report_id, "parts_written", version=report.version, text=unit.mark(typed))
    if report.state == ReportState.READY:
        report.state, report.progress, report.seen_at = ReportState.WAITING, 50, unit.now
        unit.send(COMPILE, report_id, queue=REPORTS)
    unit.session.flush()


def parts_of(report: QuarterReport) -> ReportParts:
    """Return the typed parts as they stand."""
    return ReportParts(**{name: getattr(report, name) for name in ReportParts.__dataclass_fields__})


def readable_report(report_id: int, *, session: Session, actor: Actor, reference: Reference) -> QuarterReport:
    """Return the report if the person may read it; raise NotFound or Refused."""
    report = session.get(QuarterReport, report_id)
    if report is None:
        raise NotFound("Không tìm thấy báo cáo này.")
    decision = may(actor, Action.REPORT_READ, Resource(unit_path=reference.tree.path(report.unit_id)))
    if not decision:
        raise Refused(decision.because)
    return report


def resend_pending(*, unit: Unit) -> int:
    """Ask again for each compilation that the queue lost or whose worker died; return how many. Writes nothing."""
    lost = pending_reports(unit.session, unit.now)
    for report_id in lost:
        unit.send(COMPILE, report_id, queue=REPORTS)
    return len(lost)
