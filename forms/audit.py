"""Checking the chain of what happened against an anchor printed earlier."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField


class VerifyForm(FlaskForm):
    """The anchor printed in a quarter's report, if there is one at hand."""

    anchor = StringField(
        _l("Mốc đã in trên báo cáo quý"),
        description=_l("Có mốc thì phát hiện được cả khi phần cuối nhật ký bị cắt bỏ."),
    )
