"""The forms by which days come in from a file: the file with what holds for its rows, then the confirmation."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from forms.dated import options, tag_field
from forms.wording import PostedForm
from tracker.domain.calendar_days import BASIS_WORDS
from tracker.domain.calendar_rows import Defaults
from tracker.domain.calendars import Owner
from tracker.domain.evidence import Tag
from tracker.domain.text import tidy


class CalendarFileForm(PostedForm):
    """A file of days, and what holds for those of its rows that say nothing of it."""

    file = FileField(
        _l("Tệp"),
        [FileRequired(_l("Chọn tệp."))],
        description=_l("Tệp .csv, .xlsx hoặc .ics; lớn nhất 2 MB"),
    )
    source = StringField(
        _l("Nguồn của các dòng chưa ghi nguồn"),
        [InputRequired(_l("Ghi nguồn: văn bản nào, ai quyết định.")), Length(max=1000)],
        filters=[tidy],
        description=_l("Số và ngày của văn bản, hoặc ai đã quyết định"),
    )
    basis = SelectField(_l("Căn cứ"), choices=options(BASIS_WORDS), default="decided")
    tag = tag_field()

    def defaults(self, owner: Owner) -> Defaults:
        """Return what holds for rows that say nothing of it; call after ``validate``."""
        return Defaults(self.source.data, self.basis.data, Tag(self.tag.data), owner)


class CalendarRowsForm(PostedForm):
    """The rows that were previewed, as CSV, sent back to be written."""

    rows = HiddenField(validators=[InputRequired()])
