"""Where things lie: the folders of one installation's data, and the templates that came with the code."""

import hashlib
import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

# A unix socket's address holds 108 bytes with its closing zero (unix(7)); some room is left for a suffix.
SOCKET_LIMIT = 100

_PACKAGE = Path(__file__).resolve().parent


def template_root() -> Path:
    """Return the folder of the templates: inside an installed wheel, beside the package in a checkout.

    Raises FileNotFoundError when neither is there, which means a broken installation.
    """
    for folder in (_PACKAGE / "_templates", _PACKAGE.parent / "templates"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no templates in {_PACKAGE / '_templates'} or beside {_PACKAGE}")


def check_neighbours() -> None:
    """Raise RuntimeError when ``forms`` or ``workers`` is somebody else's.

    Two names so common may be taken by another distribution, or by a folder where a server was started; it
    would be imported in place of ours without a word.
    """
    for name in ("forms", "workers"):
        found = find_spec(name)
        if found is None or found.origin is None or Path(found.origin).parent != _PACKAGE.parent / name:
            where = found.origin if found else None
            raise RuntimeError(f"the package {name} is not ours: {where}")


@dataclass(frozen=True)
class DataFolder:
    """The data folder and what lies in it. Nothing is created by asking for a path."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "tracker.sqlite"

    @property
    def keys(self) -> Path:
        """The folder of the secrets; one file a key, readable by its owner only, never in the database."""
        return self.root / "keys"

    @property
    def mail(self) -> Path:
        """Where letters are laid as files while no mail server is configured."""
        return self.root / "mail"

    @property
    def files(self) -> Path:
        """Where compiled documents are kept."""
        return self.root / "files"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def queue(self) -> Path:
        """What the embedded Valkey writes down."""
        return self.root / "valkey"

    @property
    def run(self) -> Path:
        """Process ids and other things that end with the processes."""
        return self.root / "run"

    @property
    def empty(self) -> Path:
        """An empty folder to start servers in, so that no file lying about is imported by accident."""
        return self.run / "empty"

    @property
    def socket(self) -> Path:
        """Return the embedded Valkey's socket, the same for every process that has this data folder.

        A deep data folder would make the address too long; then it lies in a folder of its own under /tmp,
        named after the user and the data folder.
        """
        near = self.run / "valkey.sock"
        if len(os.fsencode(near)) <= SOCKET_LIMIT:
            return near
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path("/tmp") / f"bam-co-so-{os.getuid()}-{name}" / "valkey.sock"  # noqa: S108 -- checked when made

    def create(self) -> None:
        """Create the folders that are missing, readable by their owner only."""
        for folder in (
            self.root,
            self.keys,
            self.mail,
            self.files,
            self.logs,
            self.queue,
            self.run,
            self.empty,
        ):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
