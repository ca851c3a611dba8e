"""Time is passed in: one place reads the machine's clock for all screens and jobs, and nobody the database's."""

import re

from tests.architecture.test_one_commit import sources

_MACHINES = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.time)\(")
_DATABASES = re.compile(
    r"func\.(?:now|current_timestamp|localtime)\b|\bCURRENT_TIMESTAMP\b|\bNOW\(\)|\('now'\)"
)
MAY_ASK = {"tracker/app.py", "tracker/commands/backup.py", "tracker/web/throttle.py"}
"""Where the wiring's clock is made; a backup's own date; how long a throttled visitor waits."""


def reading(pattern: re.Pattern[str], files: dict[str, str]) -> set[str]:
    """Return the files in which the pattern stands."""
    return {name for name, text in files.items() if pattern.search(text)}


def test_one_place_reads_the_machines_clock() -> None:
    assert reading(_MACHINES, sources()) <= MAY_ASK


def test_no_code_reads_the_databases_clock() -> None:
    """frappe hd_ticket.py: NOW() of the database stood in another zone and chose the wrong rows."""
    assert reading(_DATABASES, sources()) == set()


def test_a_clock_of_its_own_is_found() -> None:
    files = {"a.py": "now = datetime.now(UTC)", "b.py": "select(func.now())", "c.py": "unit.now"}
    assert (reading(_MACHINES, files), reading(_DATABASES, files)) == ({"a.py"}, {"b.py"})
