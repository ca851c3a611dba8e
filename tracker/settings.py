"""What an operator may set, each setting documented as data, and the values that one process runs with."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracker.domain.errors import Invalid
from tracker.paths import DataFolder


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, what holds without it (in words), and what it is for."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting("TRACKER_DATA", "./data", "Thư mục dữ liệu: cơ sở dữ liệu, khóa bí mật, thư chưa gửi, tệp PDF."),
    Setting(
        "TRACKER_DATABASE_URL",
        "sqlite:///<data>/tracker.sqlite",
        "Cơ sở dữ liệu: SQLite hoặc PostgreSQL 15 trở lên (postgresql+psycopg://…).",
    ),
    Setting(
        "TRACKER_REDIS_URL",
        "Valkey đi kèm, chạy trong thư mục dữ liệu",
        "Hàng đợi công việc: địa chỉ Redis hoặc Valkey (redis://… hoặc unix://…).",
    ),
    Setting("TRACKER_HOST", "127.0.0.1", "Địa chỉ mạng mà máy chủ web lắng nghe."),
    Setting("PORT", "8000", "Cổng mạng mà máy chủ web lắng nghe."),
    Setting(
        "TRACKER_BASE_URL",
        "http://<host>:<port>",
        "Địa chỉ người dùng gõ vào trình duyệt; có trong thư báo. Có https thì cookie chỉ đi qua https.",
    ),
    Setting(
        "TRACKER_PROXIES", "0", "Số máy chủ trung gian (nginx…) đứng trước, được tin về địa chỉ người gọi."
    ),
    Setting("TRACKER_WEB_PROCESSES", "2", "Số tiến trình web."),
    Setting("TRACKER_WORKERS", "2", "Số tiến trình làm việc nền."),
    Setting("TRACKER_SMTP_HOST", "", "Máy chủ thư; để trống thì thư được ghi thành tệp trong <data>/mail."),
    Setting("TRACKER_SMTP_PORT", "587", "Cổng của máy chủ thư."),
    Setting("TRACKER_SMTP_SECURITY", "starttls", "Cách mã hóa thư: starttls, ssl hoặc none."),
    Setting("TRACKER_SMTP_USER", "", "Tên đăng nhập máy chủ thư; để trống thì không đăng nhập."),
    Setting("TRACKER_SMTP_PASSWORD_FILE", "", "Tệp chứa mật khẩu máy chủ thư (một dòng)."),
    Setting("TRACKER_MAIL_FROM", "Bám cơ sở <bam-co-so@localhost>", "Địa chỉ người gửi trên thư báo."),
    Setting(
        "TRACKER_SWEEP_STALE_MINUTES",
        "5",
        "Quá số phút này mà chưa rà hạn lần nào thì /readyz báo hệ thống có việc phải xem.",
    ),
)

_DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


@dataclass(frozen=True)
class Settings:
    """The values of one installation, read once when a process starts; times in the unit of their name."""

    folder: DataFolder
    database_url: str
    redis_url: str
    embedded_queue: bool
    host: str
    port: int
    base_url: str
    proxies: int
    web_processes: int
    workers: int
    smtp_host: str
    smtp_port: int
    smtp_security: str
    smtp_user: str
    smtp_password_file: str
    mail_from: str
    sweep_stale_minutes: int

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Return the settings that the environment names, the defaults for the rest.

        Reads no file and creates none. Raises Invalid, naming the variable, for a value that can't be taken.
        """
        read = _Reader(os.environ if env is None else env)
        folder = DataFolder(Path(read.text("TRACKER_DATA")).expanduser().resolve())
        host, port = read.text("TRACKER_HOST"), read.number("PORT", 0, 65535)
        redis_url = read.given("TRACKER_REDIS_URL")
        return cls(
            folder=folder,
            database_url=_database_url(read.given("TRACKER_DATABASE_URL") or f"sqlite:///{folder.database}"),
            redis_url=redis_url or f"unix://{folder.socket}",
            embedded_queue=not redis_url,
            host=host,
            port=port,
            base_url=(read.given("TRACKER_BASE_URL") or f"http://{host}:{port}").rstrip("/"),
            proxies=read.number("TRACKER_PROXIES", 0, 8),
            web_processes=read.number("TRACKER_WEB_PROCESSES", 1, 64),
            workers=read.number("TRACKER_WORKERS", 1, 64),
            smtp_host=read.text("TRACKER_SMTP_HOST"),
            smtp_port=read.number("TRACKER_SMTP_PORT", 1, 65535),
            smtp_security=read.choice("TRACKER_SMTP_SECURITY", ("starttls", "ssl", "none")),
            smtp_user=read.text("TRACKER_SMTP_USER"),
            smtp_password_file=read.text("TRACKER_SMTP_PASSWORD_FILE"),
            mail_from=read.text("TRACKER_MAIL_FROM"),
            sweep_stale_minutes=read.number("TRACKER_SWEEP_STALE_MINUTES", 1, 1440),
        )

    @property
    def data(self) -> Path:
        return self.folder.root

    @property
    def on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def secret_key(self) -> bytes:
        """The key that signs sessions and form tokens. Created on first use, like the two below."""
        return _key(self.folder.keys / "secret.key")

    @property
    def audit_key(self) -> bytes:
        """The key of the audit chain: whoever may write the database still can't forge a link."""
        return _key(self.folder.keys / "audit.key")

    @property
    def seal_key(self) -> bytes:
        """The key that seals what only few may read, such as the name of who raised a concern."""
        return _key(self.folder.keys / "seal.key")


class _Reader:
    """Reads variables by name and refuses a wrong value by naming it."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    def given(self, name: str) -> str:
        """Return what the environment says, or "" when it says nothing."""
        return self._env.get(name, "").strip()

    def text(self, name: str) -> str:
        return self.given(name) or _DEFAULTS[name]

    def number(self, name: str, low: int, high: int) -> int:
        text = self.text(name)
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise Invalid(f"Thiết đặt {name} phải là số từ {low} đến {high}, nhưng đang là “{text}”.")
        return int(text)

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        text = self.text(name).lower()
        if text not in choices:
            raise Invalid(f"Thiết đặt {name} phải là một trong: {', '.join(choices)}; đang là “{text}”.")
        return text


def _database_url(url: str) -> str:
    """Return the URL with psycopg 3 named as the driver, which bare postgres URLs leave to chance."""
    for start in ("postgres://", "postgresql://"):
        if url.startswith(start):
            return "postgresql+psycopg://" + url[len(start) :]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise Invalid("Thiết đặt TRACKER_DATABASE_URL phải là sqlite:///… hoặc postgresql+psycopg://….")
    return url


def _key(path: Path) -> bytes:
    """Return the key in the file; the first caller creates it (0600), and all callers get the same one.

    The file appears under its name whole (written aside, then linked), so two processes that start
    together never see half a key or two keys. Raises Invalid for a file that holds no key.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass  # another process was first: its key is the key
        finally:
            aside.unlink()
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        key = b""
    if len(key) < 32:
        raise Invalid(f"Tệp khóa {path} hỏng; hãy phục hồi từ bản sao lưu, đừng tạo khóa mới.")
    return key
