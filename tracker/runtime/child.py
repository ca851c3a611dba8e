"""One watched process: started in a session of its own, tied to its parent, restarted with growing waits."""

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tracker.domain.errors import Unavailable
from tracker.runtime.lifeline import end_with_parent

MAX_DEATHS = 8
"""So many deaths within ``WINDOW`` seconds mean that starting it again won't help."""
WINDOW = 600.0
LONGEST_WAIT = 30.0
FULL_LOG = 5 * 1024 * 1024
"""Bytes from which a log is put aside when its process is started again; one older log is kept."""


@dataclass
class Child:
    """A process that is to stay alive. ``label`` is how people are told of it (Vietnamese).

    What it prints goes to the end of ``log``; without one, to the terminal.
    """

    label: str
    command: list[str]
    env: Mapping[str, str]
    folder: Path
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=deque)
    start_again_at: float = 0.0

    def start(self) -> None:
        """Start the process. Ctrl-C in the terminal doesn't reach it: its parent decides in which order all end."""
        parent = os.getpid()

        def prepare() -> None:
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            end_with_parent(parent)

        # The parent runs no threads, so a function between fork and exec is safe here.
        with _output(self.log) as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
                self.command,
                env=dict(self.env),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=prepare,
            )

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def tend(self, now: float) -> str | None:
        """Look after the process: note a death, start it again when its wait is over.

        ``now`` is a monotonic time in seconds. Returns a sentence to tell when it has just died. Raises
        Unavailable when it dies again and again.
        """
        if self.process is None:
            if now >= self.start_again_at:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.process = None
        wait = self._note_death(now, code)
        return f"{self.label} đã dừng (mã {code}); chạy lại sau {wait:.0f} giây."

    def _note_death(self, now: float, code: int) -> float:
        while self.deaths and self.deaths[0] < now - WINDOW:
            self.deaths.popleft()
        self.deaths.append(now)
        if len(self.deaths) >= MAX_DEATHS:
            raise Unavailable(
                f"{self.label} dừng {len(self.deaths)} lần liên tiếp (mã {code}); xem {self.log or 'lỗi ở trên'}."
            )
        wait = min(2.0 ** (len(self.deaths) - 1), LONGEST_WAIT)
        self.start_again_at = now + wait
        return wait

    def send(self, number: signal.Signals) -> None:
        """Send the process a signal if it is alive."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """End the process and what it started in its session's group, at once, and wait for it."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def _output(log: Path | None) -> Iterator[int | None]:
    """Give the file that a process may write to: what it prints is for its log, not for who sits at the terminal."""
    if log is None:
        yield None
        return
    with suppress(FileNotFoundError):
        if log.stat().st_size >= FULL_LOG:
            log.replace(log.with_suffix(".1.log"))
    number = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        yield number
    finally:
        os.close(number)


def end_all(children: list[Child], patience: float, wait: "Waiter") -> None:
    """End the processes: ask, ask again after ``patience`` seconds (a worker then drops its job), then kill."""
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGTERM, 3.0)):
        for child in children:
            child.send(number)
        until = time.monotonic() + seconds
        while any(child.alive for child in children) and time.monotonic() < until:
            if wait(0.2):
                break
    for child in children:
        child.kill()


class Waiter:
    """Waits for signals that the process has blocked; says whether somebody asked to stop."""

    STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self._before = signal.pthread_sigmask(signal.SIG_BLOCK, [*self.STOPS, signal.SIGCHLD])

    def __call__(self, seconds: float) -> bool:
        """Wait at most so long, less when a child died; return True when asked to stop."""
        found = signal.sigtimedwait([*self.STOPS, signal.SIGCHLD], seconds)
        return found is not None and found.si_signo in self.STOPS

    def restore(self) -> None:
        """Let the signals through again."""
        signal.pthread_sigmask(signal.SIG_SETMASK, self._before)
