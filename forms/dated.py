"""What all forms of dated rules share: from which day on, until when, after which source, how well known."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from forms.typed import TypedDateField
from forms.wording import PostedForm
from tracker.domain.evidence import TAG_WORDS
from tracker.domain.text import tidy
from tracker.domain.validity import DatedChange

_APART = frozenset({"valid_from", "valid_to", "version", "csrf_token"})

SINCE_HINT = _l("Việc ghi nhận trước ngày này vẫn theo bản cũ. Ví dụ 01/12/2026")
UNTIL_HINT = _l("Để trống nếu chưa có ngày thôi áp dụng; ngày này không còn tính nữa")


def options(words: Mapping[str, Any], empty: Any = None) -> list[SelectChoice]:
    """Return the choices of a select by their codes; ``empty``: the words of the choice of none, put first."""
    first = [SelectChoice("", empty)] if empty else []
    return [*first, *(SelectChoice(str(code), label) for code, label in words.items())]


def known(value: Any) -> Any:
    """Return a select's value, the empty choice as None."""
    return value or None


def known_id(value: Any) -> int | None:
    """Return a select's value as an id, the empty choice as None; raise ValueError for what isn't one."""
    return int(value) if value else None


def seen_version(value: str | int | None) -> int | None:
    """Return the version of the row that the form was filled from; None for a new one, -1 for nonsense."""
    if not value:
        return None
    typed = str(value)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def source_field() -> TextAreaField:
    """Return the field of where a rule comes from."""
    return TextAreaField(
        _l("Nguồn"),
        [
            InputRequired(_l("Ghi nguồn: văn bản nào, ai quyết định.")),
            Length(max=1000, message=_l("Dài nhất %(n)s ký tự.", n=1000)),
        ],
        filters=[tidy],
        description=_l("Số và ngày của văn bản, hoặc ai đã quyết định"),
    )


def tag_field() -> SelectField:
    """Return the field of how well the source is known."""
    words = {tag: f"{tag} – {meaning}" for tag, meaning in TAG_WORDS.items()}
    return SelectField(_l("Mức tin cậy của nguồn"), choices=options(words), default="G")


class PeriodForm(PostedForm):
    """From when to when, and the version that was seen. The other fields are the row's columns by name."""

    valid_from = TypedDateField(
        _l("Áp dụng từ ngày"), [InputRequired(_l("Ghi ngày bắt đầu áp dụng."))], description=SINCE_HINT
    )
    valid_to = TypedDateField(_l("Thôi áp dụng từ ngày"), description=UNTIL_HINT)
    version = HiddenField()

    def values(self) -> Mapping[str, Any]:
        """Return what was typed, by the names of the row's columns."""
        return {name: field.data for name, field in self._fields.items() if name not in _APART}

    def command(self) -> DatedChange:
        """Return the change as typed; call after ``validate``."""
        return DatedChange(
            self.values(),
            cast(date, self.valid_from.data),
            self.valid_to.data,
            seen_version(self.version.data),
        )


class DatedForm(PeriodForm):
    """A rule with its source and how well that is known."""

    source = source_field()
    tag = tag_field()


class EndForm(PostedForm):
    """From which day a row holds no longer."""

    valid_to = TypedDateField(
        _l("Thôi áp dụng từ ngày"),
        [InputRequired(_l("Ghi ngày thôi áp dụng."))],
        description=_l("Từ ngày này không còn áp dụng nữa; những gì đã ghi nhận trước đó vẫn giữ nguyên"),
    )
    version = HiddenField()

    def command(self) -> DatedChange:
        """Return the end as typed; call after ``validate``."""
        day = cast(date, self.valid_to.data)
        return DatedChange({}, day, day, seen_version(self.version.data))


def code_field(hint: Any = None) -> StringField:
    """Return the field of a code, which is given once and never changes."""
    return StringField(
        _l("Mã"),
        [InputRequired(_l("Ghi mã.")), Length(max=40, message=_l("Mã dài nhất 40 ký tự."))],
        filters=[tidy],
        description=hint or _l("Chữ cái không dấu, chữ số, dấu - hoặc _; đặt một lần, không đổi"),
    )


def name_field(label: Any, most: int = 200) -> StringField:
    """Return the field of a name that people read."""
    return StringField(
        label,
        [
            InputRequired(_l("Không để trống.")),
            Length(max=most, message=_l("Dài nhất %(n)s ký tự.", n=most)),
        ],
        filters=[tidy],
    )
