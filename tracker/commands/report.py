"""``tracker report quarter``: the quarter's PDF without queue, row or browser."""

from datetime import date, datetime
from pathlib import Path

import click

from tracker.adapters.files import write_whole
from tracker.adapters.pdf import WeasyPrintWriter
from tracker.commands.opening import TIME, opened
from tracker.domain.dates import Quarter, date_words, local_date
from tracker.domain.errors import Invalid, NotFound
from tracker.paths import template_root
from tracker.reports.compiling import Period
from tracker.services.compiling import quarter_pdf


class QuarterType(click.ParamType):
    """A quarter written like 2026Q3."""

    name = "QUARTER"

    def convert(
        self, value: str | Quarter, param: click.Parameter | None, ctx: click.Context | None
    ) -> Quarter:
        if isinstance(value, Quarter):
            return value
        try:
            return Quarter.parse(value)
        except ValueError:
            self.fail(f"“{value}” không phải quý; viết như 2026Q3.", param, ctx)


class DayType(click.ParamType):
    """A day, 2026-09-20 or 20/09/2026."""

    name = "DATE"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        typed = "-".join(reversed(value.split("/"))) if "/" in value else value
        try:
            return date.fromisoformat(typed)
        except ValueError:
            self.fail(f"“{value}” không phải ngày; viết như 2026-09-20.", param, ctx)


@click.group("report")
def report_command() -> None:
    """Lập báo cáo từ số liệu đang có."""


@report_command.command("quarter")
@click.option("--unit", "code", required=True, metavar="MÃ", help="Mã đơn vị.")
@click.option("--quarter", type=QuarterType(), required=True, help="Quý, như 2026Q3.")
@click.option("--cutoff", type=DayType(), help="Ngày chốt số liệu; bỏ trống là ngày cuối quý hoặc hôm nay.")
@click.option("--now", type=TIME, help="Thời điểm lập; cùng số liệu và thời điểm thì ra cùng một tệp.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Tệp PDF ghi ra.")
def quarter_command(
    code: str, quarter: Quarter, cutoff: date | None, now: datetime | None, out: Path
) -> None:
    """Lập báo cáo quý của một đơn vị thành tệp PDF."""
    with opened() as parts:
        at = now or parts.clock()
        _check(quarter, cutoff, local_date(at), out)
        period = Period.usual(quarter, local_date(at), cutoff)
        writer = WeasyPrintWriter(template_root() / "pdf")
        content = quarter_pdf(parts.wiring.session(), code, period, now=at, writer=writer)
    write_whole(content, out)
    click.echo(f"Đã ghi {out} ({len(content):,} byte).".replace(",", "."))


def _check(quarter: Quarter, cutoff: date | None, today: date, out: Path) -> None:
    """Refuse before the work what would give a report of nothing, or nowhere to put it."""
    if quarter.start > today:
        raise Invalid(f"Q{quarter.words[1:]} chưa bắt đầu.")
    if cutoff and cutoff > today:
        raise Invalid(f"Ngày chốt số liệu không thể sau hôm nay ({date_words(today)}).")
    if cutoff and cutoff < quarter.start:
        raise Invalid("Ngày chốt số liệu phải từ ngày đầu quý trở đi.")
    if not out.absolute().parent.is_dir():
        raise NotFound(f"Không có thư mục {out.absolute().parent}.")
