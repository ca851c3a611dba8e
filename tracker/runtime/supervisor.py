"""``tracker up``: starts everything in order, keeps it running, and ends all of it together."""

import fcntl
import http.client
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tracker.adapters.queue import DEFAULT, QUEUES
from tracker.domain.errors import Conflict, Unavailable
from tracker.runtime import commands, valkey
from tracker.runtime.child import Child, Waiter, end_all
from tracker.settings import Settings

PATIENCE = 10.0
"""Seconds that a process may take to finish what it has in hand when all is stopped."""


class Stopped(Exception):
    """Somebody asked to stop while things were being started."""


class Supervisor:
    """The processes of one installation on one machine."""

    def __init__(self, settings: Settings, demo: bool, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._demo = demo
        self._say = say
        self._env = commands.environment(settings)
        self._children: list[Child] = []
        self._queue: Child | None = None
        self._wait = Waiter()

    def run(self) -> None:
        """Run until somebody asks to stop. Raises Conflict or Unavailable when it can't go on; ends all first."""
        folder = self._settings.folder
        folder.create()
        try:
            with _only_one(folder.run / "up.lock"):
                try:
                    self._start()
                    self._watch()
                except Stopped:
                    pass
                finally:
                    self._end()
        finally:
            self._wait.restore()

    def _start(self) -> None:
        _check_port(self._settings, self._pause)
        if self._settings.embedded_queue:
            valkey.prepare(self._settings.folder)
            self._queue = self._child("Hàng đợi (Valkey)", valkey.command(self._settings.folder))
            self._queue.start()
            self._until(lambda: valkey.answers(self._settings.folder), self._queue, 60)
        self._prepare()
        self._children = list(self._plan())
        for child in self._children:
            child.start()

    def _plan(self) -> Iterator[Child]:
        yield self._child("Máy chủ web", commands.web(self._settings), "web")
        for number in range(self._settings.workers):
            # With two workers or more the first leaves reports to the others: a sweep never waits for a PDF.
            queues = (DEFAULT,) if number == 0 and self._settings.workers > 1 else QUEUES
            yield self._child(f"Tiến trình nền {number + 1}", commands.worker(queues), f"worker-{number + 1}")
        yield self._child("Lịch chạy định kỳ", commands.schedule(), "schedule")

    def _child(self, label: str, command: list[str], log: str | None = None) -> Child:
        folder = self._settings.folder
        return Child(label, command, self._env, folder.empty, folder.logs / f"{log}.log" if log else None)

    def _prepare(self) -> None:
        """Bring the database up to date and fill an empty one, in a process that can be stopped."""
        arguments = ["--demo"] if self._demo else []
        child = self._child("Chuẩn bị dữ liệu", commands.tracker_command("prepare", *arguments))
        child.start()
        try:
            while child.alive:
                self._pause(0.5)
        except Stopped:
            end_all([child], PATIENCE, self._wait)
            raise
        if child.process is None or child.process.returncode != 0:
            raise Unavailable("Chưa chuẩn bị được dữ liệu; xem lỗi ở trên.")

    def _watch(self) -> None:
        announced = False
        while not self._wait(0.3 if not announced else 1.0):
            now = time.monotonic()
            for child in [*([self._queue] if self._queue else []), *self._children]:
                if news := child.tend(now):
                    self._say(news)
            if not announced and _answers(self._settings):
                announced = True
                self._announce()

    def _announce(self) -> None:
        self._say(f"Bám cơ sở đang chạy tại {self._settings.base_url}")
        greeting = self._settings.folder.run / "greeting.txt"
        if greeting.exists():
            self._say(greeting.read_text("utf-8").rstrip())
        self._say("Dừng: nhấn Ctrl-C.")

    def _pause(self, seconds: float) -> None:
        if self._wait(seconds):
            raise Stopped

    def _until(self, done: Callable[[], bool], child: Child, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not done():
            if not child.alive or time.monotonic() > until:
                raise Unavailable(f"{child.label} không khởi động được; xem {self._settings.folder.logs}.")
            self._pause(0.05)

    def _end(self) -> None:
        end_all(self._children, PATIENCE, self._wait)
        if self._queue is not None:
            end_all([self._queue], PATIENCE, self._wait)
            self._settings.folder.socket.unlink(missing_ok=True)


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Hold the data folder's lock; the kernel lets go of it when the process ends, however it ends."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(_whose(file)) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _whose(file: TextIO) -> str:
    file.seek(0)
    return f"Thư mục dữ liệu này đang được dùng bởi tiến trình {file.read().strip()}; hãy dừng nó trước."


def _check_port(settings: Settings, pause: Callable[[float], None]) -> None:
    """Return when the port is free; a process of an earlier crash is given a few seconds to let go of it."""
    for _ in range(20):
        try:
            with socket.create_server((settings.host, settings.port)):
                return
        except OSError:
            pause(0.25)
    raise Conflict(
        f"Cổng {settings.port} đang có chương trình khác dùng; hãy đặt cổng khác, ví dụ PORT=8001."
    )


def _answers(settings: Settings) -> bool:
    """Return whether the web server answers."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - it is compared
    connection = http.client.HTTPConnection(host, settings.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def say(line: str) -> None:
    """Print a line for the person at the terminal, at once."""
    print(line, file=sys.stdout, flush=True)
