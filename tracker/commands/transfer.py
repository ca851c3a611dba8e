"""``import`` and ``export``: tables in and out, with a preview before anything is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from tracker.adapters.tables import MOST_BYTES, csv_text, table_file
from tracker.commands.opening import opened, system_unit
from tracker.domain import calendar_rows
from tracker.domain.calendar_days import BASIS_WORDS
from tracker.domain.calendar_rows import Defaults
from tracker.domain.dates import local_date
from tracker.domain.errors import Invalid
from tracker.domain.evidence import Tag
from tracker.domain.row_previews import STATE_WORDS, Preview, State
from tracker.services import unit_rows
from tracker.services.calendar_rows import export_days, import_days, preview_days, read_days
from tracker.services.redating import apply, preview
from tracker.services.unit import Unit
from tracker.services.unit_rows import export_units, import_units, preview_units
from tracker.web.context import Parts

Rows = Iterable[Mapping[str, str]]


@dataclass(frozen=True)
class Kind:
    """What can be carried in and out: its columns, how it is written out, previewed from a file and written in."""

    columns: Sequence[str]
    shown: Sequence[str]
    export: Callable[[Parts], Rows]
    preview: Callable[[str, bytes, Defaults, Parts], list[Preview]]
    write: Callable[[Iterable[Preview], Unit], int]
    #: dates are reckoned by these rows: what they do to what is open is told
    moves_dates: bool = False


def _units(name: str, data: bytes, _defaults: Defaults, parts: Parts) -> list[Preview]:
    return preview_units(unit_rows.read_rows(name, data), parts.wiring.session())


def _calendar(name: str, data: bytes, defaults: Defaults, parts: Parts) -> list[Preview]:
    today = local_date(parts.clock())
    return preview_days(read_days(name, data), defaults, parts.wiring.session(), today)


KINDS: dict[str, Kind] = {
    "units": Kind(
        unit_rows.COLUMNS,
        ("code", "name"),
        lambda parts: export_units(parts.wiring.session()),
        _units,
        lambda previews, unit: import_units(previews, unit=unit),
        moves_dates=True,
    ),
    "calendar": Kind(
        calendar_rows.COLUMNS,
        ("on", "name", "unit", "body"),
        lambda parts: export_days(parts.wiring.session(), local_date(parts.clock())),
        _calendar,
        lambda previews, unit: import_days(previews, unit=unit),
        moves_dates=True,
    ),
}


@click.command("export")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
def export_command(kind: str, file: Path) -> None:
    """Ghi đơn vị hoặc lịch ra tệp .csv hay .xlsx; “-” là in ra màn hình."""
    known = KINDS[kind]
    with opened() as parts:
        rows = list(known.export(parts))
    if str(file) == "-":
        click.echo(csv_text(known.columns, rows), nl=False)
    else:
        file.write_bytes(table_file(file.name, known.columns, rows))


@click.command("import")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--commit", is_flag=True, help="Ghi thật; không có thì chỉ xem trước.")
@click.option("--source", default="", metavar="LỜI", help="Nguồn của những dòng không ghi nguồn (lịch).")
@click.option("--basis", default="assumed", type=click.Choice(list(BASIS_WORDS)), help="Căn cứ của chúng.")
@click.option(
    "--tag",
    default=Tag.SECONDARY.value,
    type=click.Choice([tag.value for tag in Tag]),
    help="Mức tin cậy của chúng.",
)
def import_command(kind: str, file: Path, commit: bool, source: str, basis: str, tag: str) -> None:
    """Nhập đơn vị (.csv, .xlsx) hoặc lịch (cả .ics): xem trước từng dòng; một dòng lỗi thì không ghi dòng nào."""
    known, data = KINDS[kind], _bytes(file)
    defaults = Defaults(source or f"Nhập từ tệp {file.name}", basis, Tag(tag))
    with opened() as parts:
        previews = known.preview(file.name, data, defaults, parts)
        for one in previews:
            click.echo(_line(one, known.shown))
        wrong = [one for one in previews if one.state is State.ERROR]
        if wrong:
            raise Invalid(f"Có {len(wrong)} dòng lỗi, trước hết là dòng {wrong[0].line}; chưa ghi gì cả.")
        with system_unit(parts) as unit:
            count = _write(known, file.name, data, defaults, parts, unit, commit=commit)
    click.echo(f"Đã ghi {count} dòng." if commit else "Mới chỉ xem trước; thêm --commit để ghi.")


def _write(
    known: Kind, name: str, data: bytes, defaults: Defaults, parts: Parts, unit: Unit, *, commit: bool
) -> int:
    """Write the rows, or with ``commit`` False only look; tell what they do to what is open. Return how many."""

    def write() -> int:
        return known.write(known.preview(name, data, defaults, parts), unit)

    if not known.moves_dates:
        return write() if commit else 0
    if not commit:
        click.echo(f"{preview(write, unit=unit).words}.")
        return 0
    outcome = apply(write, unit=unit)
    click.echo(f"{outcome.redating.words}.")
    return int(outcome.value)


def _bytes(file: Path) -> bytes:
    """Return what the file holds, no more than any file may: a device or a wrong file must not fill the memory."""
    with file.open("rb") as opened_file:
        return opened_file.read(MOST_BYTES + 1)


def _line(one: Preview, shown: Sequence[str]) -> str:
    code, *words = (one.row[name] for name in shown)
    told = " ".join(word for word in words if word)
    return f"{one.line:>5}  {STATE_WORDS[one.state]:6}  {code:12} {told}  {one.because}".rstrip()
