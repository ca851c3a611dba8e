"""The list and a ticket's page at 200,000 tickets beside 2,000: server time of whole requests, in process.

Each case is asked in turn on the two databases, so that a noisy moment hits both. PostgreSQL is measured when
TRACKER_BENCH_POSTGRES names a server (an address without a database).
"""

import os
import statistics
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa
from flask.testing import FlaskClient

from bench.crowd import grow
from bench.table import Row
from tracker.adapters.queue import RecordingQueue
from tracker.app import create_app
from tracker.db.base import db
from tracker.db.migrating import upgrade
from tracker.db.seed import load_reference
from tracker.db.tables.tickets import Ticket
from tracker.demonstration.accounts import PASSWORD
from tracker.demonstration.arguments import DemoArguments
from tracker.runtime.preparing import load_demonstration
from tracker.settings import Settings

ON = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
SMALL, LARGE = 2_000, 200_000
ROUNDS = 40

OVERVIEW = ("thuongtruc.bacninh", "/toan-canh")

CASES: tuple[tuple[str, str, str, str], ...] = (
    ("list, one body", "ktht.tuson", "/kien-nghi", "<= 25 ms, <= 1.3"),
    ("list, one committee", "vanphong.tuson", "/kien-nghi", "<= 25 ms, <= 1.3"),
    ("list, a province", "thuongtruc.bacninh", "/kien-nghi", "<= 25 ms, <= 1.3"),
    ("list, a province, all", "thuongtruc.bacninh", "/kien-nghi?state=all", "<= 25 ms, <= 1.3"),
    ("list, a province, overdue", "thuongtruc.bacninh", "/kien-nghi?state=overdue", "<= 25 ms, <= 1.3"),
    ("list, a province, waiting", "thuongtruc.bacninh", "/kien-nghi?state=waiting", "<= 25 ms, <= 1.3"),
    (
        "list, a province, late of a quarter",
        "thuongtruc.bacninh",
        "/kien-nghi?outcome=late&quarter=2026Q3",
        "<= 25 ms",
    ),
    ("ticket page", "vanphong.tuson", "/kien-nghi/{ticket}", "<= 12 ms, <= 1.3"),
    ("desk of an official", "ktht.tuson", "/", "<= 25 ms"),
    ("desk of an office", "vanphong.tuson", "/", "<= 25 ms"),
    ("overview of a province", *OVERVIEW, "<= 60 ms"),
    ("rows behind a figure", OVERVIEW[0], f"{OVERVIEW[1]}/so-lieu?so=told", "<= 60 ms"),
)
"""What is asked: its name, by whom, at which address, the aim."""


class Place:
    """One application on a database of so many tickets."""

    def __init__(self, folder: Path, tickets: int, url: str | None = None) -> None:
        environment = {"TRACKER_DATA": str(folder)} | ({"TRACKER_DATABASE_URL": url} if url else {})
        self.app = create_app(
            Settings.from_environment(environment),
            queue=RecordingQueue(),
            clock=lambda: NOW,
            config={"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False},
        )
        self.clients: dict[str, FlaskClient] = {}
        with self.app.app_context():
            upgrade(db.engine)
            load_reference(db.session())
            db.session.commit()
            load_demonstration(self.app.extensions["tracker"], DemoArguments(ON))
            db.session.remove()
            grow(db.engine, tickets)

    def client(self, username: str) -> FlaskClient:
        """Return the person's client, logged in once."""
        if username not in self.clients:
            client = self.clients[username] = self.app.test_client()
            answer = client.post("/dang-nhap", data={"username": username, "password": PASSWORD})
            if answer.status_code != 302:
                raise RuntimeError(f"{username} can't log in: {answer.status_code}")
        return self.clients[username]

    def ticket(self) -> int:
        """Return an open ticket of Từ Sơn that has been through something."""
        with self.app.app_context():
            query = (
                sa.select(Ticket.id)
                .where(
                    Ticket.number.like("%TS-%"), Ticket.reopened_count > 0, Ticket.is_restricted.is_(False)
                )
                .order_by(Ticket.id.desc())
                .limit(1)
            )
            return db.session.execute(query).scalar_one()

    def ask(self, username: str, address: str) -> float:
        """Return the milliseconds that the answer took; a wrong answer raises."""
        client = self.client(username)
        began = time.perf_counter()
        answer = client.get(address)
        took = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
        return took


def run() -> list[Row]:
    """Return a row a case and database: the large one beside the small one, medians in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="bcs-pages-") as folder:
        rows = _compare("SQLite", Place(Path(folder, "s"), SMALL), Place(Path(folder, "l"), LARGE))
    server = os.environ.get("TRACKER_BENCH_POSTGRES")
    if server:
        with tempfile.TemporaryDirectory(prefix="bcs-pages-") as folder:
            places = [
                Place(Path(folder, name), tickets, _database(server, f"bench_pages_{name}"))
                for name, tickets in (("s", SMALL), ("l", LARGE))
            ]
            rows += _compare("PostgreSQL", *places)
    return rows


def _database(server: str, name: str) -> str:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return sa.engine.make_url(server).set(database=name).render_as_string(hide_password=False)


def _compare(database: str, small: Place, large: Place) -> list[Row]:
    rows = [_case(database, small, large, *case) for case in CASES[:1]]
    return [
        *rows,
        _first(database, small, large),
        *(_case(database, small, large, *case) for case in CASES[1:]),
    ]


def _first(database: str, small: Place, large: Place) -> Row:
    """Return the row of the first overview in a process, when no figure is at hand yet."""
    took = [place.ask(*OVERVIEW) for place in (small, large)]
    what = f"overview of a province, the first, {LARGE:,} tickets"
    return Row("pages", what, took[1], took[0], "ms", f"{SMALL:,} tickets", "<= 1000 ms", f"{database}; once")


def _case(database: str, small: Place, large: Place, what: str, who: str, address: str, aim: str) -> Row:
    addresses = [
        address.format(ticket=place.ticket()) if "{" in address else address for place in (small, large)
    ]
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + 3):
        for kept, place, at in zip(times, (small, large), addresses, strict=True):
            took = place.ask(who, at)
            if number >= 3:  # the first ones warm up
                kept.append(took)
    ours, other = statistics.median(times[1]), statistics.median(times[0])
    note = f"{database}; p95 {statistics.quantiles(times[1], n=20)[18]:.1f} ms"
    return Row("pages", f"{what}, {LARGE:,} tickets", ours, other, "ms", f"{SMALL:,} tickets", aim, note)
