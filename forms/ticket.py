"""What is done to a ticket: an answer, "not ours" with a reason and a proposed body, and giving it to a body."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from forms.wording import PostedForm
from tracker.domain.text import tidy

ANSWER_LIMIT, REASON_LIMIT = 6000, 1000
"""Letters; the service has the last word."""


def _id_or_none(value: Any) -> int | None:
    try:
        return int(value) or None
    except (TypeError, ValueError):
        return None


def _bodies(label: Any) -> SelectField:
    # The service says which bodies may be chosen, with a sentence of its own.
    return SelectField(label, coerce=_id_or_none, validate_choice=False)


class ActForm(PostedForm):
    """An act on the version of the ticket that the person saw."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version that was on the screen; 0, which no ticket has, for what is no number."""
        return _id_or_none(self.version.data) or 0


class AcknowledgeForm(ActForm):
    """The body says that it has the ticket."""


class AnswerForm(ActForm):
    """The body's answer, in the words that the branch will hear."""

    text = TextAreaField(
        _l("Câu trả lời"),
        [
            DataRequired(_l("Hãy ghi câu trả lời cho chi bộ.")),
            Length(max=ANSWER_LIMIT, message=_l("Câu trả lời dài quá 6.000 chữ cái. Hãy tóm tắt.")),
        ],
        filters=[tidy],
        description=_l("Viết thành câu để bí thư đọc trước chi bộ: đã làm gì, sẽ làm gì, bao giờ xong."),
    )


class BounceForm(ActForm):
    """ "Not ours": why, and whose it may be."""

    reason = TextAreaField(
        _l("Vì sao không thuộc đơn vị"),
        [
            DataRequired(_l("Ghi vì sao việc này không thuộc đơn vị mình.")),
            Length(max=REASON_LIMIT, message=_l("Lý do dài quá 1.000 chữ cái. Hãy rút gọn.")),
        ],
        filters=[tidy],
    )
    proposed_body = _bodies(_l("Đơn vị đề nghị"))

    def offer(self, bodies: Iterable[tuple[int, str]], chosen: int | None = None) -> None:
        """Offer these bodies, after an empty line."""
        _offer(self.proposed_body, bodies, chosen)


class AssignForm(ActForm):
    """The office gives the ticket to a body."""

    body = _bodies(_l("Chuyển đơn vị"))
    category = SelectField(_l("Lĩnh vực"), validate_choice=False)
    note = StringField(
        _l("Lý do"),
        [Length(max=REASON_LIMIT, message=_l("Lý do dài quá 1.000 chữ cái. Hãy rút gọn."))],
        filters=[tidy],
        description=_l("Đơn vị và chi bộ đọc được lý do này."),
    )

    def offer(
        self,
        bodies: Iterable[tuple[int, str]],
        categories: Iterable[tuple[str, str]],
        chosen: int | None = None,
        category: str | None = None,
    ) -> None:
        """Offer these bodies and categories; what was typed before stays chosen."""
        _offer(self.body, bodies, chosen)
        self.category.choices = [SelectChoice("", _l("Chưa rõ lĩnh vực")), *_choices(categories)]
        if not self.is_submitted():
            self.category.data = category or ""


def _offer(field: SelectField, bodies: Iterable[tuple[int, str]], chosen: int | None) -> None:
    field.choices = [SelectChoice("", _l("Chọn đơn vị")), *_choices(bodies)]
    if chosen and not field.raw_data:
        field.data = chosen


def _choices(pairs: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]
