"""``tracker deadline``: when a limit ends, day by day."""

import json
from datetime import datetime

import click

from tracker.commands.opening import TIME, opened
from tracker.domain.dates import date_words, time_words
from tracker.domain.deadlines import Deadline, Extension, Pause
from tracker.services.deadlines import Whose, explain
from tracker.services.deadlines import as_json as deadline_json


@click.command("deadline")
@click.option("--rule", required=True, metavar="MÃ", help="Mã của thời hạn.")
@click.option("--start", required=True, type=TIME, help="Lúc bắt đầu tính.")
@click.option(
    "--pause", "pauses", multiple=True, metavar="TỪ/ĐẾN", help="Khoảng tạm dừng; nêu được nhiều lần."
)
@click.option(
    "--extend",
    "extensions",
    multiple=True,
    metavar="LƯỢNG",
    help="Gia hạn thêm, như “5 working_days”; nêu được nhiều lần.",
)
@click.option(
    "--unit", default="", metavar="MÃ", help="Theo lịch của đơn vị mang mã này; không có thì theo lịch chung."
)
@click.option(
    "--body",
    default="",
    metavar="MÃ",
    help="Theo lịch của đơn vị xử lý mang mã này, thuộc đơn vị nêu ở --unit; không có --unit là đơn vị dùng chung.",
)
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def deadline_command(
    rule: str,
    start: datetime,
    pauses: tuple[str, ...],
    extensions: tuple[str, ...],
    unit: str,
    body: str,
    as_json: bool,
) -> None:
    """Tính một thời hạn và cho thấy từng ngày được tính hay không, vì sao."""
    spans, more = [_pause(text) for text in pauses], [Extension.parse(text) for text in extensions]
    whose = Whose(unit.strip(), body.strip())
    with opened() as parts:
        found = explain(parts.wiring.session(), rule, start, spans, more, whose)
    if as_json:
        click.echo(json.dumps(deadline_json(found, whose), ensure_ascii=False, indent=1))
    else:
        _print(found)


def _pause(text: str) -> Pause:
    begins, slash, ends = text.partition("/")
    if not slash:
        raise click.BadParameter(f"“{text}” phải viết là TỪ/ĐẾN", param_hint="--pause")
    return Pause(TIME.convert(begins, None, None), TIME.convert(ends, None, None))


def _print(found: Deadline) -> None:
    click.echo(f"Bắt đầu {time_words(found.start)}, đến hạn {time_words(found.due_at)}.")
    for reason in found.because:
        click.echo(f"  vì: {reason}")
    for day in found.days:
        mark = "tính" if day.counted else "không"
        click.echo(f"  {date_words(day.on)}  {mark:6} {day.hours:>5g} giờ  {day.because}")
