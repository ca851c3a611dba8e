"""A worker and its machine die in a sweep: seconds until RQ runs the job again, and until the next sweep did its work.

Runs the proof under ``tests/faults``, which asserts that both happen, and reads its seconds. RQ's defaults take 810 s
(measured once; they aren't waited for here).
"""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

from bench.table import Row

PROOF = "tests/faults/proof_dead_worker.py"
WHAT = "a dead worker's job runs again"


def run() -> list[Row]:
    """Return a row a database; where the proof doesn't hold, a row that says so."""
    with tempfile.TemporaryDirectory(prefix="bcs-dead-") as folder:
        report = Path(folder, "report.xml")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            PROOF,
            f"--junit-xml={report}",
            "-o",
            "junit_family=xunit1",
        ]
        done = subprocess.run(command, capture_output=True, text=True)
        # What pytest has just written is ours.
        rows = [_row(case) for case in ET.parse(report).iter("testcase")] if report.exists() else []
    lines = done.stdout.strip().splitlines() or ["no word"]
    return rows or [
        Row("dead_worker", WHAT, None, None, "s", "the next sweep", "≤ 90 s", f"FAILED: {lines[-1]}")
    ]


def _row(case: ET.Element) -> Row:
    told = {one.attrib["name"]: one.attrib["value"] for one in case.iter("property")}
    what = f"{told.get('database', case.attrib['name'])}: {WHAT}"
    is_even = not any(case.findall(outcome) for outcome in ("failure", "error", "skipped"))
    if not is_even or "again" not in told:
        return Row("dead_worker", what, None, None, "s", "the next sweep", "≤ 90 s", "FAILED: see make proof")
    beside = "the next sweep, which did its work"
    return Row("dead_worker", what, float(told["again"]), float(told["swept"]), "s", beside, "≤ 90 s")
