"""Checking the chain of what happened against an anchor printed earlier."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from forms.wording import PostedForm


class VerifyForm(PostedForm):
    """The anchor printed in a quarter's report, if there is one at hand."""

    anchor = StringField(
        _l("Mốc đã in trên báo cáo quý"),
        description=_l("Có mốc thì phát hiện được cả khi phần cuối nhật ký bị cắt bỏ."),
    )
