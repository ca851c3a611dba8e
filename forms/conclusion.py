"""One line of what the meeting concluded."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from forms.typed import TypedDateField
from forms.wording import PartForm
from tracker.domain.sheets import ConclusionLine
from tracker.domain.text import tidy


class ConclusionForm(PartForm):
    """Who does what by when."""

    task = TextAreaField(
        _l("Việc phải làm"), [Length(max=2000, message=_l("Dài quá 2.000 chữ. Hãy tóm tắt."))], filters=[tidy]
    )
    assignee = StringField(
        _l("Ai làm"), [Length(max=200, message=_l("Dài quá 200 chữ. Hãy viết ngắn lại."))], filters=[tidy]
    )
    due_on = TypedDateField(_l("Xong trước ngày"))

    def command(self) -> ConclusionLine:
        """Return the line as typed; call after ``validate``."""
        return ConclusionLine(self.task.data or "", self.assignee.data or "", self.due_on.data)
