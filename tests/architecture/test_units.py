"""The systemd units start commands that exist, with settings that are known, on a folder they may write."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from tracker.cli import tracker
from tracker.settings import SETTINGS

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "systemd"
UNITS = sorted(FOLDER.glob("bam-co-so*"))
PROGRAM = "/opt/bam-co-so/.venv/bin/tracker"
DATA = "/var/lib/bam-co-so"
OTHERS = {"TZ"}
"""Variables of the system's own that a unit may set."""


def lines(text: str, name: str) -> list[str]:
    """Return the values that a unit's text gives to a key, in order."""
    return re.findall(rf"^{name}=(.*)$", text, re.MULTILINE)


def wrong_in(text: str) -> list[str]:
    """Return what stands in a unit's text that can't work, in words; nothing for a target, which runs nothing."""
    wrong = [
        f"no such command: {command}"
        for command in lines(text, "ExecStart") + lines(text, "ExecStartPre")
        if not is_command(command)
    ]
    if "ExecStart=" not in text:
        return wrong
    values = dict(pair.split("=", 1) for pair in lines(text, "Environment"))
    known = {one.name for one in SETTINGS} | OTHERS
    wrong += [f"no such setting: {name}" for name in values if name not in known]
    if values.get("TRACKER_DATA") != DATA or lines(text, "StateDirectory") != [Path(DATA).name]:
        wrong.append("the data folder is not the one that it may write")
    return wrong


def is_command(line: str) -> bool:
    """Return whether the line calls our program by a command that it has, with options that it knows."""
    program, *words = line.split()
    context = click.Context(tracker, info_name="tracker")
    found: click.Command | None = tracker
    while isinstance(found, click.Group) and words:
        found = found.get_command(context, words.pop(0))
    if program != PROGRAM or found is None or isinstance(found, click.Group):
        return False
    try:
        found.make_context("tracker", words, resilient_parsing=False)
    except click.UsageError:
        return False
    return True


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_what_there_is_with_settings_that_are_known(unit: Path) -> None:
    assert wrong_in(unit.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("stands", "instead", "told"),
    [
        ("tracker web", "tracker serve", "no such command: /opt/bam-co-so/.venv/bin/tracker serve"),
        ("tracker web", "tracker web --fast", "no such command: /opt/bam-co-so/.venv/bin/tracker web --fast"),
        ("db upgrade", "db", "no such command: /opt/bam-co-so/.venv/bin/tracker db"),
        ("TZ=", "TRACKER_ZONE=", "no such setting: TRACKER_ZONE"),
        (f"Environment=TRACKER_DATA={DATA}\n", "", "the data folder is not the one that it may write"),
        ("StateDirectory=bam-co-so", "StateDirectory=tracker", "the data folder is not the one that it may write"),
    ],
)  # fmt: skip
def test_a_unit_that_cannot_work_is_found(stands: str, instead: str, told: str) -> None:
    """The negative control of the one above."""
    text = (FOLDER / "bam-co-so-web.service").read_text("utf-8")
    assert stands in text

    assert wrong_in(text.replace(stands, instead, 1)) == [told]


def test_the_settings_file_named_is_the_one_of_the_handbook() -> None:
    files = {file.lstrip("-") for unit in UNITS for file in lines(unit.read_text("utf-8"), "EnvironmentFile")}
    page = (FOLDER.parents[1] / "docs" / "so-tay" / "van-hanh.md").read_text("utf-8")

    assert files == {"/etc/bam-co-so.env"}
    assert "/etc/bam-co-so.env" in page
    assert DATA in page


def complaints(folder: Path, unit: Path, stands: str = "", instead: str = "") -> str:
    """Return what systemd says of the unit, its program replaced by one that is on every machine."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return "" if not stands else "there is no systemd here"
    for one in UNITS:
        text = one.read_text("utf-8").replace(PROGRAM, "/bin/true").replace("=/etc/", "=-/etc/")
        text = text.replace("=--", "=-")
        (folder / one.name).write_text(text.replace(stands, instead) if stands else text, "utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(folder / unit.name)], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_has_nothing_to_say_of_a_unit(tmp_path: Path, unit: Path) -> None:
    """Where there is no systemd, the tests above are all that looks at it."""
    assert complaints(tmp_path, unit) == ""


def test_systemd_names_a_key_that_it_does_not_know(tmp_path: Path) -> None:
    """The negative control of the one above."""
    unit = FOLDER / "bam-co-so.service"

    assert complaints(tmp_path, unit, "ProtectHome", "ProtectHouse") != ""
