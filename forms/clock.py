"""What is done to an answer's clock: a pause with a promised day, going on, more time asked for and decided."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from forms.numbers import WholeNumberField
from forms.ticket import REASON_LIMIT, ActForm
from forms.typed import TypedDateField
from tracker.domain.text import tidy

_TOO_LONG = _l("Lý do dài quá 1.000 chữ cái. Hãy rút gọn.")


class PauseForm(ActForm):
    """The clock stands until a promised day."""

    pause_reason = TextAreaField(
        _l("Vì sao phải tạm dừng"),
        [DataRequired(_l("Ghi rõ đang chờ gì, chờ ai.")), Length(max=REASON_LIMIT, message=_TOO_LONG)],
        filters=[tidy],
        description=_l("Chi bộ đọc được lý do này."),
    )
    until = TypedDateField(_l("Hẹn làm tiếp từ ngày"), [InputRequired(_l("Ghi ngày sẽ làm tiếp."))])


class ResumeForm(ActForm):
    """Work goes on before the promised day."""


class ExtensionForm(ActForm):
    """More time asked for; its unit is the rule's."""

    amount = WholeNumberField(_l("Xin thêm bao nhiêu"), [InputRequired(_l("Ghi số ngày hoặc số giờ."))])
    extension_reason = TextAreaField(
        _l("Vì sao cần thêm thời gian"),
        [DataRequired(_l("Ghi rõ vì sao cần thêm thời gian.")), Length(max=REASON_LIMIT, message=_TOO_LONG)],
        filters=[tidy],
        description=_l("Chi bộ đọc được lý do này."),
    )


class DecideExtensionForm(ActForm):
    """The request is granted or refused."""

    decision = RadioField(
        _l("Quyết định"),
        [InputRequired(_l("Chọn đồng ý hoặc không đồng ý."))],
        choices=[
            SelectChoice("grant", _l("Đồng ý gia hạn")),
            SelectChoice("refuse", _l("Không đồng ý, giữ hạn cũ")),
        ],
    )
    decision_reason = TextAreaField(
        _l("Lý do"),
        [Length(max=REASON_LIMIT, message=_TOO_LONG)],
        filters=[tidy],
        description=_l("Bắt buộc ghi khi không đồng ý."),
    )
