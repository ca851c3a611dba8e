"""Letters that did not arrive: tried again once the address was put right."""

from sqlalchemy import update

from tracker.db.tables.notices import Notice
from tracker.domain.access import Action
from tracker.domain.errors import NotFound
from tracker.domain.mailing import MailState
from tracker.domain.scope import accounts_open
from tracker.services.notices import DELIVER
from tracker.services.reference import Reference
from tracker.services.unit import Unit


def try_again(account_id: int, *, unit: Unit, reference: Reference) -> int:
    """Let all that did not reach the person be sent again, from the first wait on; return how many. Writes at once.

    Outside working time they wait until work begins, as any letter does. Raises NotFound for a person outside the
    actor's reach or one to whom everything arrived.
    """
    open_to = accounts_open(unit.actor, Action.UNDELIVERED_READ, reference.holdings, reference.tree)
    if open_to is not None and account_id not in open_to:
        raise NotFound("Không tìm thấy người này trong phạm vi của đồng chí.")
    done = unit.session.execute(
        update(Notice)
        .where(
            Notice.account_id == account_id,
            Notice.last_error != "",
            Notice.mail_state.in_((MailState.WAITING.value, MailState.REFUSED.value)),
        )
        .values(mail_state=MailState.WAITING.value, attempts=0, next_try_at=unit.now, last_error="")
        .execution_options(synchronize_session=False)
    )
    number: int = done.rowcount  # type: ignore[attr-defined]
    if not number:
        raise NotFound("Người này không còn thư nào chưa tới.")
    unit.record("account", account_id, "mail_again", letters=number)
    unit.send(DELIVER)
    return number
