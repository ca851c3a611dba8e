"""The wheel holds everything, and runs away from the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def tracked(folder):
    """Return the files of a folder that belong to the product."""
    return {
        str(file.relative_to(ROOT))
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def test_the_wheel_holds_code_templates_rules_and_style_but_no_tests(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())

    assert tracked("tracker") | tracked("forms") | tracked("workers") <= names
    assert {"tracker/_" + name for name in tracked("templates")} <= names
    assert not [name for name in names if name.startswith("tests/")]


def test_the_wheel_runs_from_elsewhere_with_foreign_folders_lying_about(wheel, tmp_path):
    """Unpacked away from the checkout, started where another ``forms`` lies: templates and rules are found."""
    place, here = tmp_path / "site", tmp_path / "here"
    zipfile.ZipFile(wheel).extractall(place)
    (here / "forms").mkdir(parents=True)
    (here / "forms" / "__init__.py").write_text("raise SystemExit('the wrong forms')\n")
    env = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    env |= {"PYTHONPATH": str(place), "TRACKER_DATA": str(tmp_path / "data")}

    for command in (["db", "upgrade"], ["db", "check"], ["route", "--json", "Đèn đường hỏng"]):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "tracker", *command],
            cwd=here,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_a_foreign_package_in_place_of_ours_is_refused(wheel, tmp_path):
    place, other = tmp_path / "site", tmp_path / "other"
    zipfile.ZipFile(wheel).extractall(place)
    (other / "workers").mkdir(parents=True)
    (other / "workers" / "__init__.py").write_text("")

    done = subprocess.run(
        [sys.executable, "-P", "-c", "from tracker.paths import check_neighbours; check_neighbours()"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(other), str(place)])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "workers" in done.stderr
