"""The best-known Python helpdesk's escalation command, in an environment of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
NAME = "django-helpdesk 2.6.1"
LIMIT = int(os.environ.get("BENCH_PEER_SECONDS", "600"))
"""Seconds that one run of the command is given; what is left then is counted in proportion, and said so."""


class PeerAway(Exception):
    """The peer can't be measured here, and why."""


class Escalated(NamedTuple):
    """What the command did: milliseconds for all that was overdue, peak memory in MB, and what is to be known of it."""

    wall: float
    cpu: float
    peak: float
    note: str


def install(folder: Path) -> Path:
    """Make the environment in the folder and return its Python; raise PeerAway when it can't be installed."""
    python = folder / "peer" / "bin" / "python"
    try:
        _call([sys.executable, "-m", "venv", str(folder / "peer")])
        _call([str(python), "-m", "pip", "install", "-q", "-r", str(HERE / "peer-requirements.txt")])
    except subprocess.CalledProcessError as error:
        raise PeerAway(f"can't be installed: {_last_line(error)}") from error
    return python


def escalate(python: Path, url: str, tickets: int, overdue: int, *, wal: bool = False) -> Escalated:
    """Fill the empty database with so many tickets and run the command once; raise PeerAway when it fails."""
    arguments = [url, str(tickets), str(overdue), str(LIMIT), str(int(wal))]
    try:
        told = json.loads(_call([str(python), str(HERE / "peer_escalation.py"), *arguments]).splitlines()[-1])
    except subprocess.CalledProcessError as error:
        raise PeerAway(f"failed: {_last_line(error)}") from error
    done = int(told["done"])
    if not done:
        raise PeerAway("escalated nothing")
    whole = overdue / done * 1000
    note = f"{done / told['wall']:.0f} tickets/s"
    if done < overdue:
        note += f"; stopped after {told['wall']:.0f} s with {done:,} done, the rest in proportion"
    return Escalated(told["wall"] * whole, told["cpu"] * whole, told["peak"], note)


def _call(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _last_line(error: subprocess.CalledProcessError) -> str:
    return (str(error.stderr).strip().splitlines() or ["no word"])[-1][:200]
