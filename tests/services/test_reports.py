"""The quarter's report: asked for once, compiled once, frozen, failed and started again, typed into."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from tests.conftest import NOW, SettableClock
from tests.makers import Makers
from tests.sheets import concern, sheet
from tracker.adapters.files import FolderStore
from tracker.adapters.pdf import RecordingPdfWriter, WeasyPrintWriter
from tracker.adapters.queue import RecordingQueue
from tracker.db.base import db
from tracker.db.reading.reports import pending_reports
from tracker.db.tables.notices import Notice
from tracker.db.tables.reports import QuarterReport
from tracker.domain.dates import Quarter
from tracker.domain.errors import Conflict, Invalid, NotFound, Refused, StaleEdit
from tracker.domain.people import Actor, Role
from tracker.domain.quarter import QuarterFigures
from tracker.domain.reports import STALE_AFTER, WAITED_LONG, AskReport, ReportParts
from tracker.paths import template_root
from tracker.reports.compiling import Period
from tracker.services import meetings, reports
from tracker.services.compiling import Press, compile_report, quarter_pdf
from tracker.services.reference import Reference, reference_on
from tracker.services.unit import unit_of_work

Q4 = Quarter(2026, 4)
TODAY = date(2026, 11, 25)
SECRET = "Đường trước nhà tôi ngập"


class BrokenStore(FolderStore):
    """A folder on a full disk."""

    def keep(self, content: bytes, kind: str) -> str:
        raise OSError(28, "No space left on device")


class Desk:
    """A ward with one branch and the office that asks; each act is a unit of work of its own."""

    def __init__(self, app: Flask, make: Makers, clock: SettableClock) -> None:
        self.make, self.clock = make, clock
        self.province, self.ward, self.branch = make.ward()
        self.office = make.person(Role.OFFICE, self.ward, "vanphong")
        self.secretary = make.person(Role.BRANCH_SECRETARY, self.branch, "bithu")
        self.writer = RecordingPdfWriter()
        self.store = FolderStore(app.extensions["tracker"].settings.folder.files)

    @property
    def reference(self) -> Reference:
        return reference_on(db.session(), TODAY)

    def press(self, **more: object) -> Press:
        return replace(Press(self.make.wiring, self.writer, self.store, self.clock), **more)

    def ask(self, actor: Actor | None = None, **more: object) -> int:
        ask = replace(AskReport.usual(self.ward, Q4, TODAY), **more)
        with unit_of_work(self.make.wiring, actor=actor or self.office, now=self.clock.now) as unit:
            return reports.request_report(ask, unit=unit, reference=self.reference)

    def compiled(self, **more: object) -> int:
        report_id = self.ask(**more)
        assert compile_report(report_id, self.press())
        return report_id

    def write(self, report_id: int, version: int, **parts: object) -> None:
        with unit_of_work(self.make.wiring, actor=self.office, now=self.clock.now) as unit:
            reports.write_parts(
                report_id, ReportParts(**parts), version=version, unit=unit, reference=self.reference
            )

    def restart(self, report_id: int) -> None:
        with unit_of_work(self.make.wiring, actor=self.office, now=self.clock.now) as unit:
            reports.restart_report(report_id, unit=unit, reference=self.reference)

    def hold_meeting(self, on: date = date(2026, 11, 3)) -> None:
        command = sheet(self.branch, request_key=f"k{on}", held_on=on, concerns=(concern(SECRET),))
        with unit_of_work(self.make.wiring, actor=self.secretary, now=self.clock.now) as unit:
            meetings.submit_sheet(command, unit=unit, reference=self.reference)

    def row(self, report_id: int) -> QuarterReport:
        db.session.rollback()
        return db.session.get_one(QuarterReport, report_id, populate_existing=True)


@pytest.fixture
def desk(app: Flask, make: Makers, clock: SettableClock) -> Desk:
    return Desk(app, make, clock)


def test_a_report_is_asked_for_compiled_and_told(desk: Desk, queue: RecordingQueue) -> None:
    desk.hold_meeting()
    report_id = desk.ask()
    assert ("compile_report", (report_id,), "reports") in queue.jobs
    assert compile_report(report_id, desk.press())
    row = desk.row(report_id)
    assert (row.state, row.progress, row.error, row.place) == ("ready", 100, "", "Tam Sơn")
    assert desk.store.path(row.file_name).read_bytes().startswith(b"%PDF")
    figures = QuarterFigures.from_json(row.figures)
    assert figures.meetings.held.words == "1/2 (50\u00a0%)", "October and November are due"
    (told,) = db.session.query(Notice).filter_by(report_id=report_id).all()
    assert told.account_id == desk.office.account_id
    assert SECRET not in desk.writer.pages[0]


def test_asking_twice_gives_one_report(desk: Desk) -> None:
    assert desk.ask() == desk.ask()
    assert db.session.query(QuarterReport).count() == 1


def test_a_later_request_is_a_numbered_supplement_in_turn(desk: Desk) -> None:
    first = desk.ask()
    with pytest.raises(Conflict):
        desk.ask(supplement=1)
    compile_report(first, desk.press())
    with pytest.raises(Conflict):
        desk.ask(supplement=2)
    second = desk.ask(supplement=1)
    assert second != first
    assert desk.ask(supplement=1) == second, "a double click"
    assert desk.row(second).supplement == 1


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("cutoff_on", {"cutoff_on": TODAY + timedelta(days=1)}),
        ("cutoff_on", {"cutoff_on": date(2026, 9, 30)}),
        ("period_to", {"period_to": date(2026, 10, 1)}),
        ("period_to", {"period_from": date(2026, 8, 1)}),
        ("period_from", {"period_from": date(2026, 7, 1), "period_to": date(2026, 10, 1)}),
        ("quarter", {"quarter": Quarter(2027, 1)}),
    ],
)
def test_an_impossible_period_is_told_beside_its_field(desk: Desk, field: str, values: dict) -> None:
    with pytest.raises(Invalid) as refused:
        desk.ask(**values)
    assert field in refused.value.fields


def test_only_the_office_of_the_place_asks(desk: Desk) -> None:
    elsewhere = desk.make.unit("party_committee", "Đảng ủy phường Phù Khê", desk.province)
    for actor in (
        desk.secretary,
        desk.make.person(Role.OFFICE, elsewhere),
        desk.make.person(Role.STANDING_MEMBERS, desk.ward),
    ):
        with pytest.raises(Refused):
            desk.ask(actor)
    assert desk.ask(desk.make.person(Role.OFFICE, desk.province)), "the control"


def test_two_workers_never_both_compile(desk: Desk) -> None:
    report_id = desk.ask()

    class Nosy(RecordingPdfWriter):
        def write(self, html: str) -> bytes:
            assert compile_report(report_id, desk.press()) is False, "it is in the first one's hands"
            return super().write(html)

    writer = Nosy()
    assert compile_report(report_id, desk.press(writer=writer))
    assert (len(writer.pages), len(desk.writer.pages)) == (1, 0)
    assert compile_report(report_id, desk.press()) is False, "finished"


def test_a_worker_taken_for_dead_stops_when_it_comes_back(desk: Desk) -> None:
    report_id = desk.ask()
    others = RecordingPdfWriter()

    class Slow(RecordingPdfWriter):
        def write(self, html: str) -> bytes:
            desk.clock.now += STALE_AFTER
            assert pending_reports(db.session(), desk.clock.now) == [report_id]
            assert compile_report(report_id, desk.press(writer=others))
            return b"%PDF of the slow one"

    assert compile_report(report_id, desk.press(writer=Slow())) is False
    assert len(others.pages) == 1
    assert desk.store.path(desk.row(report_id).file_name).read_bytes().startswith(b"%PDF-1.7")


def test_a_failure_says_why_and_can_be_started_again(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    report_id = desk.ask()
    assert compile_report(report_id, desk.press(store=BrokenStore(desk.store.folder))) is False
    row = desk.row(report_id)
    assert row.state == "failed"
    assert "hết chỗ" in row.error
    assert "Traceback" not in row.error
    assert "No space left" in caplog.text, "the traceback is in the log alone"
    assert compile_report(report_id, desk.press()) is False, "a failed one waits for a person"
    desk.restart(report_id)
    assert compile_report(report_id, desk.press())
    assert desk.row(report_id).state == "ready"
    desk.restart(report_id)
    assert desk.row(report_id).state == "ready", "a finished one is left alone"


def test_frozen_figures_do_not_move_when_data_changes(desk: Desk) -> None:
    report_id = desk.compiled()
    before = desk.row(report_id).figures
    desk.hold_meeting()
    desk.write(report_id, 1, shortcomings="Còn chậm.", doc_number="15", doc_date=date(2026, 11, 26))
    assert desk.row(report_id).state == "waiting"
    assert compile_report(report_id, desk.press())
    assert desk.row(report_id).figures == before
    assert "Còn chậm." in desk.writer.pages[-1]
    assert desk.writer.pages[-1].count(before["anchor"]) >= 1
    later = desk.compiled(supplement=1)
    assert desk.row(later).figures != before, "the control: a supplement sees the new meeting"


def test_what_is_typed_while_it_compiles_is_set_afterwards(desk: Desk, queue: RecordingQueue) -> None:
    report_id = desk.ask()

    class Meanwhile(RecordingPdfWriter):
        def write(self, html: str) -> bytes:
            desk.write(report_id, 1, proposals="Đề nghị quan tâm.")
            return super().write(html)

    compile_report(report_id, desk.press(writer=Meanwhile()))
    assert desk.row(report_id).state == "waiting"
    assert queue.jobs.count(("compile_report", (report_id,), "reports")) == 2
    assert compile_report(report_id, desk.press())
    assert "Đề nghị quan tâm." in desk.writer.pages[-1]


def test_a_stale_edit_is_refused_and_a_double_click_is_not(desk: Desk) -> None:
    report_id = desk.compiled()
    desk.write(report_id, 1, shortcomings="Bản của người thứ nhất.")
    desk.write(report_id, 1, shortcomings="Bản của người thứ nhất.")
    with pytest.raises(StaleEdit):
        desk.write(report_id, 1, shortcomings="Bản của người thứ hai.")
    assert desk.row(report_id).shortcomings == "Bản của người thứ nhất."
    with pytest.raises(Invalid) as refused:
        desk.write(report_id, 2, doc_date=date(2026, 1, 1))
    assert set(refused.value.fields) == {"doc_date"}


def test_a_lost_job_is_found_again(desk: Desk, queue: RecordingQueue) -> None:
    report_id = desk.ask()
    queue.jobs.clear()
    assert pending_reports(db.session(), NOW) == [], "it may still stand in the queue"
    with unit_of_work(desk.make.wiring, actor=desk.office, now=NOW + WAITED_LONG) as unit:
        assert reports.resend_pending(unit=unit) == 1
    assert queue.jobs == [("compile_report", (report_id,), "reports")]


def test_a_report_is_read_by_those_of_the_place_only(desk: Desk) -> None:
    report_id = desk.ask(unit_id=desk.branch)
    other = desk.make.person(Role.BRANCH_SECRETARY, desk.make.branch(desk.ward, "Chi bộ Dương Sơn"))

    def read(actor: Actor) -> QuarterReport:
        return reports.readable_report(report_id, session=db.session(), actor=actor, reference=desk.reference)

    assert read(desk.secretary).id == report_id
    with pytest.raises(Refused):
        read(other)
    with pytest.raises(NotFound):
        reports.readable_report(999, session=db.session(), actor=desk.office, reference=desk.reference)


@pytest.mark.slow
def test_same_data_and_time_give_the_same_bytes_without_a_queue(desk: Desk) -> None:
    desk.hold_meeting()
    writer = WeasyPrintWriter(template_root() / "pdf")
    period = Period.whole(Q4, TODAY)

    def made(now=NOW) -> bytes:
        return quarter_pdf(db.session(), "09370", period, now=now, writer=writer)

    assert made() == made()
    assert made() != made(NOW + timedelta(hours=1)), "the control"
    with pytest.raises(NotFound):
        quarter_pdf(db.session(), "99999", period, now=NOW, writer=writer)


def test_a_document_is_kept_once_and_a_foreign_name_leads_nowhere(tmp_path) -> None:
    store = FolderStore(tmp_path / "files")
    name = store.keep(b"%PDF", "pdf")
    assert store.keep(b"%PDF", "pdf") == name
    assert [path.name for path in store.folder.iterdir()] == [name]
    (tmp_path / "keys").write_text("secret")
    for other in ("../keys", "", "x.pdf", f"{'0' * 64}.pdf"):
        with pytest.raises(FileNotFoundError):
            store.path(other)
