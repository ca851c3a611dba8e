"""The administrator's forms of time limits, the ladder and the calendar's days."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired

from forms.dated import DatedForm, code_field, known, name_field, options
from forms.numbers import WholeNumberField
from tracker.domain.tickets import URGENCY_WORDS
from tracker.domain.time_limits import CLOCK_WORDS, EVENT_WORDS, UNIT_WORDS, Clock, LimitUnit, StartEvent

ANY_URGENCY = options(URGENCY_WORDS, _l("Mọi mức độ"))


class LimitForm(DatedForm):
    """One time limit; the choices of ``category`` come in from outside."""

    code = code_field()
    clock = SelectField(
        _l("Thời hạn cho việc gì"),
        choices=options(CLOCK_WORDS),
        coerce=Clock,
        default=Clock.ANSWER,
    )
    name = name_field(_l("Tên gọi"))
    amount = WholeNumberField(_l("Số lượng"), [InputRequired(_l("Ghi số ngày hoặc số giờ."))])
    unit = SelectField(
        _l("Đơn vị tính"), choices=options(UNIT_WORDS), coerce=LimitUnit,
        default=LimitUnit.WORKING_DAYS,
    )  # fmt: skip
    start_event = SelectField(
        _l("Tính từ khi"), choices=options(EVENT_WORDS), coerce=StartEvent,
        default=StartEvent.FILED,
    )  # fmt: skip
    category = SelectField(_l("Riêng cho lĩnh vực"), coerce=known)
    urgency = SelectField(_l("Riêng cho mức độ"), choices=ANY_URGENCY, coerce=known)
    first_day_counted = BooleanField(_l("Tính cả ngày đầu"))
    roll_to_working = BooleanField(
        _l("Hạn rơi vào ngày nghỉ thì chuyển sang ngày làm việc kế tiếp"), default=True
    )
