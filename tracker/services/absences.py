"""Being away: noted with a substitute by the person or the administrator, and ended when the person is back."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db.reading.people import absences, grants_on
from tracker.db.tables import people as tables
from tracker.domain.absences import Absence, check_absence, may_name
from tracker.domain.dates import date_words, local_date
from tracker.domain.errors import Invalid, NotFound, Refused
from tracker.domain.org import OrgTree
from tracker.domain.people import Role, comrade
from tracker.services.notices import Telling, tell
from tracker.services.reference import touch_reference
from tracker.services.unit import Unit

REASON_MAX = 200


def note_absence(new: Absence, *, unit: Unit, tree: OrgTree) -> int:
    """Write down that the account is away and who stands in; tell both; return the row's id. Flushes.

    A person notes the own absence and names a colleague; an administrator notes anybody's. Raises Refused for
    another's absence, Invalid with a sentence a field for one that can't be (``domain.absences``).
    """
    touch_reference(unit.session)  # the row locked here keeps two from making a circle at the same time
    today = local_date(unit.now)
    _check_right(new.account_id, unit)
    names = _names(unit.session, (new.account_id, new.substitute_id))
    if new.substitute_id not in names:
        sentence = "Chọn người thay có tài khoản đang mở."
        raise Invalid(sentence, {"substitute": sentence})
    check_absence(new, absences(unit.session, today, with_closed=True), today)
    if unit.actor.account_id == new.account_id and not unit.actor.has(Role.ADMINISTRATOR):
        _check_colleague(new, unit, tree)
    row = tables.Absence(
        account_id=new.account_id,
        substitute_id=new.substitute_id,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        reason=new.reason[:REASON_MAX],
        created_at=unit.now,
        created_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    unit.record("account", new.account_id, "absence_noted", absence=row.id, **_facts(new))
    tell(unit, list(_tellings(row.id, new, names)))
    return row.id


def end_absence(account_id: int, absence_id: int, *, unit: Unit) -> None:
    """Let the absence end today: the substitute acts no more from now on. Flushes.

    One that has not begun before today leaves no day behind and is taken out. Raises NotFound for another's or
    one that is over, Refused like ``note_absence``.
    """
    touch_reference(unit.session)
    _check_right(account_id, unit)
    today = local_date(unit.now)
    row = unit.session.get(tables.Absence, absence_id)
    if row is None or row.account_id != account_id or row.valid_to <= today:
        raise NotFound("Không tìm thấy lần vắng mặt này.")
    if row.valid_from < today:
        row.valid_to = today
    else:
        unit.session.delete(row)
    unit.session.flush()
    unit.record("account", account_id, "absence_ended", absence=absence_id, valid_to=today.isoformat())


def _check_right(account_id: int, unit: Unit) -> None:
    if account_id != unit.actor.account_id and not unit.actor.has(Role.ADMINISTRATOR):
        raise Refused("Chỉ ghi được vắng mặt của chính mình; của người khác do quản trị ghi.")


def _check_colleague(new: Absence, unit: Unit, tree: OrgTree) -> None:
    """Raise Invalid when the substitute is no colleague of the person on the first day."""
    held = grants_on(unit.session, new.valid_from)
    if not may_name(held.get(new.account_id, ()), held.get(new.substitute_id, ()), tree):
        sentence = "Chọn người cùng đơn vị. Muốn nhờ người nơi khác, đề nghị quản trị ghi."
        raise Invalid(sentence, {"substitute": sentence})


def _names(session: Session, ids: tuple[int, ...]) -> dict[int, str]:
    account = tables.Account
    rows = session.execute(
        select(account.id, account.display_name).where(account.id.in_(ids), account.is_active)
    )
    return {account_id: name for account_id, name in rows}


def _facts(new: Absence) -> dict[str, object]:
    return {
        "substitute": new.substitute_id,
        "valid_from": new.valid_from.isoformat(),
        "valid_to": new.valid_to.isoformat(),
    }


def _tellings(absence_id: int, new: Absence, names: dict[int, str]) -> list[Telling]:
    """Return what the two are told; the reason is nobody's business but the person's and the administrator's."""
    span = f"từ {date_words(new.valid_from)} đến hết {date_words(new.valid_to - timedelta(days=1))}"
    away, there = names.get(new.account_id, ""), names[new.substitute_id]
    key = f"absence:{absence_id}"
    return [
        Telling(new.substitute_id, key, f"Đồng chí thay {comrade(away)} {span}"),
        Telling(new.account_id, key, f"Ghi vắng mặt {span}, người thay: {there}"),
    ]
