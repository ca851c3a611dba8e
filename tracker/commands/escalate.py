"""``tracker escalate``: one sweep of the ladder in this process."""

import json
from datetime import datetime

import click

from tracker.commands.opening import TIME, opened
from tracker.domain.dates import time_words
from tracker.domain.people import ROLE_WORDS
from tracker.services.escalation import SweepReport, sweep


@click.command("escalate")
@click.option("--now", type=TIME, help="Rà như thể đang là lúc này (mặc định: bây giờ).")
@click.option("--dry-run", is_flag=True, help="Chỉ cho biết sẽ đôn đốc việc nào, không ghi gì.")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def escalate_command(now: datetime | None, dry_run: bool, as_json: bool) -> None:
    """Rà một lượt các kiến nghị tới bậc đôn đốc và báo những người có trách nhiệm."""
    with opened() as parts:
        at = now or parts.clock()
        report = sweep(parts.wiring, at, dry_run=dry_run, supposed=now is not None)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        _print(report, dry_run)


def _print(report: SweepReport, dry_run: bool) -> None:
    for done in report.escalated:
        click.echo(f"{done.ticket}  báo {ROLE_WORDS.get(done.to, done.to)}: {done.because}")
    for left in report.skipped:
        click.echo(f"{left.ticket}  bỏ qua: {left.because}")
    verb = "Sẽ đôn đốc" if dry_run else "Đã đôn đốc"
    click.echo(
        f"{verb} {len(report.escalated)} bậc của {report.due} kiến nghị tới hạn, lúc {time_words(report.now)}."
    )
