"""A shell for the tests of the commands."""

import pytest

from tracker.cli import run


@pytest.fixture
def shell(database_url, tmp_path, monkeypatch, capsys):
    """Run a command line on a fresh database; returns (status, stdout, stderr)."""
    monkeypatch.setenv("TRACKER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TRACKER_DATABASE_URL", database_url)
    monkeypatch.delenv("TRACKER_REDIS_URL", raising=False)

    def call(*arguments):
        status = run(list(arguments))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call
