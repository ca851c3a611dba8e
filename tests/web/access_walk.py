"""Two wards with the same things in each, and a walk of every route as every kind of person over all of them."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.conftest import SettableClock
from tests.makers import Makers
from tests.sheet_fields import fields
from tests.sheets import concern, sheet
from tracker.adapters.files import FolderStore
from tracker.adapters.pdf import RecordingPdfWriter
from tracker.db.base import db
from tracker.db.tables.notices import Notice
from tracker.db.tables.people import Absence, LoginSession
from tracker.db.tables.tickets import Ticket
from tracker.domain.access import Action, Resource, may
from tracker.domain.dates import Quarter
from tracker.domain.people import Actor, Role
from tracker.domain.reports import AskReport
from tracker.services import meetings, reports
from tracker.services.compiling import Press, compile_report
from tracker.services.drafts import save_draft
from tracker.services.reference import Reference, reference_on
from tracker.services.ticket_acts import decider_for, ticket_resource
from tracker.services.unit import unit_of_work
from tracker.web.access import PUBLIC, rule_of

TODAY = date(2026, 11, 25)
OPEN, REFUSED = "open", "refused"
COOKIE = "bam_co_so"


@dataclass(frozen=True)
class Thing:
    """Something that an address names: how it is told in a failure, its place in the address, and where it lies."""

    name: str
    value: int | str
    resource: Resource | None = None
    #: whose it is, for what belongs to one person alone
    owner: int | None = None


@dataclass(frozen=True)
class Cell:
    """One request: a route, a method, what it names in path, query or form."""

    endpoint: str
    method: str
    thing: Thing | None = None
    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None
    #: the thing is a choice of the form: one that isn't offered is refused beside its field
    is_choice: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint} {self.thing.name if self.thing else ''}".strip()


class Place:
    """One ward: its branch, body and people, and one of each thing that addresses name."""

    def __init__(self, world: "World", name: str, code: str) -> None:
        make, self.name = world.make, name
        self.ward = make.unit("party_committee", f"Đảng ủy phường {name}", world.province, code=code)
        self.branch = make.branch(self.ward, f"Chi bộ {name}")
        self.body = make.body("UBND_KTHT", self.ward)
        make.body("DU_UBKT", self.ward, kind="party")
        places = {
            Role.BRANCH_SECRETARY: self.branch,
            Role.OFFICIAL: self.body,
            Role.BODY_HEAD: self.body,
            Role.COMMITTEE_MEMBER: self.branch,
            Role.OFFICE: self.ward,
            Role.STANDING_MEMBERS: self.ward,
            Role.STANDING_COMMITTEE: self.ward,
            Role.INSPECTION: self.ward,
        }
        self.people = {role: make.person(role, where) for role, where in places.items()}
        self.secretary, self.office = self.people[Role.BRANCH_SECRETARY], self.people[Role.OFFICE]
        texts = {
            f"{name}-thuong": f"Đèn đường tắt năm bóng, dấu {name}thường",
            f"{name}-han-che": f"Đồng chí cán bộ phường thái độ hách dịch với dân, dấu {name}kín",
        }
        self.marks = {key: text.rsplit(" ", 1)[1] for key, text in texts.items()}
        self.meeting = world.do(
            self.secretary,
            meetings.submit_sheet,
            sheet(
                self.branch,
                request_key=f"{name}-phieu-1",
                concerns=tuple(concern(text) for text in texts.values()),
            ),
        )
        found = db.session.scalars(sa.select(Ticket.id).where(Ticket.meeting_id == self.meeting))
        self.tickets = dict(zip(texts, found, strict=True))
        self.draft = f"{name}-nhap-0001"
        values = {"place": [f"Nhà văn hóa, dấu {name}nháp"]}
        world.do(self.secretary, save_draft, self.draft, self.branch, values, version=0)
        ask = AskReport(
            self.ward, Quarter(2026, 4), date(2026, 10, 1), date(2026, 12, 31), date(2026, 11, 25), 0
        )
        self.report = world.do(self.office, reports.request_report, ask)
        assert compile_report(self.report, world.press)
        later = {"valid_from": date(2027, 3, 1), "valid_to": date(2027, 3, 9), "reason": ""}
        deputy = make.person(None).account_id
        away = Absence(
            account_id=self.secretary.account_id, substitute_id=deputy, created_at=world.clock(), **later
        )
        refused = Notice(
            account_id=self.people[Role.OFFICIAL].account_id,
            event_key="refused",
            sentence="Một việc.",
            created_at=world.clock(),
            mail_state="refused",
            last_error="Không có địa chỉ này.",
        )
        db.session.add_all((away, refused))
        db.session.commit()


class World:
    """The two wards, the people who walk, and the requests they send."""

    def __init__(self, app: Flask, database: Path) -> None:
        self.app, self.database, self.make = app, database, Makers(app)
        self.clock: SettableClock = app.extensions["tracker"].clock
        store = FolderStore(app.extensions["tracker"].settings.folder.files)
        self.press = Press(self.make.wiring, RecordingPdfWriter(), store, self.clock)
        self.province = self.make.unit("provincial_committee", "Tỉnh ủy Bắc Ninh", code="24", symbol="TU")
        self.own, self.far = Place(self, "gần", "09370"), Place(self, "xa", "09379")
        self.walkers: dict[str, Actor | None] = {
            **{str(role): actor for role, actor in self.own.people.items()},
            "administrator": self.make.person(Role.ADMINISTRATOR, self.province),
            "none": self.make.person(None),
            "anonymous": None,
        }
        self._tokens = {name: self._token(actor) for name, actor in self.walkers.items() if actor}
        self._stamp = 1000
        self._pristine = sqlite3.connect(":memory:")
        self._watch = sqlite3.connect(database)
        self._watch.backup(self._pristine)

    def do(self, actor: Actor, act: Any, *args: Any, **more: Any) -> Any:
        """Run one service call in a unit of work and return what it returns."""
        reference = self.reference
        with unit_of_work(self.make.wiring, actor=actor, now=self.clock()) as unit:
            return act(*args, unit=unit, reference=reference, **more)

    @property
    def reference(self) -> Reference:
        return reference_on(db.session(), TODAY)

    def _token(self, actor: Actor) -> str:
        kept = self.make.log_in(actor).get_cookie(COOKIE)
        assert kept is not None
        return kept.value

    def client(self, who: str) -> FlaskClient:
        """Return a fresh client in which the walker is logged in."""
        client = self.app.test_client()
        if who in self._tokens:
            client.set_cookie(COOKIE, self._tokens[who])
        return client

    def version(self) -> int:
        """Return a number that moves with every write of anybody to the database."""
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def restore(self) -> None:
        """Put the database back; the rules' stamp moves on, so that no process goes on with what it kept."""
        db.session.remove()
        db.engine.dispose()
        self._stamp += 1
        with sqlite3.connect(self.database) as file:
            self._pristine.backup(file)
            file.execute("UPDATE reference_stamp SET stamp = ?", (self._stamp,))
        file.close()

    def _resource(self, ticket: Ticket) -> Resource:
        reference = self.reference
        decider = decider_for(ticket.category, ticket.urgency, ticket.is_restricted, reference)
        return ticket_resource(ticket, reference.tree, decider)

    @cached_property
    def things(self) -> dict[str, list[Thing]]:
        """Return what an address can name, by the name of its place in the rule."""
        tree = self.reference.tree
        both = (self.own, self.far)
        tickets = [(key, one) for place in both for key, one in place.tickets.items()]
        return {
            "ticket_id": [
                Thing(key, one, self._resource(db.session.get_one(Ticket, one))) for key, one in tickets
            ],
            "meeting_id": [
                Thing(place.name, place.meeting, Resource(tree.path(place.branch))) for place in both
            ],
            "report_id": [Thing(place.name, place.report, Resource(tree.path(place.ward))) for place in both],
            "key": [Thing(place.name, place.draft, Resource(tree.path(place.branch))) for place in both],
            "branch": [Thing(place.name, place.branch, Resource(tree.path(place.branch))) for place in both],
            "ward": [Thing(place.name, place.ward, Resource(tree.path(place.ward))) for place in both],
            "notice_id": [
                Thing(f"of {row.account_id}", row.id, owner=row.account_id)
                for row in db.session.scalars(sa.select(Notice).order_by(Notice.id)).all()[:3]
            ],
            "account_id": [
                Thing(place.name, place.people[Role.OFFICIAL].account_id, Resource(tree.path(place.ward)))
                for place in both
            ],
            "session_id": [
                Thing(f"of {row.account_id}", row.id, owner=row.account_id)
                for row in db.session.scalars(sa.select(LoginSession).order_by(LoginSession.id)).all()[:3]
            ],
            "absence_id": [
                Thing(f"of {row.account_id}", row.id, owner=row.account_id)
                for row in db.session.scalars(sa.select(Absence).order_by(Absence.id))
            ],
        }

    def cells(self) -> Iterator[Cell]:
        """Yield every request: each rule and method over each thing that it can name."""
        for rule in self.app.url_map.iter_rules():
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield from self._cells_of(rule, method)

    def is_for_operators(self, endpoint: str) -> bool:
        """Whether it is a screen of the settings: open to administrators for whatever it names."""
        return rule_of(self.app, endpoint) == Action.SETTINGS_WRITE

    def named_by(self, rule: Rule) -> str | None:
        """Return the place in the rule's path at which it names a thing that this walk knows."""
        return next((name for name in self.things if name in rule.arguments), None)

    def _cells_of(self, rule: Rule, method: str) -> Iterator[Cell]:
        endpoint, data = rule.endpoint, self._data(rule.endpoint) if method == "POST" else {}
        named = None if self.is_for_operators(endpoint) else self.named_by(rule)
        if endpoint == "static":
            yield Cell(endpoint, method, path={"filename": "css/app.css"})
        elif endpoint == "meetings.save":
            for thing in self.things["branch"]:
                key = next(draft for draft in self.things["key"] if draft.name == thing.name)
                posted = {"values": {"place": ["x"]}, "version": 1}
                query = {"chi_bo": thing.value}
                yield Cell(endpoint, method, thing, {"key": key.value}, query, json=posted)
        elif named is not None:
            for thing in self.things[named]:
                yield Cell(endpoint, method, thing, {named: thing.value}, data=data)
        elif endpoint in _ASKED_BY:
            name, kind = _ASKED_BY[endpoint]
            for thing in self.things[kind]:
                query = {name: thing.value, "so": "raised"}
                yield Cell(endpoint, method, thing, query=query, data=data)
        elif endpoint == "reports.ask" and method == "POST":
            for thing in self.things["ward"]:
                yield Cell(endpoint, method, thing, data=data | {"unit": thing.value}, is_choice=True)
        else:
            yield Cell(
                endpoint, method, path={name: choices(rule, name)[0] for name in rule.arguments}, data=data
            )

    def _data(self, endpoint: str) -> dict[str, Any]:
        """Return what a browser would post there, as far as it matters to who may."""
        other = self.own.body
        return {
            "tickets.acknowledge": {"version": 1},
            "tickets.answer": {"version": 1, "text": "Đã thay năm bóng đèn ngày 24/11.", "step": "send"},
            "tickets.bounce": {"version": 1, "reason": "Việc của đơn vị khác", "proposed_body": other},
            "tickets.assign": {"version": 1, "body": other, "note": ""},
            "ticket_timing.pause": {
                "version": 1,
                "pause_reason": "Chờ đơn vị khác cắt điện",
                "until": "30/11/2026",
            },
            "ticket_timing.resume": {"version": 1},
            "ticket_timing.extend": {
                "version": 1,
                "amount": "3",
                "extension_reason": "Chờ đơn vị khác cắt điện",
            },
            "ticket_timing.decide": {"version": 1, "decision": "grant", "decision_reason": ""},
            "meetings.new": fields(held_on="10/11/2026", kind="thematic"),
            "meetings.correct": fields(reason="Ghi nhầm số đảng viên"),
            "assessments.show": {"grade": "kha", "reason": "Biên bản chưa đầy đủ", "version": "0"},
            "reports.ask": {
                "quarter": "2026Q3",
                "period_from": "01/07/2026",
                "period_to": "30/09/2026",
                "cutoff_on": "25/11/2026",
                "supplement": "0",
            },
        }.get(endpoint, {})

    def expected(self, cell: Cell, who: str) -> str:
        """Return what the access rules say of the request."""
        rule = rule_of(self.app, cell.endpoint)
        if rule == PUBLIC:
            return OPEN
        actor = self.walkers[who]
        if actor is None or rule is None or not may(actor, Action(rule)):
            return REFUSED
        if cell.thing is None:
            return OPEN
        if cell.thing.owner is not None:
            return OPEN if cell.thing.owner == actor.account_id else REFUSED
        asked = [Action(rule)]
        if cell.endpoint.startswith("tickets."):
            asked.append(Action.TICKET_READ)
        return OPEN if all(may(actor, one, cell.thing.resource) for one in asked) else REFUSED

    def send(self, cell: Cell, client: FlaskClient) -> Any:
        """Send the request and return the answer."""
        with self.app.test_request_context():
            address = self.app.url_map.bind("localhost").build(cell.endpoint, cell.path, method=cell.method)
        body: dict[str, Any] = (
            {"json": dict(cell.json)} if cell.json is not None else {"data": dict(cell.data)}
        )
        if cell.method == "GET":
            body = {}
        return client.open(address, method=cell.method, query_string=dict(cell.query), **body)

    def hidden_from(self, who: str) -> set[str]:
        """Return the words and numbers of tickets that the walker may not read, and of drafts not the walker's."""
        actor, tree = self.walkers[who], self.reference.tree
        found: set[str] = set()
        for place in (self.own, self.far):
            for key, ticket_id in place.tickets.items():
                ticket = db.session.get_one(Ticket, ticket_id)
                if actor is None or not may(actor, Action.TICKET_READ, ticket_resource(ticket, tree)):
                    found |= {place.marks[key], ticket.number}
            branch = Resource(tree.path(place.branch))
            if actor is None or not may(actor, Action.SHEET_WRITE, branch):
                found.add(f"{place.name}nháp")
        return found


_ASKED_BY = {
    "meetings.new": ("chi_bo", "branch"),
    "meetings.return_sheet": ("chi_bo", "branch"),
    "meetings.suggestion": ("chi_bo", "branch"),
    "meetings.figures": ("chi_bo", "branch"),
    "overview.show": ("don_vi", "ward"),
    "overview.rows": ("don_vi", "ward"),
}
"""Routes that name their thing in the query: what it is called there, and what kind of thing it is."""


def choices(rule: Rule, name: str) -> list[Any]:
    """Return what may stand there in the rule's path: its own words, else a number that is made up."""
    return sorted(getattr(rule._converters[name], "items", ())) or [1]


def got(cell: Cell, answer: Any, *, wrote: bool) -> str:
    """Return whether the answer let the person in: "not found" and the way to the log-in don't.

    Who logs out is led there too, after the session was ended.
    """
    to_log_in = answer.status_code == 302 and answer.location.startswith("/dang-nhap")
    logged_out = cell.endpoint == "auth.log_out" and wrote
    refusals = {401, 403, 422} if cell.is_choice else {401, 403}
    if cell.thing is not None:
        refusals.add(404)  # without one, nothing has the number that was made up
    return REFUSED if answer.status_code in refusals or (to_log_in and not logged_out) else OPEN
