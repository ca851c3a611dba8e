"""The ladder."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.admin_deadlines import RungForm
from forms.dated import PeriodForm
from tracker.domain.escalation import RECIPIENT_WORDS
from tracker.domain.numbers import percent_words
from tracker.domain.time_limits import CLOCK_WORDS, UNIT_WORDS
from tracker.services.ladder import LADDER
from tracker.web import context
from tracker.web.admin import choices
from tracker.web.admin.listing import Column
from tracker.web.admin.screens import Screen, filled


def _when(row: Any) -> str:
    """Return in words when the rung is reached."""
    words = []
    if row.at_percent is not None:
        words.append(_("khi đã qua %(percent)s thời hạn", percent=percent_words(row.at_percent)))
    if row.after_amount == 0:
        words.append(_("khi hết hạn"))
    elif row.after_amount:
        words.append(_("quá hạn %(n)s %(unit)s", n=row.after_amount, unit=UNIT_WORDS[row.after_unit]))
    if row.after_reopenings:
        words.append(_("chi bộ trả lại lần thứ %(n)s", n=row.after_reopenings))
    if row.after_bounces:
        words.append(_("bị báo không đúng nơi lần thứ %(n)s", n=row.after_bounces))
    if row.after_meetings:
        words.append(_("đã nêu ở %(n)s kỳ họp", n=row.after_meetings))
    return _(" hoặc ").join(words)


def _columns() -> Sequence[Column]:
    return (
        Column(_("Bậc"), lambda row: row.name, lead=True),
        Column(_("Chậm việc"), lambda row: CLOCK_WORDS[row.clock]),
        Column(_("Cấp"), lambda row: row.level, number=True),
        Column(_("Khi nào"), _when),
        Column(_("Báo cho"), lambda row: RECIPIENT_WORDS[row.recipient]),
        Column(_("Riêng cho"), choices.only_for(_("Mọi mức độ"))),
    )


def _form(row: Any) -> PeriodForm:
    form = filled(RungForm, row, context.today())
    form.category.choices = choices.categories(row.category if row else None)
    if row is not None:
        del form.code
        del form.clock
    return form


LADDER_SCREEN = Screen(
    name="ladder",
    path="don-doc",
    title=_l("Bậc đôn đốc"),
    intro=_l("Chậm trả lời thì báo cho ai, khi nào. Dòng riêng cho mức độ thắng dòng chung cùng cấp."),
    add_label=_l("Thêm bậc đôn đốc"),
    rows=LADDER,
    columns=_columns,
    form=_form,
    heading=lambda row: str(row.name),
    moves_dates=True,
)
