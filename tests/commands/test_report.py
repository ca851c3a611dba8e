"""``tracker report quarter`` from the shell."""

import pytest
from flask import Flask

from tests.makers import Makers
from tracker.cli import run
from tracker.db.base import db


@pytest.fixture
def ward_in_shell(app: Flask, make: Makers, monkeypatch, database_url: str) -> str:
    """Return the code of a ward in the database that the shell's commands open."""
    make.ward()
    db.session.remove()
    monkeypatch.setenv("TRACKER_DATA", str(app.extensions["tracker"].settings.folder.root))
    monkeypatch.setenv("TRACKER_DATABASE_URL", database_url)
    monkeypatch.delenv("TRACKER_REDIS_URL", raising=False)
    return "09370"


def test_the_same_quarter_and_time_give_the_same_file(ward_in_shell: str, tmp_path, capsys) -> None:
    files = [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    for file in files:
        arguments = ["--unit", ward_in_shell, "--quarter", "2026q3", "--now", "2026-10-01T08:00"]
        assert run(["report", "quarter", *arguments, "--out", str(file)]) == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].read_bytes().startswith(b"%PDF")


def test_what_cannot_be_compiled_is_one_line(ward_in_shell: str, tmp_path, capsys) -> None:
    out = str(tmp_path / "a.pdf")
    assert run(["report", "quarter", "--unit", "nosuch", "--quarter", "2026Q3", "--out", out]) == 1
    assert run(["report", "quarter", "--unit", ward_in_shell, "--quarter", "2026Q5", "--out", out]) == 2
    assert run(["report", "quarter", "--unit", ward_in_shell, "--quarter", "2999Q1", "--out", out]) == 1
    nowhere = ["--quarter", "2026Q3", "--now", "2026-10-01T08:00", "--out", str(tmp_path / "no" / "a.pdf")]
    assert run(["report", "quarter", "--unit", ward_in_shell, *nowhere]) == 1
    early = ["--quarter", "2026Q3", "--now", "2026-08-01T08:00", "--cutoff", "2026-08-02", "--out", out]
    assert run(["report", "quarter", "--unit", ward_in_shell, *early]) == 1
    before = ["--quarter", "2026Q3", "--cutoff", "2026-06-30", "--out", out]
    assert run(["report", "quarter", "--unit", ward_in_shell, *before]) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 6
    assert "nosuch" in lines[0]
    assert lines[2] == "Quý I năm 2999 chưa bắt đầu."
    assert str(tmp_path / "no") in lines[3]
    assert "không thể sau hôm nay" in lines[4]
    assert lines[5] == "Ngày chốt số liệu phải từ ngày đầu quý trở đi."
    assert not (tmp_path / "a.pdf").exists()
