"""The administrator's forms of time limits, the ladder and the calendar's days."""

from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from forms.dated import (
    DatedForm,
    code_field,
    known,
    name_field,
    options,
    seen_version,
    source_field,
    tag_field,
)
from forms.numbers import WholeNumberField
from forms.typed import TypedDateField
from forms.wording import PostedForm
from tracker.domain.calendar import DAY_KIND_WORDS, DayKind
from tracker.domain.calendar_days import BASIS_WORDS, DayChange
from tracker.domain.calendars import NATION, Owner
from tracker.domain.escalation import RECIPIENT_WORDS
from tracker.domain.extension_rules import DECIDER_WORDS
from tracker.domain.text import tidy
from tracker.domain.tickets import URGENCY_WORDS
from tracker.domain.time_limits import (
    CLOCK_WORDS,
    EVENT_WORDS,
    TICKET_CLOCKS,
    UNIT_WORDS,
    Clock,
    LimitUnit,
    StartEvent,
)

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


class RungForm(DatedForm):
    """One level of a clock's ladder; the choices of ``category`` come in from outside."""

    code = code_field()
    clock = SelectField(
        _l("Chậm việc gì"), choices=options({one: CLOCK_WORDS[one] for one in TICKET_CLOCKS}), coerce=Clock,
        default=Clock.ANSWER,
    )  # fmt: skip
    level = WholeNumberField(
        _l("Cấp"), [InputRequired(_l("Ghi cấp, từ 1 trở lên."))], description=_l("1 là cấp đầu tiên")
    )
    name = name_field(_l("Tên gọi"))
    recipient = SelectField(_l("Báo cho ai"), choices=options(RECIPIENT_WORDS))
    is_warning = BooleanField(_l("Chỉ là lời nhắc, chưa tính là báo cấp trên"))
    at_percent = WholeNumberField(
        _l("Khi đã qua bao nhiêu phần trăm thời hạn"),
        description=_l("Ghi số này, hoặc ghi thời gian sau hạn; không ghi cả hai"),
    )
    after_amount = WholeNumberField(
        _l("Sau hạn bao lâu"), description=_l("0 là đúng lúc hết hạn; để trống nếu tính theo phần trăm")
    )
    after_unit = SelectField(
        _l("Đơn vị tính của thời gian sau hạn"), choices=options(UNIT_WORDS, _l("Không dùng")), coerce=known
    )
    category = SelectField(_l("Riêng cho lĩnh vực"), coerce=known)
    urgency = SelectField(_l("Riêng cho mức độ"), choices=ANY_URGENCY, coerce=known)
    after_reopenings = WholeNumberField(
        _l("Báo ngay khi chi bộ trả lại lần thứ"), description=_l("Để trống nếu không dùng")
    )
    after_bounces = WholeNumberField(
        _l("Báo ngay khi bị báo không đúng nơi lần thứ"), description=_l("Để trống nếu không dùng")
    )
    after_meetings = WholeNumberField(
        _l("Báo ngay khi đã nêu ở bao nhiêu kỳ họp"), description=_l("Để trống nếu không dùng")
    )


class ExtensionRuleForm(DatedForm):
    """One rule for more time; the choices of ``category`` come in from outside."""

    code = code_field()
    name = name_field(_l("Tên gọi"))
    max_amount = WholeNumberField(_l("Mỗi lần nhiều nhất"), [InputRequired(_l("Ghi số ngày hoặc số giờ."))])
    unit = SelectField(
        _l("Đơn vị tính"), choices=options(UNIT_WORDS), coerce=LimitUnit, default=LimitUnit.WORKING_DAYS
    )
    max_times = WholeNumberField(_l("Được mấy lần"), [InputRequired(_l("Ghi số lần."))])
    decider = SelectField(_l("Ai quyết định"), choices=options(DECIDER_WORDS), default="standing_members")
    category = SelectField(_l("Riêng cho lĩnh vực"), coerce=known)
    urgency = SelectField(_l("Riêng cho mức độ"), choices=ANY_URGENCY, coerce=known)


class CalendarDayForm(PostedForm):
    """A day that differs from its weekday."""

    on = TypedDateField(_l("Ngày"), [InputRequired(_l("Ghi ngày."))])
    kind = RadioField(
        _l("Là ngày gì"),
        [InputRequired(_l("Chọn loại ngày."))],
        choices=options(
            {kind: words[:1].upper() + words[1:] for kind, words in DAY_KIND_WORDS.items() if kind != DayKind.WEEKEND}
        ),
    )  # fmt: skip
    name = name_field(_l("Tên ngày, lý do"))
    hours = StringField(
        _l("Giờ làm việc riêng của ngày này"),
        [Length(max=100, message=_l("Dài nhất 100 ký tự."))],
        filters=[tidy],
        description=_l("Để trống thì theo loại ngày. Ví dụ 07:30-11:30 13:30-17:00"),
    )
    basis = SelectField(
        _l("Căn cứ"),
        choices=options(BASIS_WORDS),
        default="decided",
    )
    source = source_field()
    tag = tag_field()
    is_active = BooleanField(
        _l("Đang dùng"), default=True, description=_l("Bỏ chọn thì ngày này lại theo thứ trong tuần")
    )
    version = HiddenField()

    def command(self, owner: Owner = NATION) -> DayChange:
        """Return the owner's day as typed; call after ``validate``."""
        return DayChange(
            on=cast(date, self.on.data),
            kind=DayKind(self.kind.data),
            name=self.name.data,
            hours=self.hours.data,
            basis=self.basis.data,
            source=self.source.data,
            tag=self.tag.data,
            is_active=self.is_active.data,
            version=seen_version(self.version.data),
            owner=owner,
        )


class YearDecisionForm(PostedForm):
    """The decision by which a year's days that were only assumed are confirmed."""

    source = source_field()
    tag = tag_field()
