"""``backup``, ``restore`` and ``drill``."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from tracker.domain.errors import Conflict
from tracker.runtime import archive
from tracker.settings import Settings


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup_command(file: Path) -> None:
    """Sao lưu cơ sở dữ liệu và các tệp PDF vào một tệp; mọi người vẫn làm việc bình thường trong lúc đó."""
    settings = Settings.from_environment()
    manifest = archive.write(settings, file, datetime.now(UTC))
    click.echo(f"Đã sao lưu {sum(manifest.rows.values())} dòng vào {file}, mốc nhật ký {manifest.anchor}.")
    click.echo(f"Khóa không nằm trong tệp này; hãy giữ riêng: {', '.join(_keys(settings))}")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Thay dữ liệu đang có.")
def restore_command(file: Path, replace: bool) -> None:
    """Phục hồi từ tệp sao lưu; phải dừng hệ thống trước, và chép các khóa vào thư mục dữ liệu trước."""
    settings = Settings.from_environment()
    with _nobody_running(settings):
        manifest = archive.restore(settings, file, replace=replace)
    click.echo(f"Đã phục hồi {sum(manifest.rows.values())} dòng, sao lưu lúc {manifest.made_at}.")
    click.echo("Tiếp theo: tracker db upgrade, rồi tracker audit verify.")


@click.command("drill")
def drill_command() -> None:
    """Diễn tập: sao lưu, phục hồi vào chỗ tạm, đếm lại từng bảng và kiểm tra nhật ký. Không đụng dữ liệu thật."""
    written, _ = archive.drill(Settings.from_environment(), datetime.now(UTC))
    for table, count in written.rows.items():
        click.echo(f"{table:32} {count:>9}")
    click.echo(
        f"Phục hồi thử khớp: {sum(written.rows.values())} dòng, nhật ký nguyên vẹn đến {written.anchor}."
    )


def _keys(settings: Settings) -> list[str]:
    return [str(settings.folder.keys / name) for name in archive.fingerprints(settings)]


@contextmanager
def _nobody_running(settings: Settings) -> Iterator[None]:
    """Hold the lock that ``tracker up`` holds; raise Conflict while it runs."""
    settings.folder.create()
    with (settings.folder.run / "up.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("Hệ thống đang chạy trên thư mục dữ liệu này; hãy dừng nó trước.") from None
        yield
