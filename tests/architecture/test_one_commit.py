"""One place commits, nothing imports the workers, and every job that services ask for exists."""

import re
from pathlib import Path

import workers.jobs

ROOT = Path(__file__).parents[2]
# Migrations and the shipped rules come before anything runs: they are nobody's decision, so no unit of work.
MAY_COMMIT = {"tracker/services/unit.py", "tracker/db/migrating.py", "tracker/runtime/preparing.py"}

_COMMIT = re.compile(r"\.commit\(\)")
_JOB = re.compile(r"unit\.send\(\s*(\"?\w+\"?)")


def sources() -> dict[str, str]:
    """Return our product sources by path from the root."""
    files = [path for top in ("tracker", "forms", "workers") for path in (ROOT / top).rglob("*.py")]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}


def committing(files: dict[str, str]) -> set[str]:
    """Return the files that call commit."""
    return {name for name, text in files.items() if _COMMIT.search(text)}


def jobs_asked_for(files: dict[str, str]) -> set[str]:
    """Return the names of jobs that units of work ask for, named in place or by a constant."""
    whole = "\n".join(files.values())
    constants = dict(re.findall(r"^([A-Z_]+) = \"(\w+)\"$", whole, re.MULTILINE))
    return {constants.get(name, name.strip('"')) for name in _JOB.findall(whole)}


def test_one_place_commits() -> None:
    assert committing(sources()) <= MAY_COMMIT


def test_a_commit_elsewhere_is_found() -> None:
    assert committing({"tracker/web/x.py": "db.session.commit()"}) == {"tracker/web/x.py"}


def test_every_job_that_is_asked_for_exists() -> None:
    asked = jobs_asked_for(sources())

    assert asked
    assert {name for name in asked if not callable(getattr(workers.jobs, name, None))} == set()


def test_a_job_that_nobody_wrote_is_found() -> None:
    asked = jobs_asked_for({"tracker/services/x.py": 'FORGOTTEN = "forgotten"\nunit.send(FORGOTTEN)'})

    assert asked == {"forgotten"}
    assert not hasattr(workers.jobs, "forgotten")
