"""``tracker audit``: is the chain of what happened whole?"""

import click

from tracker.commands.opening import opened
from tracker.db.reading.audit import chain, head
from tracker.domain.audit import first_break
from tracker.domain.errors import Conflict


@click.group("audit")
def audit_command() -> None:
    """Nhật ký có móc xích: kiểm tra."""


@audit_command.command("verify")
@click.option(
    "--anchor", metavar="SỐ:MÃ", help="Mốc đã in trên báo cáo quý, để phát hiện phần cuối bị cắt bỏ."
)
def verify(anchor: str | None) -> None:
    """Kiểm tra từng móc xích; nêu dòng đầu tiên bị sửa, bị thiếu hoặc bị cắt."""
    known = _anchor(anchor) if anchor else None
    with opened() as parts:
        session = parts.wiring.session()
        end = head(session)
        found = first_break(parts.wiring.audit_key, chain(session), head=end, anchor=known)
        if found:
            raise Conflict(f"Nhật ký hỏng từ dòng {found.seq}: {found.because}")
        click.echo(f"Nhật ký nguyên vẹn: {end.seq} dòng, mốc {end.seq}:{end.mac}")


def _anchor(text: str) -> tuple[int, str]:
    number, _, mac = text.strip().partition(":")
    if not number.isdigit() or len(mac) != 64:
        raise click.BadParameter("viết như 1234:64 chữ số thập lục phân", param_hint="--anchor")
    return int(number), mac.lower()
