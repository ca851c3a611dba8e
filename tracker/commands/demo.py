"""``tracker demo``: repeatable demonstration data."""

from datetime import date, datetime

import click

from tracker.commands.opening import opened
from tracker.demonstration.arguments import DemoArguments
from tracker.domain.dates import local_date
from tracker.runtime.preparing import load_demonstration, write_greeting


@click.command("demo")
@click.option("--branches", type=click.IntRange(1, 5000), default=241, show_default=True, help="Số chi bộ.")
@click.option("--quarters", type=click.IntRange(1, 40), default=4, show_default=True, help="Số quý.")
@click.option(
    "--tickets", type=click.IntRange(0, 1_000_000), default=600, show_default=True, help="Số ý kiến."
)
@click.option("--random-seed", type=int, default=1, show_default=True, help="Cùng một số thì cùng dữ liệu.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Ngày lập dữ liệu (mặc định: hôm nay).")
def demo_command(
    branches: int, quarters: int, tickets: int, random_seed: int, as_of: datetime | None
) -> None:
    """Nạp dữ liệu minh họa vào cơ sở dữ liệu trống; cùng tham số thì cùng dữ liệu."""
    with opened() as parts:
        on: date = as_of.date() if as_of else local_date(parts.clock())
        report = load_demonstration(parts, DemoArguments(on, branches, quarters, tickets, random_seed))
        write_greeting(parts.settings.folder)
    click.echo(f"Đã nạp {sum(report.rows.values())} dòng trong {report.seconds:.1f} giây:")
    for name, count in report.rows.items():
        click.echo(f"  {name:16} {count:>8}")
