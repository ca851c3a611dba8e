"""Logging in and the person's own password."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from forms.wording import PostedForm


class LogInForm(PostedForm):
    """User name and password."""

    username = StringField(_l("Tên đăng nhập"), [InputRequired(_l("Nhập tên đăng nhập.")), Length(max=80)])
    password = PasswordField(_l("Mật khẩu"), [InputRequired(_l("Nhập mật khẩu.")), Length(max=200)])


class PasswordForm(PostedForm):
    """The person's own new password, typed twice."""

    current_password = PasswordField(_l("Mật khẩu hiện tại"), [InputRequired(_l("Nhập mật khẩu hiện tại."))])
    new_password = PasswordField(_l("Mật khẩu mới"), [InputRequired(_l("Nhập mật khẩu mới."))])
    repeated = PasswordField(
        _l("Nhập lại mật khẩu mới"),
        [EqualTo("new_password", _l("Hai lần nhập mật khẩu mới chưa giống nhau."))],
    )
