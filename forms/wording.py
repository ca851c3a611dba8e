"""What every form says by itself when it refuses something: plain Vietnamese, whatever a field forgot to say.

Fields have sentences of their own; these stand behind them, for requests that no page of ours sends.
"""

from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Form


class Wording:
    """Stands where WTForms looks for translations: whatever its own sentence is, a Vietnamese one is said."""

    def gettext(self, string: str) -> str:
        """Return the sentence said instead of WTForms' own."""
        if "choice" in string.lower() or "must be one of" in string:
            return _("Chọn một dòng trong danh sách.")
        if "longer than" in string or ("between" in string and "long" in string):
            return _("Dài quá. Hãy viết ngắn lại.")
        if "required" in string:
            return _("Không để trống.")
        if "CSRF" in string:
            return _("Phiên làm việc đã đổi. Hãy tải lại trang rồi gửi lại.")
        return _("Chưa đúng. Hãy xem lại chỗ này.")

    def ngettext(self, singular: str, _plural: str, _n: int) -> str:
        """Return the same whatever the number: Vietnamese words don't change with it."""
        return self.gettext(singular)


WORDING = Wording()


class PostedForm(FlaskForm):
    """A form that is sent by itself, with its token; speaks Vietnamese only."""

    class Meta(FlaskForm.Meta):
        """Says where the form takes its own sentences from."""

        def get_translations(self, form: Any) -> Any:
            """Return the Vietnamese sentences."""
            return WORDING


class PartForm(Form):
    """A part of another form, without a token of its own; speaks Vietnamese only."""

    class Meta:
        """Says where the form takes its own sentences from."""

        def get_translations(self, form: Any) -> Any:
            """Return the Vietnamese sentences."""
            return WORDING
