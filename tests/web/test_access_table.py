"""An attacker's table: every route as every kind of person over own, foreign and restricted things.

What comes out is compared, cell by cell, with what ``domain/access.py`` says of the action that the route declares.
A refused request writes nothing, and no page at all holds a word or a number that the reader may not know of.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import COMPILED, OwnContextClient, SettableClock
from tests.web.access_walk import OPEN, REFUSED, Cell, World, choices, got
from tracker.adapters.queue import RecordingQueue
from tracker.app import create_app
from tracker.db.base import db
from tracker.db.tables.tickets import Ticket
from tracker.domain.access import Action
from tracker.settings import Settings
from tracker.web.access import needs

WALKERS = (
    "branch_secretary",
    "official",
    "body_head",
    "committee_member",
    "office",
    "standing_members",
    "standing_committee",
    "inspection",
    "administrator",
    "none",
    "anonymous",
)


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One application for the whole walk; what a request changed is put back after it."""
    folder = tmp_path_factory.mktemp("walk")
    database = folder / "tracker.sqlite"
    database.write_bytes(sqlite_template.read_bytes())
    settings = Settings.from_environment(
        {"TRACKER_DATA": str(folder / "data"), "TRACKER_DATABASE_URL": f"sqlite:///{database}"}
    )
    app = create_app(
        settings,
        queue=RecordingQueue(),
        clock=SettableClock(),
        config={"TESTING": True, "RATELIMIT_STORAGE_URI": "memory://", "WTF_CSRF_ENABLED": False},
    )
    app.test_client_class = OwnContextClient
    app.jinja_env.bytecode_cache = COMPILED
    with app.app_context():
        yield World(app, database)
        db.session.remove()
        db.engine.dispose()


def walk(world: World, who: str, cells: list[Cell]) -> list[str]:
    """Return, in words, each cell that is not as it should be."""
    wrong, hidden, client = [], world.hidden_from(who), world.client(who)
    for cell in cells:
        before = world.version()
        answer = world.send(cell, client)
        expected, wrote = world.expected(cell, who), world.version() != before
        if got(cell, answer, wrote=wrote) != expected or answer.status_code == 500:
            wrong.append(f"{cell}: {expected}, but answered {answer.status_code}")
        if wrote and (expected == REFUSED or cell.method == "GET"):
            wrong.append(f"{cell}: wrote")
        if told := [words for words in hidden if words in answer.text]:
            wrong.append(f"{cell}: tells {told}")
        answer.close()
        if wrote:
            world.restore()
            client = world.client(who)
    return wrong


@pytest.mark.parametrize("who", WALKERS)
def test_every_route_opens_to_whom_the_rules_say_and_to_nobody_else(world: World, who: str) -> None:
    assert set(WALKERS) == set(world.walkers)

    assert walk(world, who, list(world.cells())) == []


def test_the_walk_names_every_route_and_opens_each_for_somebody(world: World) -> None:
    """Otherwise "refused" everywhere would pass."""
    cells = list(world.cells())
    routes = {(rule.endpoint, method) for rule in world.app.url_map.iter_rules() for method in rule.methods}

    assert {(c.endpoint, c.method) for c in cells} == {r for r in routes if r[1] in ("GET", "POST")}
    nameless = {
        rule.rule
        for rule in world.app.url_map.iter_rules()
        if {one for one in rule.arguments - {"filename"} if choices(rule, one) == [1]}
        and not world.is_for_operators(rule.endpoint)
        if world.named_by(rule) is None
    }
    assert nameless == set(), "say in World.things which things it names, and whose they are"
    never = {c.endpoint for c in cells} - {
        c.endpoint for c in cells for who in WALKERS if world.expected(c, who) == OPEN
    }
    assert never == set()


@pytest.mark.parametrize("who", ["branch_secretary", "official", "office", "inspection", "administrator"])
def test_a_post_that_no_page_of_ours_sent_is_refused_and_writes_nothing(world: World, who: str) -> None:
    """A page elsewhere can make a browser post with its cookie, never with the form's token."""
    posts = [cell for cell in world.cells() if cell.method == "POST"]
    world.app.config["WTF_CSRF_ENABLED"] = True
    try:
        before = world.version()
        answers = {str(cell): world.send(cell, world.client(who)).status_code for cell in posts}
    finally:
        world.app.config["WTF_CSRF_ENABLED"] = False

    assert set(answers.values()) == {400}
    assert world.version() == before


def test_a_screen_that_forgets_to_ask_about_the_thing_is_found(world: World) -> None:
    """The negative control: a route that names its action but looks at no ticket."""
    app: Flask = world.app

    @needs(Action.TICKET_READ)
    def leaky(ticket_id: int) -> str:
        return db.session.scalars(sa.select(Ticket.text).where(Ticket.id == ticket_id)).one()

    app._got_first_request = False
    app.add_url_rule("/ho/<int:ticket_id>", "tickets.leaky", leaky)
    cells = [cell for cell in world.cells() if cell.endpoint == "tickets.leaky"]

    found = {who: len(walk(world, who, cells)) for who in WALKERS}
    assert found["office"] == 3 * 2, "restricted, and both of the other ward: opened, and told"
    assert found["inspection"] == 2 * 2
    assert found["anonymous"] == found["administrator"] == 0
