"""Backups: one file with the database, the compiled documents and a list of what must be in it.

The keys are not in it: who finds the file must not be able to forge the audit chain or open sealed names. The
list names their fingerprints, so that a restore with other keys is noticed.
"""

import hashlib
import json
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from sqlalchemy import Engine, func, inspect, select, table
from sqlalchemy.orm import Session

from tracker.db.engine import prepare_engine
from tracker.db.migrating import current
from tracker.db.reading.audit import chain, head
from tracker.domain.audit import first_break
from tracker.domain.errors import Conflict, Invalid, NotFound
from tracker.runtime import dumping
from tracker.settings import Settings

MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. ``rows`` counts each table, ``anchor`` names the end of the audit chain."""

    made_at: str
    kind: str
    revision: str | None
    rows: dict[str, int]
    anchor: str
    keys: dict[str, str]


def write(settings: Settings, target: Path, now: datetime) -> Manifest:
    """Write a backup; people may go on working meanwhile. Replaces ``target`` only when it is whole."""
    aside = target.with_name(f".{target.name}.part")
    with TemporaryDirectory(dir=target.resolve().parent, prefix=".backup-") as folder:
        database = Path(folder) / DATABASE
        dumping.dump(settings, database)
        with scratch(settings, database, Path(folder) / "scratch") as engine:
            manifest = describe(settings, engine, now)
        (Path(folder) / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), "utf-8")
        with tarfile.open(aside, "w:gz", compresslevel=3) as tar:
            tar.add(Path(folder) / MANIFEST, MANIFEST)
            tar.add(database, DATABASE)
            if settings.folder.files.is_dir():
                tar.add(settings.folder.files, FILES)
    aside.chmod(0o600)
    aside.replace(target)
    return manifest


def restore(settings: Settings, source: Path, *, replace: bool) -> Manifest:
    """Put a backup in place of the present data; nothing may run on it meanwhile.

    Raises Conflict when there is a database already and ``replace`` isn't given, when the keys are others,
    or when the backup is of another kind of database; Invalid for a file that is no backup.
    """
    with TemporaryDirectory(dir=_made(settings.data), prefix=".restore-") as folder:
        manifest = unpack(source, Path(folder))
        _check(settings, manifest, replace)
        dumping.load(settings, Path(folder) / DATABASE)
        if (Path(folder) / FILES).is_dir():
            shutil.copytree(Path(folder) / FILES, settings.folder.files, dirs_exist_ok=True)
    return manifest


def drill(settings: Settings, now: datetime) -> tuple[Manifest, Manifest]:
    """Back up and restore into a scratch place; return what the backup says and what was found in the restored.

    Raises Conflict when they differ or the restored audit chain is broken. The present data isn't touched.
    """
    with TemporaryDirectory(dir=_made(settings.data), prefix=".drill-") as folder:
        place = Path(folder)
        written = write(settings, place / "backup.tar.gz", now)
        unpack(place / "backup.tar.gz", place / "restored")
        with scratch(settings, place / "restored" / DATABASE, place / "scratch") as engine:
            found = describe(settings, engine, now)
    if found != written:
        raise Conflict("Bản phục hồi thử khác với bản sao lưu: số dòng hoặc mốc nhật ký không khớp.")
    return written, found


def describe(settings: Settings, engine: Engine, now: datetime) -> Manifest:
    """Return what a database holds; raise Conflict when its audit chain is broken."""
    with Session(engine) as session:
        end = head(session)
        broken = first_break(settings.audit_key, chain(session), head=end, anchor=None)
        if broken:
            raise Conflict(f"Nhật ký hỏng từ dòng {broken.seq}: {broken.because}")
        # The tables that are there, not those this code knows: a backup may be older than the code.
        rows = {
            name: session.scalar(select(func.count()).select_from(table(name))) or 0
            for name in sorted(inspect(engine).get_table_names())
        }
    return Manifest(
        made_at=now.isoformat(timespec="seconds"),
        kind=engine.dialect.name,
        revision=current(engine),
        rows=rows,
        anchor=f"{end.seq}:{end.mac}",
        keys=fingerprints(settings),
    )


def fingerprints(settings: Settings) -> dict[str, str]:
    """Return a short hash of each key that sealed or signed data needs; tells keys apart, opens nothing."""
    keys = {"audit.key": settings.audit_key, "seal.key": settings.seal_key}
    return {name: hashlib.sha256(b"fingerprint|" + key).hexdigest()[:16] for name, key in keys.items()}


@contextmanager
def scratch(settings: Settings, dump: Path, place: Path) -> Iterator[Engine]:
    """Yield an engine on a scratch database filled from the dump; remove the database afterwards."""
    with dumping.scratch_address(settings, dump, place) as url:
        engine = sa.create_engine(url)
        prepare_engine(engine)
        try:
            yield engine
        finally:
            engine.dispose()


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpack a backup into the folder; raise Invalid for a file that is none, NotFound for a missing one."""
    if not source.is_file():
        raise NotFound(f"Không có tệp {source}.")
    try:
        with tarfile.open(source, "r:gz") as tar:
            for member in tar:
                _unpack_one(tar, member, folder)
        return Manifest(**json.loads((folder / MANIFEST).read_text("utf-8")))
    except (tarfile.TarError, OSError, ValueError, TypeError, EOFError) as error:
        raise Invalid(f"Tệp {source} không phải bản sao lưu nguyên vẹn.") from error


def _unpack_one(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one plain file; links, devices and names that lead elsewhere are refused."""
    name = PurePosixPath(member.name)
    if member.isdir():
        return
    if not member.isfile() or name.is_absolute() or ".." in name.parts:
        raise ValueError(f"not a plain file: {member.name}")
    target = folder / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = tar.extractfile(member)
    assert content is not None
    with content, target.open("wb") as file:
        shutil.copyfileobj(content, file)


def _check(settings: Settings, manifest: Manifest, replace: bool) -> None:
    kind = "sqlite" if settings.on_sqlite else "postgresql"
    if manifest.kind != kind:
        raise Conflict(f"Bản sao lưu là của {manifest.kind}, còn thiết đặt đang dùng {kind}.")
    if dumping.has_data(settings) and not replace:
        raise Conflict("Đã có dữ liệu; thêm --replace nếu thật sự muốn thay bằng bản sao lưu.")
    if manifest.keys != fingerprints(settings):
        raise Conflict(
            f"Khóa trong {settings.folder.keys} không phải khóa của bản sao lưu; hãy chép đúng khóa trước."
        )


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
