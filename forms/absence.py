"""Being away: who stands in, from which day to which."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from forms.dated import known_id
from forms.typed import TypedDateField
from forms.wording import PostedForm
from tracker.domain.absences import Absence
from tracker.domain.text import tidy


class AbsenceForm(PostedForm):
    """An absence; the choices of the substitute come in from outside."""

    substitute = SelectField(
        _l("Người thay"),
        [InputRequired(_l("Chọn người thay."))],
        coerce=known_id,
        description=_l("Người thay nhận thông báo và làm được việc của đồng chí trong những ngày này"),
    )
    valid_from = TypedDateField(_l("Vắng từ ngày"), [InputRequired(_l("Ghi ngày đầu vắng mặt."))])
    valid_to = TypedDateField(_l("Đến hết ngày"), [InputRequired(_l("Ghi ngày cuối vắng mặt."))])
    reason = StringField(
        _l("Lý do"),
        [Length(max=200, message=_l("Dài nhất %(n)s ký tự.", n=200))],
        filters=[tidy],
        description=_l("Ví dụ: đi học, nghỉ phép. Không bắt buộc"),
    )

    def command(self, account_id: int) -> Absence:
        """Return the absence as typed; call after ``validate``. The typed last day is inclusive."""
        return Absence(
            account_id,
            self.substitute.data or 0,
            self.valid_from.data,
            self.valid_to.data + timedelta(days=1),
            self.reason.data or "",
        )
