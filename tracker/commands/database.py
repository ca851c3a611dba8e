"""``tracker db``: migrations."""

import click

from tracker.commands.opening import opened
from tracker.db import migrating
from tracker.db.base import db
from tracker.domain.errors import Conflict
from tracker.runtime.preparing import ready_database


@click.group("db")
def db_command() -> None:
    """Cơ sở dữ liệu: nâng cấp, kiểm tra."""


@db_command.command("upgrade")
def upgrade() -> None:
    """Nâng cấp lên phiên bản mới nhất và nạp các quy định đi kèm còn thiếu; chạy lại nhiều lần không sao."""
    with opened(as_it_is=True) as parts:
        ready_database(parts)
        click.echo(f"Cơ sở dữ liệu ở phiên bản {migrating.current(db.engine)}.")


@db_command.command("check")
def check() -> None:
    """Kiểm tra: cơ sở dữ liệu ở phiên bản mới nhất và đúng như các bảng mà chương trình khai báo."""
    with opened(as_it_is=True):
        at, newest = migrating.current(db.engine), migrating.head()
        if at != newest:
            raise Conflict(
                f"Đang ở phiên bản {at or 'trống'}, mới nhất là {newest}: chạy “tracker db upgrade”."
            )
        found = migrating.differences(db.engine)
        if found:
            raise Conflict(f"Các bảng khác với khai báo ở {len(found)} chỗ, trước hết: {found[0]!r:.200}")
        click.echo(f"Đúng: phiên bản {at}, các bảng khớp với khai báo.")
