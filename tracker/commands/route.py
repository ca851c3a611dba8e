"""``tracker route``: where a concern would go, and why."""

import json
import sys
from collections.abc import Iterator
from datetime import date

import click

from tracker.commands.opening import opened
from tracker.db.reading.org import org_tree
from tracker.domain.dates import local_date
from tracker.domain.errors import NotFound
from tracker.domain.org import OrgTree
from tracker.domain.routing import Suggestion
from tracker.domain.rule_book import RuleBook
from tracker.services.routing import routing_model, rule_book, suggest_for, suggestion_json, unit_codes


@click.command("route")
@click.argument("text", default="-")
@click.option(
    "--unit", "unit_code", metavar="MÃ", help="Đơn vị nêu ý kiến; quy tắc riêng của nơi đó đi trước."
)
@click.option(
    "--limit", type=click.IntRange(0, 50), default=3, show_default=True, help="Số gợi ý khác, tối đa."
)
@click.option("--json", "as_json", is_flag=True, help="In JSON, một phần tử cho mỗi dòng vào.")
def route_command(text: str, unit_code: str | None, limit: int, as_json: bool) -> None:
    """Gợi ý lĩnh vực, nơi giải quyết và mức khẩn, kèm lý do. “-”: đọc mỗi dòng một ý kiến."""
    with opened() as parts:
        session, on = parts.wiring.session(), local_date(parts.clock())
        units = _path(org_tree(session, on), unit_code) if unit_code else ()
        book, model = rule_book(session), routing_model(session)
        found = [suggest_for(book, line, units=units, on=on, model=model) for line in _lines(text)]
    if as_json:
        click.echo(json.dumps([suggestion_json(one, limit) for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        click.echo("\n".join(_words(book, one, limit, on)))


def _lines(text: str) -> Iterator[str]:
    """Yield one concern a line; a text given as an argument is one concern."""
    if text != "-":
        yield text
        return
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", errors="replace").rstrip("\r\n")


def _path(tree: OrgTree, code: str) -> tuple[str, ...]:
    """Return the codes from the unit upwards; raise NotFound for a code that no unit has today."""
    for unit in tree.units.values():
        if unit.code == code:
            return unit_codes(tree, unit.id)
    raise NotFound(f"Không có đơn vị nào mang mã “{code}”; xem: tracker export units -")


def _words(book: RuleBook, one: Suggestion, limit: int, on: date) -> Iterator[str]:
    category = book.category(one.category, on)
    yield f"Ý kiến: {one.text}"
    yield f"  lĩnh vực: {category.name if category else 'chưa rõ'}"
    yield f"  nơi giải quyết: {book.body_name(one.body) if one.body else 'chuyển văn phòng phân loại'}"
    yield f"  mức khẩn: {one.urgency}{', hạn chế người xem' if one.restricted else ''}"
    yield from (f"  vì: {reason}" for reason in one.because)
    yield from (
        f"  cũng có thể: {other.category} → {other.body or 'phân loại'} ({other.score:g})"
        for other in one.alternatives[:limit]
    )
