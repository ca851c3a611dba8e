"""Finished documents as files named after their content: written whole or not at all, never changed."""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,8}")


def write_whole(content: bytes, target: Path) -> None:
    """Put the bytes at the path so that a reader sees the whole file or what was there before. Raises OSError."""
    handle, written = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(written, target)  # readable by its owner only, as mkstemp makes it
    except BaseException:
        Path(written).unlink(missing_ok=True)
        raise


class FileStore(Protocol):
    """Keeps documents by the hash of their bytes."""

    def keep(self, content: bytes, kind: str) -> str:
        """Return the name under which the document is kept; the same bytes have the same name. Raises OSError."""

    def path(self, name: str) -> Path:
        """Return where the document lies; raise FileNotFoundError for one that isn't kept here."""


@dataclass(frozen=True)
class FolderStore:
    """Documents in one folder of the data folder."""

    folder: Path

    def keep(self, content: bytes, kind: str) -> str:
        """Return the name, once the bytes have reached the disk under it."""
        name = f"{hashlib.sha256(content).hexdigest()}.{kind}"
        target = self.folder / name
        if target.exists():
            return name
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(content, target)
        return name

    def path(self, name: str) -> Path:
        """Return the path; a name that is no content name is never looked for, wherever it would lead."""
        path = self.folder / name
        if not _NAME.fullmatch(name) or not path.is_file():
            raise FileNotFoundError(name)
        return path
