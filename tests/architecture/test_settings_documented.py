import re
from pathlib import Path

from tracker.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "settings.md"


def documented_rows():
    """Return name → (default, help) of the page's table."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return {name: (default.strip("`"), help) for name, default, help in rows}


def test_each_setting_stands_on_the_page_as_the_code_says_it():
    assert documented_rows() == {one.name: (one.default, one.help) for one in SETTINGS}


def test_the_code_reads_no_variable_that_is_not_a_setting():
    """Whatever is read from the environment by name is one of the documented settings."""
    pattern = re.compile(r"""["'](TRACKER_[A-Z_]+)["']""")
    read = {
        name
        for folder in ("tracker", "workers", "forms")
        for file in (ROOT / folder).rglob("*.py")
        for name in pattern.findall(file.read_text("utf-8"))
    }

    assert read <= {one.name for one in SETTINGS}
