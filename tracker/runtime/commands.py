"""The command lines and the environment of the processes; one truth for ``up``, systemd and containers."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import tracker
from tracker.settings import Settings

# -P keeps the working directory out of the import path: a folder named "forms" there would hide ours.
_PYTHON = (sys.executable, "-P")
_CODE = Path(tracker.__file__).resolve().parent.parent
_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn opens and unlinks a file of its own there


def web(settings: Settings) -> list[str]:
    """Return gunicorn's command line: single-threaded processes on SQLite, threads on PostgreSQL.

    On SQLite threads wait for each other in the database's busy handler: the slowest requests took 0.3–0.8 s
    with threads, and 9 ms (nine of ten) without.
    """
    command = [*_PYTHON, "-m", "gunicorn", "tracker.app:create_app()"]
    command += ["--bind", f"{settings.host}:{settings.port}", "--workers", str(settings.web_processes)]
    command += (
        ["--worker-class", "sync"] if settings.on_sqlite else ["--worker-class", "gthread", "--threads", "4"]
    )
    command += ["--chdir", str(settings.folder.empty), "--timeout", "60", "--graceful-timeout", "5"]
    command += ["--config", "python:tracker.runtime.serving"]
    command += ["--no-control-socket", "--log-level", "warning"]
    if _MEMORY.is_dir():
        command += ["--worker-tmp-dir", str(_MEMORY)]
    return command


def worker(queues: tuple[str, ...] = ()) -> list[str]:
    """Return the command line of a worker for the queues, for all of them when none is named."""
    return [*_PYTHON, "-m", "workers.worker", *queues]


def schedule() -> list[str]:
    """Return the command line of the schedule."""
    return [*_PYTHON, "-m", "workers.schedule"]


def tracker_command(*arguments: str) -> list[str]:
    """Return the command line of the console script, by module, so that it is the one of this code."""
    return [*_PYTHON, "-m", "tracker", *arguments]


def environment(settings: Settings, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for a process: the one given, with the settings' paths made absolute.

    The processes start in an empty folder, where a relative path would mean another place.
    """
    env = dict(os.environ if base is None else base)
    env["TRACKER_DATA"] = str(settings.data)
    env["TRACKER_DATABASE_URL"] = settings.database_url
    env["PORT"] = str(settings.port)
    if settings.smtp_password_file:
        env["TRACKER_SMTP_PASSWORD_FILE"] = settings.smtp_password_file
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_CODE), env.get("PYTHONPATH", "")]))
    return env


def become(command: list[str], settings: Settings) -> None:
    """Turn this process into the command; it keeps the process id, so signals reach it. Doesn't return."""
    settings.folder.create()
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(settings.folder.empty)
    os.execve(command[0], command, environment(settings))  # noqa: S606 - our own interpreter, no shell
