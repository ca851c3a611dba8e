"""``import`` and ``export``: tables in and out, with a preview before anything is written."""

import csv
import io
from pathlib import Path

import click

from tracker.commands.opening import opened, system_unit
from tracker.domain.errors import Invalid
from tracker.services.unit_rows import (
    COLUMNS,
    Preview,
    State,
    export_units,
    import_units,
    preview_units,
    read_rows,
)

KINDS = ("units",)

_STATES = {State.NEW: "mới", State.CHANGED: "đổi", State.SAME: "như cũ", State.ERROR: "LỖI"}


@click.command("export")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
def export_command(kind: str, file: Path) -> None:
    """Ghi đơn vị ra tệp CSV; “-” là in ra màn hình."""
    with opened() as parts:
        page = io.StringIO()
        writer = csv.DictWriter(page, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(export_units(parts.wiring.session()))
    if str(file) == "-":
        click.echo(page.getvalue(), nl=False)
    else:
        file.write_text(page.getvalue(), "utf-8")


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--commit", is_flag=True, help="Ghi thật; không có thì chỉ xem trước.")
def import_command(kind: str, file: Path, commit: bool) -> None:
    """Nhập đơn vị từ tệp CSV: xem trước từng dòng; một dòng lỗi thì không ghi dòng nào."""
    try:
        rows = read_rows(file.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise Invalid(f"Tệp {file} không phải văn bản UTF-8.") from error
    with opened() as parts:
        previews = preview_units(rows, parts.wiring.session())
        for one in previews:
            click.echo(_line(one))
        wrong = [one for one in previews if one.state is State.ERROR]
        if wrong:
            raise Invalid(f"Có {len(wrong)} dòng lỗi, trước hết là dòng {wrong[0].line}; chưa ghi gì cả.")
        if not commit:
            click.echo("Mới chỉ xem trước; thêm --commit để ghi.")
            return
        with system_unit(parts) as unit:
            count = import_units(preview_units(rows, unit.session), unit=unit)
    click.echo(f"Đã ghi {count} dòng.")


def _line(one: Preview) -> str:
    return f"{one.line:>5}  {_STATES[one.state]:6}  {one.row['code']:12} {one.row['name']}  {one.because}".rstrip()
