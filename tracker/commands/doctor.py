"""``tracker doctor``: what is wrong, in plain words; exit status 1 when anything is."""

import click

from tracker.commands.opening import opened
from tracker.runtime.examining import Finding, examine


@click.command("doctor")
@click.pass_context
def doctor_command(ctx: click.Context) -> int:
    """Khám: thiết đặt, khóa, cơ sở dữ liệu, hàng đợi, lịch, phông chữ, việc bị kẹt."""
    with opened(as_it_is=True) as parts:
        findings = examine(parts)
    for finding in findings:
        click.echo(_line(finding))
    return 0 if all(finding.well for finding in findings) else 1


def _line(finding: Finding) -> str:
    state = "HỎNG" if not finding.well else "NHẮC" if finding.is_reminder else "đúng"
    return f"{state:5} {finding.about}: {finding.words}"
