"""``tracker user``: accounts from the shell."""

import click

from tracker.commands.opening import opened, system_unit
from tracker.domain.people import Role
from tracker.services.accounts import NewAccount, add_account, disable_account, reset_password


@click.group("user")
def user_command() -> None:
    """Tài khoản: mở, đóng, đặt lại mật khẩu."""


@user_command.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Tên hiển thị.")
@click.option("--role", required=True, type=click.Choice([str(role) for role in Role]), help="Vai trò.")
@click.option("--scope", required=True, metavar="MÃ", help="Mã đơn vị, hoặc mã nơi giải quyết.")
@click.option("--email", help="Địa chỉ thư để nhận thông báo.")
def add(username: str, name: str, role: str, scope: str, email: str | None) -> None:
    """Mở tài khoản với một vai trò; in mật khẩu đầu tiên, chỉ một lần."""
    with opened() as parts, system_unit(parts) as unit:
        password = add_account(NewAccount(username, name, role, scope, email), unit=unit)
    click.echo(f"Đã mở tài khoản {username}; mật khẩu đầu tiên: {password}")


@user_command.command("disable")
@click.argument("username")
def disable(username: str) -> None:
    """Đóng tài khoản và kết thúc mọi phiên đăng nhập."""
    with opened() as parts, system_unit(parts) as unit:
        disable_account(username, unit=unit)
    click.echo(f"Đã đóng tài khoản {username}.")


@user_command.command("reset")
@click.argument("username")
def reset(username: str) -> None:
    """Đặt lại mật khẩu, mở lại tài khoản đã đóng; in mật khẩu mới, chỉ một lần."""
    with opened() as parts, system_unit(parts) as unit:
        password = reset_password(username, unit=unit)
    click.echo(f"Mật khẩu mới của {username}: {password}")
