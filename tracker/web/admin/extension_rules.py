"""The rules for more time."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.admin_deadlines import ExtensionRuleForm
from forms.dated import PeriodForm
from tracker.domain.extension_rules import DECIDER_WORDS
from tracker.domain.time_limits import UNIT_WORDS
from tracker.services.extension_rules import EXTENSION_RULES
from tracker.web import context
from tracker.web.admin import choices
from tracker.web.admin.listing import Column
from tracker.web.admin.screens import Screen, filled


def _columns() -> Sequence[Column]:
    return (
        Column(_("Quy tắc"), lambda row: row.name, lead=True),
        Column(_("Mỗi lần nhiều nhất"), lambda row: f"{row.max_amount} {UNIT_WORDS[row.unit]}"),
        Column(_("Số lần"), lambda row: row.max_times, number=True),
        Column(_("Ai quyết định"), lambda row: DECIDER_WORDS[row.decider]),
        Column(_("Riêng cho"), choices.only_for(_("Mọi kiến nghị"))),
    )


def _form(row: Any) -> PeriodForm:
    form = filled(ExtensionRuleForm, row, context.today())
    form.category.choices = choices.categories(row.category if row else None)
    if row is not None:
        del form.code
    return form


EXTENSION_RULE_SCREEN = Screen(
    name="extension_rules",
    path="gia-han",
    title=_l("Quy tắc gia hạn"),
    intro=_l(
        "Đơn vị xin thêm thời gian thì ai quyết định, mỗi lần bao lâu, mấy lần. Dòng riêng thắng dòng chung."
    ),
    add_label=_l("Thêm quy tắc gia hạn"),
    rows=EXTENSION_RULES,
    columns=_columns,
    form=_form,
    heading=lambda row: str(row.name),
)
