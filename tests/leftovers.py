"""Servers and folders of a test run die with it, even when it is killed: a keeper outlives it and clears up.

Started as ``python tests/leftovers.py``, the keeper reads the folders to clear, one a line, from its parent, and
does so when the parent's end of the pipe closes, whatever closed it. What a keeper couldn't clear (the machine
went down) the next run does: a folder's name says which process it belongs to.
"""

import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_NAME = re.compile(r"bcs-[a-z]+-(\d+)\.(\d+)-\w+")
PATIENCE = 10.0
"""Seconds that a server is given to end; an immediate shutdown takes a tenth of one."""


def started(pid: int) -> str:
    """Return when the process was started, in the kernel's own ticks; empty when there is none that runs."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in ("Z", "X") else fields[19]


def own_folder(kind: str) -> str:
    """Return a new folder for temporary things whose name says that this process has it."""
    return tempfile.mkdtemp(prefix=f"bcs-{kind}-{os.getpid()}.{started(os.getpid()) or 0}-")


def orphans(parent: Path) -> list[Path]:
    """Return the folders there whose process is no more; one that bears no such name is nobody's of ours."""
    found = []
    for folder in sorted(parent.glob("bcs-*")):
        owner = _NAME.fullmatch(folder.name)
        if owner and started(int(owner[1])) != owner[2]:
            found.append(folder)
    return found


def clear(folder: Path) -> None:
    """End the PostgreSQL that runs on the folder, if one does, and remove the folder."""
    server = _server_of(folder)
    if server is not None:
        _end(server)
    shutil.rmtree(folder, ignore_errors=True)


def _server_of(folder: Path) -> int | None:
    """Return the process of the folder's server; a number that was given to another process since is not it."""
    try:
        pid = int((folder / "postmaster.pid").read_text("ascii").split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return None
    return pid if str(folder).encode() in command else None


def _end(pid: int) -> None:
    until = time.monotonic() + PATIENCE
    os.kill(pid, signal.SIGQUIT)  # PostgreSQL's immediate shutdown: nothing here is worth keeping
    while started(pid) and time.monotonic() < until:
        time.sleep(0.02)
    if started(pid):
        os.kill(pid, signal.SIGKILL)


class Keeper:
    """The process that outlives this one. In a session of its own: what ends a whole group doesn't reach it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        atexit.register(self.end)

    def watch(self, folder: str) -> str:
        """Let the folder be cleared when this process is no more; return it."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{folder}\n".encode())
        self.process.stdin.flush()
        return folder

    def end(self) -> None:
        """Let it clear up now."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def main() -> None:
    """Wait for the parent's end, then clear what it named."""
    for ended in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ended, signal.SIG_IGN)
    for line in sys.stdin.read().splitlines():
        clear(Path(line))


if __name__ == "__main__":
    main()
