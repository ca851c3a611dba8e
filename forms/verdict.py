"""What the branch said of one answer that was brought back to it."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Length, ValidationError

from forms.wording import PartForm
from tracker.domain.sheets import Verdict
from tracker.domain.text import tidy

ACCEPTED, REFUSED, LATER = "accepted", "refused", "later"
_MEANING = {ACCEPTED: True, REFUSED: False, LATER: None}


class VerdictForm(PartForm):
    """One answer: the branch accepts, doesn't (with why), or didn't get to it."""

    ticket_id = HiddenField()
    choice = RadioField(
        _l("Chi bộ nghe xong"),
        [AnyOf(list(_MEANING), _l("Chọn: chi bộ đồng ý, chưa đồng ý, hay chưa bàn trong buổi này."))],
        choices=[
            SelectChoice(ACCEPTED, _l("Đồng ý")),
            SelectChoice(REFUSED, _l("Chưa đồng ý")),
            SelectChoice(LATER, _l("Chưa bàn trong buổi này")),
        ],
        validate_choice=False,
    )
    reason = TextAreaField(
        _l("Vì sao chưa đồng ý"),
        [Length(max=2000, message=_l("Dài quá 2.000 chữ. Hãy tóm tắt."))],
        description=_l("Chỉ ghi khi chi bộ chưa đồng ý; kiến nghị sẽ được xử lý lại và báo lên một cấp."),
        filters=[tidy],
    )

    def validate_ticket_id(self, field: HiddenField) -> None:
        """A number of ours; anything else was not written by the page."""
        typed = str(field.data or "")
        if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            raise ValidationError(_l("Dòng này không đọc được. Hãy tải lại trang."))

    def validate_reason(self, field: TextAreaField) -> None:
        if self.choice.data == REFUSED and not field.data:
            raise ValidationError(_l("Ghi vì sao chi bộ chưa đồng ý."))

    def command(self) -> Verdict:
        """Return the verdict as typed; call after ``validate``."""
        return Verdict(int(self.ticket_id.data), _MEANING[self.choice.data], self.reason.data or "")
