import subprocess
import sys

import pytest

from tracker.domain.errors import Unavailable
from tracker.runtime.child import FULL_LOG, LONGEST_WAIT, MAX_DEATHS, WINDOW, Child


def dying_child(tmp_path):
    return Child("Tiến trình thử", [sys.executable, "-c", "raise SystemExit(3)"], {}, tmp_path)


def die(child, now):
    child.start()
    child.process.wait()
    return child.tend(now)


def test_a_death_is_told_with_its_status_and_the_wait(tmp_path):
    child = dying_child(tmp_path)

    assert die(child, 100.0) == "Tiến trình thử đã dừng (mã 3); chạy lại sau 1 giây."
    assert child.start_again_at == 101.0


def test_it_is_not_started_before_its_wait_is_over(tmp_path):
    child = dying_child(tmp_path)
    die(child, 100.0)

    child.tend(100.9)
    assert child.process is None

    child.tend(101.0)
    assert isinstance(child.process, subprocess.Popen)
    child.kill()


def test_the_waits_grow_to_a_limit(tmp_path):
    child = dying_child(tmp_path)
    waits = []
    for number in range(MAX_DEATHS - 1):
        die(child, float(number))
        waits.append(child.start_again_at - number)

    assert waits == [1, 2, 4, 8, 16, LONGEST_WAIT, LONGEST_WAIT]


def test_one_that_dies_again_and_again_is_given_up(tmp_path):
    child = dying_child(tmp_path)
    for number in range(MAX_DEATHS - 1):
        die(child, float(number))

    with pytest.raises(Unavailable, match="mã 3"):
        die(child, 8.0)


def test_deaths_long_ago_are_forgotten(tmp_path):
    child = dying_child(tmp_path)
    for number in range(MAX_DEATHS - 1):
        die(child, float(number))

    die(child, WINDOW + MAX_DEATHS)

    assert len(child.deaths) == 1


def test_what_it_prints_is_kept_in_its_log_and_the_terminal_stays_clean(tmp_path, capfd):
    log = tmp_path / "thu.log"
    child = Child("Tiến trình thử", [sys.executable, "-c", "raise KeyError('gãy')"], {}, tmp_path, log)

    die(child, 100.0)
    die(child, 102.0)

    assert log.read_text("utf-8").count("KeyError") == 2
    assert log.stat().st_mode & 0o077 == 0
    assert capfd.readouterr() == ("", "")


def test_without_a_log_it_speaks_to_the_terminal(tmp_path, capfd):
    die(Child("Tiến trình thử", [sys.executable, "-c", "print('đang nạp')"], {}, tmp_path), 100.0)

    assert capfd.readouterr().out == "đang nạp\n"


def test_a_full_log_is_put_aside_and_one_older_is_kept(tmp_path):
    log = tmp_path / "thu.log"
    for fill in (b"a", b"b"):
        log.write_bytes(fill * FULL_LOG)
        die(Child("Tiến trình thử", [sys.executable, "-c", "print(1)"], {}, tmp_path, log), 100.0)

    assert log.read_text("utf-8") == "1\n"
    assert (tmp_path / "thu.1.log").read_bytes() == b"b" * FULL_LOG
