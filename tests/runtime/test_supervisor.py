"""``tracker up`` for real: on a free port, with its own Valkey, workers and schedule."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow

PATIENCE = 90.0
"""Seconds until a thing that should happen counts as failed: many, since a busy machine is no fault of ours."""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def processes_of(data):
    """Return the command lines of living processes that belong to the data folder, zombies left out."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if command and f"TRACKER_DATA={data}".encode() in environment.split(b"\0"):
            found[int(folder.name)] = command
    return found


def wait_until(true, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while not (value := true()):
        assert time.monotonic() < until, "it took too long"
        select.select([], [], [], 0.05)
    return value


@contextmanager
def up(data, port):
    """Start everything; wait for the address to be printed; leave nothing behind, whatever the test does."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    env |= {"TRACKER_DATA": str(data), "PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "up"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "đang chạy tại" in line:
                break
        yield process
    finally:
        for pid in [process.pid, *processes_of(data)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        process.wait()
        process.stdout.close()


def readiness(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return json.load(error)


def answers(port):
    try:
        return readiness(port)
    except OSError:
        return None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_stopping_ends_every_process_and_says_all_is_well(tmp_path, number):
    with up(tmp_path, free_port()) as process:
        assert len(processes_of(tmp_path)) >= 6

        process.send_signal(number)

        assert process.wait(timeout=PATIENCE) == 0
        assert processes_of(tmp_path) == {}


def test_a_killed_supervisor_takes_its_processes_along_and_the_next_one_starts(tmp_path):
    port = free_port()
    with up(tmp_path, port) as process:
        process.kill()
        process.wait()
        wait_until(lambda: processes_of(tmp_path) == {})

    with up(tmp_path, port) as process:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE) == 0


def test_a_valkey_left_over_is_ended_and_what_it_held_is_kept(tmp_path):
    from tracker.paths import DataFolder
    from tracker.runtime import valkey

    folder = DataFolder(tmp_path)
    folder.create()
    orphan = subprocess.Popen(valkey.command(folder), env={"TRACKER_DATA": str(tmp_path)})
    wait_until(lambda: valkey.answers(folder))
    with Redis(unix_socket_path=str(folder.socket)) as client:
        client.set("held", "yes")

    with up(tmp_path, free_port()):
        assert orphan.wait(timeout=PATIENCE) is not None
        with Redis(unix_socket_path=str(folder.socket)) as client:
            assert client.get("held") == b"yes"
            assert client.info("server")["process_id"] != orphan.pid


def test_a_web_server_that_is_killed_gives_the_port_to_the_next_one(tmp_path):
    def serving():
        return {pid for pid, line in processes_of(tmp_path).items() if "gunicorn" in line}

    port = free_port()
    with up(tmp_path, port):
        before = serving()
        os.kill(min(before), signal.SIGKILL)  # the arbiter is the eldest

        wait_until(lambda: not before & serving(), seconds=10)
        wait_until(lambda: answers(port))


def test_a_worker_that_dies_is_started_again_and_the_sweep_runs(tmp_path):
    port = free_port()
    with up(tmp_path, port):
        before = {pid for pid, line in processes_of(tmp_path).items() if "workers.worker" in line}
        os.kill(min(before), signal.SIGKILL)

        def replaced():
            now = {pid for pid, line in processes_of(tmp_path).items() if "workers.worker" in line}
            return len(now) >= len(before) and min(before) not in now

        wait_until(replaced)
        wait_until(lambda: readiness(port)["ready"])


def test_two_of_them_never_share_a_data_folder(tmp_path):
    with up(tmp_path, free_port()) as first:
        second = subprocess.run(
            [sys.executable, "-m", "tracker", "up", "--data", str(tmp_path), "--port", str(free_port())],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

        assert second.returncode == 1
        assert str(first.pid) in second.stderr
        assert second.stderr.count("\n") == 1
        assert first.poll() is None


def test_a_port_in_use_is_told_in_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "tracker", "up", "--data", str(tmp_path), "--port", str(port)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 1
    assert str(port) in done.stderr
    assert done.stderr.count("\n") == 1
    assert processes_of(tmp_path) == {}
