"""Sheets being typed: kept on the server, sealed because they hold names, until they are submitted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.adapters.sealing import Seal
from tracker.db.tables.meetings import Meeting, SheetDraft
from tracker.domain.errors import Conflict, Invalid, NotFound, StaleEdit
from tracker.services.meetings import check_may_write
from tracker.services.reference import Reference
from tracker.services.unit import Unit

MAX_BYTES = 500_000


@dataclass(frozen=True)
class Draft:
    """One sheet as typed so far; ``values`` are the form's fields by name, lists of strings."""

    key: str
    branch_id: int
    corrects_id: int | None
    version: int
    updated_at: datetime
    values: Mapping[str, Any]


def save_draft(
    key: str,
    branch_id: int,
    values: Mapping[str, Any],
    *,
    version: int,
    corrects_id: int | None = None,
    unit: Unit,
    reference: Reference,
) -> int:
    """Keep the fields as typed; return the draft's new version. Flushes, never commits.

    Raises Conflict when the sheet was already submitted, StaleEdit when another page saved a later version; the
    same page (``page_token`` among the values) only missed an answer on a poor line.
    """
    check_may_write(branch_id, unit, reference)
    if corrects_id is not None and _branch_of(corrects_id, unit) != branch_id:
        raise NotFound("Không tìm thấy phiếu họp mà bản nháp này sửa.")
    text = json.dumps(values, ensure_ascii=False)
    if len(text) > MAX_BYTES:
        raise Invalid("Bản nháp quá dài.")
    if corrects_id is None and unit.session.scalar(select(Meeting.id).where(Meeting.request_key == key)):
        raise Conflict("Phiếu này đã được gửi.")
    assert unit.actor.account_id is not None, "only a logged-in person passes check_may_write"
    draft = unit.session.scalars(_locked(key)).one_or_none() or _begun(key, branch_id, corrects_id, unit)
    if draft.branch_id != branch_id:
        raise NotFound("Không tìm thấy bản nháp này.")
    if draft.version not in (0, version) and not _same_page(unit.seal.open(draft.values), values):
        raise StaleEdit("Bản nháp này đang được nhập ở thiết bị khác. Hãy tải lại trang để lấy bản mới.")
    draft.values, draft.version = unit.seal.close(text), draft.version + 1
    draft.updated_by, draft.updated_at = unit.actor.account_id, unit.now
    unit.session.flush()
    return draft.version


def _locked(key: str) -> Select[SheetDraft]:
    return select(SheetDraft).where(SheetDraft.key == key).with_for_update()


def _begun(key: str, branch_id: int, corrects_id: int | None, unit: Unit) -> SheetDraft:
    """Return the draft, begun as version 0 unless another request did so at this moment: then as that one left it."""
    draft = SheetDraft(key=key, branch_id=branch_id, corrects_id=corrects_id, version=0, values=b"")
    draft.updated_by, draft.updated_at = unit.actor.account_id or 0, unit.now
    try:
        with unit.session.begin_nested():
            unit.session.add(draft)
    except IntegrityError:
        return unit.session.scalars(_locked(key)).one()
    return draft


def _branch_of(meeting_id: int, unit: Unit) -> int | None:
    """Return whose sheet it is: a draft to correct another branch's sheet would show its tickets."""
    return unit.session.scalar(select(Meeting.branch_id).where(Meeting.id == meeting_id))


def _same_page(saved: str, values: Mapping[str, Any]) -> bool:
    """Return whether the saved fields came from the very page that saves now and never heard that they arrived."""
    page = values.get("page_token")
    return bool(page) and json.loads(saved).get("page_token") == page


def read_draft(session: Session, seal: Seal, key: str) -> Draft | None:
    """Return the draft, or None; the caller asks whether the person may see its branch."""
    row = session.execute(select(SheetDraft).where(SheetDraft.key == key)).scalar_one_or_none()
    return _draft(row, seal) if row else None


def drafts_of(session: Session, branch_ids: tuple[int, ...]) -> list[SheetDraft]:
    """Return the drafts of the branches without opening them, latest first."""
    query = (
        select(SheetDraft).where(SheetDraft.branch_id.in_(branch_ids)).order_by(SheetDraft.updated_at.desc())
    )
    return list(session.scalars(query))


def discard_draft(key: str, *, unit: Unit, reference: Reference) -> None:
    """Throw a draft away on the person's word; raise NotFound when there is none. Flushes."""
    row = unit.session.execute(select(SheetDraft).where(SheetDraft.key == key)).scalar_one_or_none()
    if row is None:
        raise NotFound("Không còn bản nháp này.")
    check_may_write(row.branch_id, unit, reference)
    unit.session.execute(delete(SheetDraft).where(SheetDraft.key == key))
    unit.record("draft", row.id, "discarded", branch=row.branch_id)


def _draft(row: SheetDraft, seal: Seal) -> Draft:
    return Draft(
        row.key,
        row.branch_id,
        row.corrects_id,
        row.version,
        row.updated_at,
        json.loads(seal.open(row.values)),
    )
