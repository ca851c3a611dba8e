"""The administrator's forms of categories, routing rules and the try-out box."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.dated import DatedForm, code_field, known, name_field, options
from forms.numbers import FloatTextField, WholeNumberField
from forms.wording import PostedForm
from tracker.domain.routing_rows import SEPARATOR
from tracker.domain.rule_book import RULE_KIND_WORDS, RuleKind
from tracker.domain.text import tidy
from tracker.domain.tickets import URGENCY_WORDS


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


class RuleForm(DatedForm):
    """One routing rule; the choices of category, unit and body come in from outside."""

    code = code_field()
    kind = SelectField(_l("Quy tắc để làm gì"), choices=options(RULE_KIND_WORDS), default=RuleKind.BODY)
    position = WholeNumberField(
        _l("Thứ tự"),
        [InputRequired(_l("Ghi thứ tự."))],
        description=_l("Số nhỏ được xét trước; quy tắc riêng của đơn vị luôn đứng trước quy tắc chung"),
    )
    category = SelectField(_l("Lĩnh vực"), coerce=known)
    phrases = TextAreaField(
        _l("Có một trong các từ"),
        [Length(max=20_000, message=_l("Dài nhất %(n)s ký tự.", n=20_000))],
        filters=[tidy],
        description=_l("Mỗi dòng một từ hoặc cụm từ. Dấu + là phải có cả hai; dấu / là một trong các từ"),
    )
    unless = TextAreaField(
        _l("Và không có các từ"),
        [Length(max=20_000, message=_l("Dài nhất %(n)s ký tự.", n=20_000))],
        filters=[tidy],
        description=_l("Mỗi dòng một từ; để trống nếu không cần"),
    )
    body_code = SelectField(_l("Đơn vị trả lời"), coerce=known)
    unit_code = SelectField(_l("Chỉ dùng ở"), coerce=known)
    urgency = SelectField(_l("Đặt mức độ"), choices=options(URGENCY_WORDS, _l("Không đặt")), coerce=known)
    restricted = BooleanField(_l("Hạn chế người xem"))
    weight = FloatTextField(
        _l("Sức nặng của từ"),
        [InputRequired(_l("Ghi sức nặng, ví dụ 1 hoặc 2,5."))],
        description=_l("Chỉ dùng để nhận lĩnh vực: lĩnh vực nặng nhất được chọn"),
    )

    def values(self) -> Mapping[str, Any]:
        """Return the columns as typed, the words joined as the table keeps them."""
        typed = dict(super().values())
        return typed | {name: SEPARATOR.join(_lines(typed[name])) for name in ("phrases", "unless")}


class TryForm(PostedForm):
    """A concern to see what the rules make of it; the choices of ``unit_code`` come in from outside."""

    text = TextAreaField(
        _l("Nội dung kiến nghị để thử"),
        [
            InputRequired(_l("Ghi hoặc dán nội dung để thử.")),
            Length(max=5000, message=_l("Dài nhất %(n)s ký tự.", n=5000)),
        ],
        filters=[tidy],
        description=_l("Chỉ để xem quy tắc quyết định thế nào; không ghi lại"),
    )
    unit_code = SelectField(_l("Nêu ở chi bộ thuộc"), coerce=known)


def words_in_lines(joined: str) -> str:
    """Return the words of a rule, a line each, from how the table keeps them."""
    return "\n".join(part.strip() for part in joined.split(SEPARATOR))


def _lines(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]
