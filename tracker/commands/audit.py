"""``tracker audit``: is the chain of what happened whole?"""

import click

from tracker.commands.opening import opened
from tracker.domain.errors import Conflict, Invalid
from tracker.services import audit


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
        found = audit.verify(parts.wiring.session(), parts.wiring.audit_key, known)
        if found.broken:
            raise Conflict(f"Nhật ký hỏng từ dòng {found.broken.seq}: {found.broken.because}")
        click.echo(f"Nhật ký nguyên vẹn: {found.seq} dòng, mốc {found.anchor}")


def _anchor(text: str) -> tuple[int, str] | None:
    try:
        return audit.read_anchor(text)
    except Invalid:
        raise click.BadParameter("viết như 1234:64 chữ số thập lục phân", param_hint="--anchor") from None
