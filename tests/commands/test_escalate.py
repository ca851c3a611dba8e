"""``tracker escalate``: what scripts rely on."""

import json

import pytest
from sqlalchemy import func, select

from tests.late import NOW, Late
from tracker.cli import run
from tracker.db.base import db
from tracker.db.tables.clocks import Escalation, SetAside
from tracker.db.tables.runtime import Heartbeat


@pytest.fixture
def shell(app, make, database_url, tmp_path, monkeypatch, capsys):
    """Run a command line on a database with one ticket that is late by four levels; returns (status, stdout)."""
    monkeypatch.setenv("TRACKER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TRACKER_DATABASE_URL", database_url)
    Late(make).tickets()
    db.session.remove()

    def call(*arguments):
        status = run(list(arguments))
        return status, capsys.readouterr().out

    return call


def climbed():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Escalation))


def test_a_dry_run_tells_what_a_sweep_then_does(shell):
    arguments = ("escalate", "--now", NOW.isoformat(), "--json")
    status, told = shell(*arguments, "--dry-run")
    assert (status, climbed()) == (0, 0)

    status, done = shell(*arguments)
    assert (status, climbed()) == (0, 4)
    assert json.loads(told) == json.loads(done)

    status, again = shell(*arguments)
    assert json.loads(again)["escalated"] == []
    assert climbed() == 4


def test_a_person_reads_which_ticket_and_why(shell):
    status, out = shell("escalate", "--now", "2026-11-25T10:00")
    assert status == 0
    assert "TAS-2026-0001  báo Người đứng đầu đơn vị xử lý: Đã hết hạn trả lời" in out
    assert "Đã đôn đốc 4 bậc của 1 kiến nghị tới hạn" in out


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_time_that_no_calendar_reaches_touches_nothing(shell, more):
    status, out = shell("escalate", "--now", "2200-01-01T08:00", *more)
    assert (status, out, climbed()) == (1, "", 0)
    assert db.session.scalar(select(func.count()).select_from(SetAside)) == 0


def heartbeats():
    db.session.rollback()
    return list(db.session.scalars(select(Heartbeat.name)))


def test_a_supposed_time_is_no_sign_that_the_sweep_goes_on(shell):
    shell("escalate", "--now", "2036-01-01T08:00")
    assert heartbeats() == []

    shell("escalate")
    assert heartbeats() == ["sweep"]
