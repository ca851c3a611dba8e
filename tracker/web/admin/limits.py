"""The time limits."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.admin_deadlines import LimitForm
from forms.dated import PeriodForm
from tracker.domain.time_limits import CLOCK_WORDS, EVENT_WORDS, UNIT_WORDS
from tracker.services.limits import LIMITS
from tracker.web import context
from tracker.web.admin import choices
from tracker.web.admin.listing import Column
from tracker.web.admin.screens import Screen, filled


def _columns() -> Sequence[Column]:
    return (
        Column(_("Thời hạn"), lambda row: row.name, lead=True),
        Column(_("Để làm gì"), lambda row: CLOCK_WORDS[row.clock]),
        Column(_("Bao lâu"), lambda row: f"{row.amount} {UNIT_WORDS[row.unit]}"),
        Column(_("Tính từ khi"), lambda row: EVENT_WORDS[row.start_event]),
        Column(_("Riêng cho"), choices.only_for(_("Mọi kiến nghị"))),
    )


def _form(row: Any) -> PeriodForm:
    form = filled(LimitForm, row, context.today())
    form.category.choices = choices.categories(row.category if row else None)
    if row is not None:
        del form.code
        del form.clock
    return form


LIMIT_SCREEN = Screen(
    name="limits",
    path="thoi-han",
    title=_l("Thời hạn"),
    intro=_l("Bao lâu phải phân loại, tiếp nhận, trả lời. Dòng riêng cho mức độ, lĩnh vực thắng dòng chung."),
    add_label=_l("Thêm thời hạn"),
    rows=LIMITS,
    columns=_columns,
    form=_form,
    heading=lambda row: str(row.name),
    moves_dates=True,
)
