"""The party's units."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.admin_org import UnitForm
from forms.dated import PeriodForm
from tracker.domain.org import BRANCH_TYPE_WORDS, UNIT_KIND_WORDS
from tracker.services.org import UNITS
from tracker.web import context
from tracker.web.admin import choices
from tracker.web.admin.listing import Column
from tracker.web.admin.screens import Screen, filled


def _kind(row: Any) -> str:
    """Return the unit's kind, a branch's type and its flags in words."""
    words = [
        UNIT_KIND_WORDS[row.kind],
        BRANCH_TYPE_WORDS.get(row.branch_type, ""),
        _("điển hình") if row.is_model else "",
        _("khó khăn") if row.is_difficult else "",
    ]
    return ", ".join(word for word in words if word)


def _columns() -> Sequence[Column]:
    names = choices.unit_names()
    return (
        Column(_("Tên"), lambda row: row.name, lead=True),
        Column(_("Loại"), _kind),
        Column(_("Cấp trên"), lambda row: names.get(row.parent_id, "–")),
        Column(_("Mã"), lambda row: row.code),
    )


def _form(row: Any) -> PeriodForm:
    form = filled(UnitForm, row, context.today())
    form.parent_id.choices = choices.committees(_("Không có"))
    return form


UNIT_SCREEN = Screen(
    name="units",
    path="don-vi",
    title=_l("Đơn vị của Đảng"),
    intro=_l("Cấp ủy và chi bộ: tên, cấp trên, loại hình theo từng thời gian; sáp nhập, chia tách, đổi tên."),
    add_label=_l("Thêm đơn vị"),
    rows=UNITS,
    columns=_columns,
    form=_form,
    heading=lambda row: str(row.name),
    source_label=_l("Quyết định"),
    moves_dates=True,
    makes_tree=True,
)
