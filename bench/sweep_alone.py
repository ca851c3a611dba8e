"""python -m bench.sweep_alone ADDRESS FOLDER: one sweep in a process of its own; prints its time and peak memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.sweeping import NOW, application, took
from tracker.services.escalation import sweep


def peak_memory() -> float:
    """Return the most that this process ever held in memory, in MB, as the kernel counts it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def alone(url: str, folder: Path) -> dict[str, float]:
    """Return what a sweep in a new process took (``wall`` and ``cpu`` in ms) and its ``peak`` in MB."""
    command = [sys.executable, "-m", "bench.sweep_alone", url, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def main(url: str, folder: str) -> None:
    """Sweep what is due in the database and print the figures as one line of JSON."""
    app = application(url, Path(folder))
    with app.app_context():
        times = took(lambda: sweep(app.extensions["tracker"].wiring, NOW))
    told: dict[str, Any] = times._asdict() | {"peak": peak_memory()}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
