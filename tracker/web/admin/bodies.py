"""The bodies that answer."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.admin_org import BodyForm
from forms.dated import PeriodForm
from tracker.domain.org import BODY_KIND_WORDS
from tracker.services.org import BODIES
from tracker.web import context
from tracker.web.admin import choices
from tracker.web.admin.listing import Column
from tracker.web.admin.screens import Screen, filled


def _columns() -> Sequence[Column]:
    names = choices.unit_names()
    return (
        Column(_("Tên"), lambda row: row.name, lead=True),
        Column(_("Thuộc cấp ủy"), lambda row: names.get(row.committee_id, _("Dùng chung"))),
        Column(_("Khối"), lambda row: BODY_KIND_WORDS[row.kind]),
        Column(_("Nhận việc"), lambda row: _("Trực tiếp") if row.in_chain else _("Qua công văn")),
        Column(_("Mã"), lambda row: row.code),
    )


def _form(row: Any) -> PeriodForm:
    form = filled(BodyForm, row, context.today())
    kept = row.committee_id if row is not None else None
    form.committee_id.choices = choices.committees(_("Dùng chung cho mọi cấp ủy"), kept)
    return form


BODY_SCREEN = Screen(
    name="bodies",
    path="don-vi-xu-ly",
    title=_l("Đơn vị xử lý"),
    intro=_l("Nơi trả lời kiến nghị: phòng, ban, đoàn thể, công an, điện lực…"),
    add_label=_l("Thêm đơn vị xử lý"),
    rows=BODIES,
    columns=_columns,
    form=_form,
    heading=lambda row: str(row.name),
    source_label=None,
    moves_dates=True,
    makes_tree=True,
)
