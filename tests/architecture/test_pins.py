"""The pinned list is whole on the oldest Python that it is for, not only on the one that reckoned it."""

import re
from importlib.metadata import distributions
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PINS = Path(__file__).resolve().parents[2] / "requirements" / "base.txt"

DEBIAN_12 = dict(default_environment()) | {
    "python_version": "3.11",
    "python_full_version": "3.11.2",
    "extra": "",
}


def pinned():
    heads = re.findall(r"^([A-Za-z0-9][^\\\n]*)", PINS.read_text("utf-8"), re.MULTILINE)
    found = [Requirement(head.strip()) for head in heads]
    return [one for one in found if one.marker is None or one.marker.evaluate(DEBIAN_12)]


def test_what_a_pinned_package_asks_for_on_debian_12_is_pinned_too():
    """pip refuses the whole list otherwise; redis asks for async-timeout before Python 3.11.3 only."""
    names = {canonicalize_name(one.name) for one in pinned()}
    here = [one for one in distributions() if canonicalize_name(one.name) in names]
    assert len(here) > 40
    missing = {
        (one.name, asked.name)
        for one in here
        for line in one.requires or ()
        if (asked := Requirement(line)).marker is None or asked.marker.evaluate(DEBIAN_12)
        if canonicalize_name(asked.name) not in names
    }
    assert missing == set()
