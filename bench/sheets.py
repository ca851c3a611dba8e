"""Posting a sheet with five concerns by eight clients, beside a bare insert of as many rows."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

import sqlalchemy as sa

from bench.table import Row
from tracker.adapters.queue import RecordingQueue
from tracker.app import create_app, utc_now
from tracker.db.base import db
from tracker.demonstration.accounts import PASSWORD
from tracker.demonstration.arguments import DemoArguments
from tracker.domain.dates import local_date
from tracker.runtime.preparing import load_demonstration, upgrade_database
from tracker.settings import Settings

CLIENTS, SHEETS = 8, 25
CONCERNS = (
    "Rãnh thoát nước trước nhà văn hóa bị tắc, mưa to là nước tràn vào nhà dân",
    "Đèn chiếu sáng đoạn từ đình đến trường tắt năm bóng liền",
    "Mùi sơn từ mấy xưởng mộc trong khu dân cư nồng nặc",
    "Ngã ba chợ không có đèn tín hiệu, tuần nào cũng có va quệt",
    "Lên phường chứng thực giấy tờ phải lấy số chờ cả buổi",
)
BY_THE_RULES = ("category", "body", "urgency")
"""Selects left to the rules, so that each concern is really read and routed."""
POINTS = {
    "content_ready": 5,
    "committee_ready": 5,
    "all_steps": 5,
    "discussion": 20,
    "chairing": 8,
    "principles": 5,
    "last_conclusions": 27,
    "ending": 5,
}
SECRETARY = "bithu.hoiquan"


def run() -> list[Row]:
    """Return requests per second and p95 of ours beside the bare insert's, and ours' count of failures."""
    with tempfile.TemporaryDirectory(prefix="bcs-bench-") as folder:
        data = Path(folder) / "data"
        _prepare(data)
        ours, failures = _ours(data)
        copy = Path(folder) / "floor.sqlite"
        _copy(data / "tracker.sqlite", copy)
        floor, _ = _floor(copy)
    aim = "≥ 0.5"
    return [
        Row(
            "sheets",
            f"{CLIENTS} clients, 5 concerns: sheets",
            _rate(ours),
            _rate(floor),
            "/s",
            "bare insert",
            aim,
            f"{failures} errors",
        ),
        Row("sheets", "p95 of one sheet", _p95(ours), _p95(floor), "ms", "bare insert"),
    ]


def _prepare(data: Path) -> None:
    settings = Settings.from_environment({"TRACKER_DATA": str(data)})
    app = create_app(settings, queue=RecordingQueue())
    with app.app_context():
        upgrade_database()
        load_demonstration(app.extensions["tracker"], DemoArguments(as_of=local_date(utc_now())))
        db.engine.dispose()


def _copy(source: Path, target: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{source}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    shutil.copy(source, target)


Timing = tuple[float, list[float]]
"""Seconds in all, and milliseconds of each request."""


def _ours(data: Path) -> tuple[Timing, int]:
    env = {"TRACKER_DATA": str(data), "TRACKER_REDIS_URL": "redis://127.0.0.1:1/0"}
    with _Served("tracker.app:create_app()", env) as port:
        fields, cookie = _open_sheet(port)

        def post() -> bool:
            body = urlencode({**fields, "request_key": str(uuid.uuid4())})
            status, _, _ = _ask(port, "POST", "/phieu-hop/moi", body, cookie)
            return status == 302

        return _load(post)


def _floor(database: Path) -> tuple[Timing, int]:
    with _Served("bench.floor_sheet:create_app()", {"FLOOR_DATABASE": f"sqlite:///{database}"}) as port:
        body = urlencode({f"field-{number}": "x" * 60 for number in range(120)})

        def post() -> bool:
            return _ask(port, "POST", "/", body, "")[0] == 200

        return _load(post)


def _load(post: Callable[[], bool]) -> tuple[Timing, int]:
    """Post from all clients at once, a few first that don't count; return the times and how many failed."""

    def client(_number: int) -> tuple[list[float], int]:
        times, failed = [], 0
        for _ in range(SHEETS):
            begun = time.perf_counter()
            failed += not post()
            times.append(1000 * (time.perf_counter() - begun))
        return times, failed

    for _ in range(4):
        post()
    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        parts = list(pool.map(client, range(CLIENTS)))
    whole = time.perf_counter() - begun
    return (whole, [one for times, _ in parts for one in times]), sum(failed for _, failed in parts)


def _rate(timing: Timing) -> float:
    return len(timing[1]) / timing[0]


def _p95(timing: Timing) -> float:
    return quantiles(timing[1], n=20)[-1]


class _Served:
    """An application under gunicorn as it runs in earnest: two single-threaded processes."""

    def __init__(self, target: str, env: dict[str, str]) -> None:
        self._target, self._env = target, env

    def __enter__(self) -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-w",
            "2",
            "-b",
            f"127.0.0.1:{port}",
            "--log-level",
            "error",
            self._target,
        ]
        self._process = subprocess.Popen(command, env=os.environ | self._env)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                return port
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("gunicorn did not come up")

    def __exit__(self, *_error: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(20)


def _ask(port: int, method: str, path: str, body: str, cookie: str) -> tuple[int, str, str]:
    """Return status, cookie and text of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request(method, path, body.encode(), headers)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    new = (answer.getheader("Set-Cookie") or "").split(";")[0]
    connection.close()
    return answer.status, new or cookie, text


class _Fields(HTMLParser):
    """Collects a form's fields as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and name and given.get("type") not in ("submit", "button"):
            if given.get("type") not in ("radio", "checkbox") or "checked" in given:
                self.values[name] = given.get("value") or ""
        elif tag == "textarea" and name:
            self.values[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.values):
            self.values[self._select] = given.get("value") or ""


def _fields_of(page: str) -> dict[str, str]:
    reader = _Fields()
    reader.feed(page.split("<main", 1)[-1].split("<template", 1)[0])
    return reader.values


def _open_sheet(port: int) -> tuple[dict[str, str], str]:
    """Log in as a secretary, open a sheet and return its fields filled in, with the session's cookie."""
    _, cookie, page = _ask(port, "GET", "/dang-nhap", "", "")
    login = _fields_of(page) | {"username": SECRETARY, "password": PASSWORD}
    status, cookie, _ = _ask(port, "POST", "/dang-nhap", urlencode(login), cookie)
    if status != 302:
        raise RuntimeError(f"log-in answered {status}")
    _, cookie, page = _ask(port, "GET", "/phieu-hop/moi", "", cookie)
    return _filled(_fields_of(page)), cookie


def _filled(blank: dict[str, str]) -> dict[str, str]:
    """Return the sheet's fields with a believable meeting typed in; answers brought back wait for another one."""
    yesterday = local_date(utc_now()) - timedelta(days=1)
    waiting = [name for name in blank if name.endswith("-ticket_id")]
    fields = blank | {name.replace("-ticket_id", "-choice"): "later" for name in waiting}
    fields |= {
        "kind": "thematic",
        "held_on": f"{yesterday:%d/%m/%Y}",
        "starts": "19:00",
        "ends": "20:45",
        "place": "Nhà văn hóa thôn",
        "chair": "Nguyễn Văn Chủ",
        "minute_taker": "Trần Thị Ghi",
        "official": "30",
        "probationary": "0",
        "exempt": "2",
        "temp_exempt": "1",
        "special_duty": "0",
        "present": "25",
        "excused": "2",
        "unexcused": "0",
        "votes_for": "24",
        "votes_total": "25",
        "do": "submit",
    }
    fields |= {f"score-{code}": str(points) for code, points in POINTS.items()}
    for number, text in enumerate(CONCERNS):
        row = {"text": text, "kind": "petition", "raiser_kind": "member"} | dict.fromkeys(BY_THE_RULES, "")
        fields |= {f"concerns-{number}-{name}": value for name, value in row.items()}
    return fields
