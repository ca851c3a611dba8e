"""One tally for the whole run, printed at its end; a stage on a fresh database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.faults.rounds import SEED
from tests.faults.stage import Stage
from tests.faults.tally import Tally
from tests.makers import Makers


@pytest.fixture(scope="session")
def tally() -> Iterator[Tally]:
    """The whole run's figures, printed at its end."""
    tally = Tally(SEED)
    yield tally
    print("\n\n" + "\n".join(tally.lines()))


@pytest.fixture
def stage(app: Flask, make: Makers, tmp_path: Path) -> Stage:
    return Stage(make, tmp_path)
