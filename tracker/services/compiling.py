"""Compiling the quarter's report in stages, each its own unit of work; two workers never both do it.

The row is the claim: whoever moves it to ``running`` has it, and ``seen_at`` is the token that each further stage
must still find. A worker that was taken for dead and comes back finds another's token, and stops.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.adapters.files import FileStore
from tracker.adapters.pdf import PdfWriter
from tracker.adapters.queue import REPORTS
from tracker.db.reading.audit import head
from tracker.db.reading.deadlines import ladder
from tracker.db.tables.org import UnitVersion
from tracker.db.tables.reports import QuarterReport
from tracker.domain.dates import Quarter, local_date
from tracker.domain.errors import NotFound, TrackerError
from tracker.domain.escalation import level_words
from tracker.domain.people import SYSTEM
from tracker.domain.quarter import QuarterFigures
from tracker.domain.reports import ReportState, may_start, usual_place
from tracker.reports.compiling import Period, compiled_quarter
from tracker.reports.quarter import ReportHeading, ReportTexts, heading_for, quarter_page, render_quarter_html
from tracker.services.notices import notify
from tracker.services.reports import COMPILE
from tracker.services.unit import Unit, Wiring, unit_of_work

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Press:
    """What a report is made with: the PDF writer, the place of finished files, and the clock."""

    wiring: Wiring
    writer: PdfWriter
    store: FileStore
    clock: Callable[[], datetime]


class _Lost(Exception):
    """Raised when another worker has the report, or nobody should have it."""


@dataclass
class _Work:
    """One worker's hold on one report."""

    press: Press
    report_id: int
    token: datetime

    def step(self, progress: int, words: str, **values: Any) -> None:
        """Tell how far it is, in a unit of work of its own; raise _Lost when another worker has it by now."""
        with unit_of_work(self.press.wiring, actor=SYSTEM, now=self.press.clock()) as unit:
            self.write(unit, progress=progress, step=words, **values)

    def write(self, unit: Unit, **values: Any) -> None:
        """Write the values and the sign of life, if this worker still has the report; else raise _Lost."""
        written = unit.session.execute(
            update(QuarterReport)
            .where(
                QuarterReport.id == self.report_id,
                QuarterReport.state == ReportState.RUNNING,
                QuarterReport.seen_at == self.token,
            )
            .values(seen_at=unit.now, **values)
            .execution_options(synchronize_session=False)
        )
        if written.rowcount != 1:  # type: ignore[attr-defined]
            raise _Lost
        self.token = unit.now


def compile_report(report_id: int, press: Press) -> bool:
    """Compile the report, or set it again from its frozen figures; return whether this call finished it.

    Nothing is done when another worker has it or it is finished. A failure is kept in the row as a Vietnamese
    sentence, its traceback goes to the log alone; it can be started again. Commits stage by stage.
    """
    token = _claim(report_id, press)
    if token is None:
        return False
    work = _Work(press, report_id, token)
    try:
        _compile(work)
    except _Lost:
        log.warning("report %s is in another worker's hands", report_id)
        return False
    except Exception as error:
        log.exception("report %s could not be compiled", report_id)
        _fail(work, error)
        return False
    return True


def _claim(report_id: int, press: Press) -> datetime | None:
    with unit_of_work(press.wiring, actor=SYSTEM, now=press.clock()) as unit:
        report = unit.session.scalars(
            select(QuarterReport).where(QuarterReport.id == report_id).with_for_update()
        ).one_or_none()
        if report is None or report.state == ReportState.FAILED:
            return None  # a failed one waits until a person has it started again
        if not may_start(report.state, report.seen_at, unit.now):
            return None
        report.state, report.error, report.finished_at = ReportState.RUNNING, "", None
        report.seen_at, report.step = unit.now, "Đọc số liệu của kỳ"
        report.progress = 50 if report.figures else 5
        return unit.now


def _compile(work: _Work) -> None:
    session = work.press.wiring.session()
    report = _read(session, work.report_id)
    plain = report.figures or _freeze(work, session, report)
    work.step(60, "Dựng văn bản và biểu đồ")
    report = _read(session, work.report_id)
    version = report.version
    html = html_of(report, plain, now=work.press.clock())
    work.step(75, "Dàn trang PDF")
    name = work.press.store.keep(work.press.writer.write(html), "pdf")
    _finish(work, name, version)


def _read(session: Session, report_id: int) -> QuarterReport:
    return session.get_one(QuarterReport, report_id, populate_existing=True)


def _freeze(work: _Work, session: Session, report: QuarterReport) -> dict[str, Any]:
    """Draw the figures once and keep them: what is entered later never moves them."""
    period = Period(Quarter.parse(report.quarter), report.period_from, report.period_to, report.cutoff_on)
    plain = frozen(session, report.unit_id, period, now=work.press.clock())
    work.step(50, "Đã chốt số liệu", figures=plain)
    return plain


def frozen(session: Session, unit_id: int, period: Period, *, now: datetime) -> dict[str, Any]:
    """Return the figures as plain JSON, with the unit above, the ladder's words and the audit chain's end; reads only."""
    figures, superior = compiled_quarter(session, unit_id, period, now)
    link = head(session)
    words = {str(level): said for level, said in level_words(ladder(session), local_date(now)).items()}
    return figures.to_json() | {
        "superior_name": superior,
        "level_words": words,
        "anchor": f"{link.seq}:{link.mac}",
    }


def _page(plain: dict[str, Any], texts: ReportTexts, heading: ReportHeading, now: datetime) -> dict[str, Any]:
    words = {int(level): said for level, said in plain.get("level_words", {}).items()}
    figures, anchor = QuarterFigures.from_json(plain), plain.get("anchor", "")
    return quarter_page(figures, texts, heading, now=now, anchor=anchor, level_words=words)


def html_of(report: QuarterReport, plain: dict[str, Any], *, now: datetime) -> str:
    """Return the finished page of a report from its frozen figures and its typed parts."""
    heading = ReportHeading(
        **vars(_usual_heading(plain))
        | {
            "place": report.place,
            "signer_name": report.signer_name,
            "number": report.doc_number,
            "dated_on": report.doc_date,
            "draft": None if report.doc_number else 1,
            "supplement": report.supplement,
        }
    )
    texts = ReportTexts(report.shortcomings, report.proposals)
    return render_quarter_html(_page(plain, texts, heading, now))


def _usual_heading(plain: dict[str, Any]) -> ReportHeading:
    unit = QuarterFigures.from_json(plain).unit
    superior = plain.get("superior_name", "")
    return heading_for(unit, superior, usual_place(unit.name) or usual_place(superior))


def _finish(work: _Work, name: str, version: int) -> None:
    """Put the file into the row; what was typed meanwhile lets the PDF be set once more."""
    with unit_of_work(work.press.wiring, actor=SYSTEM, now=work.press.clock()) as unit:
        work.write(unit, state=ReportState.READY, progress=100, step="", file_name=name, finished_at=unit.now)
        report = _read(unit.session, work.report_id)
        unit.record("report", report.id, "compiled", version=version, file=name.partition(".")[0])
        if report.version != version:
            report.state, report.progress = ReportState.WAITING, 50
            unit.send(COMPILE, report.id, queue=REPORTS)
            return
        words = Quarter.parse(report.quarter).words
        notify(
            unit,
            [report.requested_by],
            event_key=f"report-{report.id}-ready",
            sentence=f"Báo cáo {words} đã lập xong.",
            report_id=report.id,
        )


def _fail(work: _Work, error: Exception) -> None:
    """Keep why it failed; when even that can't be written, the schedule finds the dead claim later."""
    try:
        with unit_of_work(work.press.wiring, actor=SYSTEM, now=work.press.clock()) as unit:
            sentence = told(error)
            work.write(unit, state=ReportState.FAILED, error=sentence, step="")
            report = _read(unit.session, work.report_id)
            unit.record("report", report.id, "failed", kind=type(error).__name__)
            words = Quarter.parse(report.quarter).words
            notify(
                unit,
                [report.requested_by],
                event_key=f"report-{report.id}-failed-{unit.now:%Y%m%dT%H%M%S}",
                sentence=f"Báo cáo {words} chưa lập được. Mở báo cáo để xem lý do và chạy lại.",
                report_id=report.id,
            )
    except _Lost:
        log.warning("report %s failed, but another worker has it", work.report_id)
    except Exception:
        log.exception("report %s: its failure could not be written down", work.report_id)


def told(error: Exception) -> str:
    """Return a Vietnamese sentence for what stopped a compilation; what nobody foresaw is in the log."""
    if isinstance(error, TrackerError):
        return error.sentence
    if isinstance(error, OSError):
        return "Không ghi được tệp PDF vào thư mục dữ liệu (hết chỗ hoặc không có quyền ghi)."
    return "Phần mềm gặp lỗi khi lập báo cáo. Chi tiết đã ghi vào nhật ký máy chủ; hãy thử chạy lại."


def quarter_pdf(
    session: Session, unit_code: str, period: Period, *, now: datetime, writer: PdfWriter
) -> bytes:
    """Return the PDF of a unit's quarter without queue or row; same data and ``now`` give the same bytes.

    ``now`` is also the instant the figures look at. Raises NotFound for a code that no unit has then. Reads only.
    """
    plain = frozen(session, _unit_id(session, unit_code, period), period, now=now)
    heading = _usual_heading(plain)
    return writer.write(render_quarter_html(_page(plain, ReportTexts(), heading, now)))


def _unit_id(session: Session, code: str, period: Period) -> int:
    found = session.scalars(
        select(UnitVersion.unit_id)
        .where(UnitVersion.code == code, UnitVersion.valid_from < period.end)
        .order_by(UnitVersion.valid_from.desc())
        .limit(1)
    ).first()
    if found is None:
        raise NotFound(f"Không có đơn vị mang mã {code} trong kỳ này.")
    return found
