"""The administrator's forms of categories, routing rules and the try-out box."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import InputRequired

from forms.dated import DatedForm, code_field, name_field
from forms.numbers import WholeNumberField


class CategoryForm(DatedForm):
    """One field of concerns."""

    code = code_field()
    name = name_field(_l("Tên lĩnh vực"))
    position = WholeNumberField(
        _l("Thứ tự trong danh sách"), [InputRequired(_l("Ghi thứ tự."))], description=_l("Số nhỏ đứng trước")
    )
    is_restricted = BooleanField(
        _l("Hạn chế người xem"),
        description=_l("Chỉ Ủy ban kiểm tra và người được giao xem được kiến nghị thuộc lĩnh vực này"),
    )
