"""The administrator's forms of accounts and of the roles they are given."""

from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Length, Optional

from forms.dated import SINCE_HINT, UNTIL_HINT, known_id, name_field, options
from forms.typed import TypedDateField
from forms.wording import PostedForm
from tracker.domain.people import BODY_ROLES, ROLE_WORDS, Role, RoleChange
from tracker.domain.text import tidy


class AccountForm(PostedForm):
    """An account's own data; the user name is given once."""

    username = StringField(
        _l("Tên đăng nhập"),
        [InputRequired(_l("Ghi tên đăng nhập.")), Length(max=80, message=_l("Dài nhất %(n)s ký tự.", n=80))],
        filters=[tidy],
        description=_l("Chữ thường không dấu, chữ số, dấu chấm, gạch; đặt một lần, không đổi"),
    )
    display_name = name_field(_l("Tên hiển thị"), 120)
    email = StringField(
        _l("Địa chỉ thư"),
        [Optional(), Length(max=254), Email(_l("Địa chỉ thư chưa đúng, ví dụ ten@coquan.vn."))],
        filters=[tidy],
        description=_l("Để nhận thông báo; để trống nếu không có"),
    )
    version = HiddenField()


class GrantForm(PostedForm):
    """A role from a day to a day; the choices of the two places come in from outside."""

    role = SelectField(_l("Vai trò"), choices=options(ROLE_WORDS), coerce=Role)
    unit_id = SelectField(
        _l("Ở chi bộ, cấp ủy nào"), coerce=known_id, description=_l("Cho bí thư và các vai trò của cấp ủy")
    )
    body_id = SelectField(
        _l("Ở đơn vị xử lý nào"), coerce=known_id, description=_l("Cho cán bộ và người đứng đầu đơn vị xử lý")
    )
    valid_from = TypedDateField(
        _l("Giữ vai trò từ ngày"), [InputRequired(_l("Ghi ngày bắt đầu."))], description=SINCE_HINT
    )
    valid_to = TypedDateField(_l("Thôi giữ từ ngày"), description=UNTIL_HINT)

    @property
    def place(self) -> SelectField:
        """The field of the place that the chosen role needs."""
        return self.body_id if self.role.data in BODY_ROLES else self.unit_id

    def command(self) -> RoleChange:
        """Return the role as typed; call after ``validate``. No place is place 0, which is nowhere."""
        return RoleChange(
            self.role.data, self.place.data or 0, cast(date, self.valid_from.data), self.valid_to.data
        )
