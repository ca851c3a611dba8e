"""``up``, and the processes apart: ``web``, ``worker``, ``schedule``."""

import os
from pathlib import Path

import click

from tracker.adapters.queue import QUEUES
from tracker.runtime import commands
from tracker.settings import Settings


@click.command("up")
@click.option("--demo", is_flag=True, help="Nạp dữ liệu minh họa nếu cơ sở dữ liệu còn trống.")
@click.option("--port", type=click.IntRange(1, 65535), help="Cổng mạng (mặc định: PORT, hoặc 8000).")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Thư mục dữ liệu.")
def up_command(demo: bool, port: int | None, data: Path | None) -> None:
    """Chạy tất cả trên máy này: web, tiến trình nền, lịch, hàng đợi. Ctrl-C để dừng."""
    from tracker.runtime.supervisor import Supervisor, say

    if port is not None:
        os.environ["PORT"] = str(port)
    if data is not None:
        os.environ["TRACKER_DATA"] = str(data)
    Supervisor(Settings.from_environment(), demo, say).run()


@click.command("web")
def web_command() -> None:
    """Chạy riêng máy chủ web."""
    settings = Settings.from_environment()
    commands.become(commands.web(settings), settings)


@click.command("worker")
@click.argument("queues", nargs=-1, type=click.Choice(QUEUES))
def worker_command(queues: tuple[str, ...]) -> None:
    """Chạy riêng một tiến trình nền cho các hàng đợi đã nêu (không nêu: mọi hàng đợi)."""
    commands.become(commands.worker(queues), Settings.from_environment())


@click.command("schedule")
def schedule_command() -> None:
    """Chạy riêng lịch định kỳ. Chỉ cần một; có hai thì việc vẫn chỉ được làm một lần."""
    commands.become(commands.schedule(), Settings.from_environment())


@click.command("prepare", hidden=True)
@click.option("--demo", is_flag=True)
def prepare_command(demo: bool) -> None:
    """Nâng cấp cơ sở dữ liệu, nạp các quy định đi kèm, và dữ liệu minh họa nếu còn trống."""
    from tracker.app import create_app
    from tracker.runtime.preparing import prepare

    prepare(create_app(), demo=demo)
