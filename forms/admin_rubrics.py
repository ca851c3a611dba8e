"""The administrator's form that takes a scoring table into use or out of it."""

from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import InputRequired

from forms.dated import seen_version
from forms.typed import TypedDateField
from forms.wording import PostedForm
from tracker.domain.validity import DatedChange


class UseForm(PostedForm):
    """From which day on."""

    valid_from = TypedDateField(
        _l("Từ ngày"),
        [InputRequired(_l("Ghi ngày bắt đầu."))],
        description=_l("Cuộc họp trước ngày này vẫn chấm theo bảng cũ. Ví dụ 01/01/2027"),
    )
    version = HiddenField()

    def command(self) -> DatedChange:
        """Return the day as typed; call after ``validate``."""
        return DatedChange({}, cast(date, self.valid_from.data), None, seen_version(self.version.data))
