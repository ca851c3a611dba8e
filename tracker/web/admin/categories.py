"""The fields of concerns."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.admin_rules import CategoryForm
from forms.dated import PeriodForm
from tracker.services.categories import CATEGORIES
from tracker.web import context
from tracker.web.admin.listing import Column
from tracker.web.admin.screens import Screen, filled


def _columns() -> Sequence[Column]:
    return (
        Column(_("Tên"), lambda row: row.name, lead=True),
        Column(_("Mã"), lambda row: row.code),
        Column(_("Thứ tự"), lambda row: row.position, number=True),
        Column(_("Ai xem được"), lambda row: _("Hạn chế") if row.is_restricted else _("Theo phạm vi")),
    )


def _form(row: Any) -> PeriodForm:
    form = filled(CategoryForm, row, context.today(), position=100)
    if row is not None:
        del form.code
    return form


CATEGORY_SCREEN = Screen(
    name="categories",
    path="linh-vuc",
    title=_l("Lĩnh vực kiến nghị"),
    intro=_l("Danh mục để chọn khi ghi kiến nghị; quy tắc chuyển dựa vào đây."),
    add_label=_l("Thêm lĩnh vực"),
    rows=CATEGORIES,
    columns=_columns,
    form=_form,
    heading=lambda row: str(row.name),
)
