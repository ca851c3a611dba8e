"""The real application behind a real socket, and a real browser before it.

A click waits until the page that it leads to has begun, a double click doesn't: wait for what it shows. A page that has
begun may still lack its script: wait for "load" before typing on it. The meeting sheet is sent by its script, so there
a click waits for nothing.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from tests.conftest import COMPILED, SettableClock
from tests.makers import PASSWORD, Makers
from tracker.adapters.queue import RecordingQueue
from tracker.app import create_app
from tracker.db.base import db
from tracker.db.tables.people import Account
from tracker.domain.people import Actor
from tracker.settings import Settings

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}

expect.set_options(timeout=15_000)  # a busy machine is no fault of the page


@dataclass(frozen=True)
class Site:
    """A running application: its address, and makers of what is in its database."""

    url: str
    app: Flask
    make: Makers


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium"}


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    """Serve the application on a fresh SQLite file with the shipped rules; the clock stands."""
    path = tmp_path / "tracker.sqlite"
    shutil.copy(sqlite_template, path)
    settings = Settings.from_environment(
        {"TRACKER_DATA": str(tmp_path / "data"), "TRACKER_DATABASE_URL": f"sqlite:///{path}"}
    )
    app = create_app(
        settings,
        queue=RecordingQueue(),
        clock=SettableClock(),
        config={"RATELIMIT_STORAGE_URI": "memory://"},
    )
    app.jinja_env.bytecode_cache = COMPILED
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with app.app_context():
        yield Site(f"http://127.0.0.1:{server.port}", app, Makers(app))
        db.session.remove()
        server.shutdown()
        thread.join()
        server.server_close()
        db.engine.dispose()


@pytest.fixture
def enter(site: Site, page: Page) -> Callable[[Actor], Page]:
    """Return a function that logs a person in by hand and returns the page on the desk."""

    def log_in(actor: Actor) -> Page:
        username = db.session.get_one(Account, actor.account_id).username
        db.session.rollback()
        page.goto(f"{site.url}/dang-nhap")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url(f"{site.url}/")
        return page

    return log_in


def leave(page: Page) -> None:
    """End the person's session in the browser, once the page shown has loaded.

    A reply still on its way could otherwise set the cookie again that was just taken away.
    """
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()


def faults(page: Page) -> list[str]:
    """Return what axe finds on the page, WCAG 2.2 AA (with target size) and best practice included.

    The screen is made as tall as the page, so that the bar at its foot covers nothing.
    """
    page.wait_for_load_state("load")  # after a click the page may have begun and hold nothing yet
    size = page.viewport_size or DESKTOP
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({**size, "height": min(tall + 200, 16_000)})
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = {"runOnly": {"type": "tag", "values": tags}, "rules": {"target-size": {"enabled": True}}}
    found = Axe().run(page, options=options).response["violations"]
    page.set_viewport_size(size)
    return [f"{v['id']}: {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    page.wait_for_load_state("load")
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
