"""One concern on the sheet, as it was raised."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Length

from forms.wording import PartForm
from tracker.domain.sheets import FileConcern, check_concern
from tracker.domain.text import tidy
from tracker.domain.tickets import (
    CONCERN_KIND_WORDS,
    RAISED_CHOICES,
    RAISER_KIND_WORDS,
    URGENCY_WORDS,
    ConcernKind,
    RaiserKind,
    Urgency,
)

Choice = tuple[str, str]
"""A code and its words."""

_BY_THE_RULES = SelectChoice("", _l("Theo đề xuất của phần mềm"))
_SHORT = Length(max=200, message=_l("Dài quá 200 chữ. Hãy viết ngắn lại."))


def _count(value: object) -> int:
    """Return the number chosen; 0, which no concern has, for what is no number."""
    try:
        return int(str(value))
    except ValueError:
        return 0


class ConcernForm(PartForm):
    """One concern; build it with ``concern_form``, which knows the categories and bodies."""

    text = TextAreaField(
        _l("Nội dung"),
        description=_l("Ghi như người nêu đã nói: việc gì, ở đâu, muốn ai làm gì."),
        filters=[tidy],
    )
    kind = RadioField(
        _l("Đây là"),
        [AnyOf(list(ConcernKind), _l("Chọn một loại."))],
        choices=[SelectChoice(kind.value, CONCERN_KIND_WORDS[kind]) for kind in ConcernKind],
        default=ConcernKind.PETITION.value,
        validate_choice=False,
    )
    urgency = SelectField(
        _l("Mức gấp"),
        choices=[_BY_THE_RULES, *(SelectChoice(code.value, URGENCY_WORDS[code]) for code in Urgency)],
    )
    place = StringField(_l("Nơi xảy ra"), [_SHORT], description=_l("Ví dụ: ngõ 12, xóm Đông"), filters=[tidy])
    raised_count = SelectField(
        _l("Đã nêu ở mấy kỳ họp"),
        [AnyOf(list(RAISED_CHOICES), _l("Chọn đã nêu ở mấy kỳ họp."))],
        choices=[SelectChoice(count, words) for count, words in RAISED_CHOICES.items()],
        coerce=_count,
        default=1,
        validate_choice=False,
        description=_l("Tính cả kỳ họp này. Nêu lại thì cấp trên được báo ngay."),
    )
    raiser_kind = RadioField(
        _l("Ai nêu"),
        [AnyOf(list(RaiserKind), _l("Chọn một loại."))],
        choices=[SelectChoice(kind.value, RAISER_KIND_WORDS[kind]) for kind in RaiserKind],
        default=RaiserKind.MEMBER.value,
        validate_choice=False,
    )
    raiser_name = StringField(
        _l("Họ tên người nêu"),
        [_SHORT],
        description=_l("Được giữ riêng, niêm kín; đơn vị xử lý và cấp trên không thấy."),
        filters=[tidy],
    )
    wants_restricted = BooleanField(
        _l("Xin không nêu tên, hạn chế người xem"),
        description=_l("Chỉ Ủy ban kiểm tra và người được giao đọc được nội dung."),
    )
    resolved_on_spot = BooleanField(_l("Đã giải quyết ngay tại buổi họp"))
    settled_by = StringField(_l("Ai đã giải quyết"), [_SHORT], filters=[tidy])
    settled_how = TextAreaField(_l("Giải quyết như thế nào"), filters=[tidy])

    def command(self) -> FileConcern:
        """Return the concern as typed; call after ``validate``."""
        on_spot = bool(self.resolved_on_spot.data)
        return FileConcern(
            text=self.text.data or "",
            kind=self.kind.data,
            raiser_kind=self.raiser_kind.data,
            category=self["category"].data or None,
            body_code=self["body_code"].data or None,
            urgency=self.urgency.data or None,
            place=self.place.data or "",
            raiser_name=self.raiser_name.data or "",
            raised_count=self.raised_count.data,
            wants_restricted=bool(self.wants_restricted.data),
            resolved_on_spot=on_spot,
            settled_by=(self.settled_by.data or "") if on_spot else "",
            settled_how=(self.settled_how.data or "") if on_spot else "",
        )

    def validate(self, extra_validators: object = None) -> bool:
        """Check the shape and the domain's own limits, so that all of a row's faults are told at once."""
        super().validate()
        for name, sentence in check_concern(self.command()).items():
            if not self[name].errors:
                self[name].errors = [sentence]
        return not self.errors


def concern_form(categories: Sequence[Choice], bodies: Sequence[Choice]) -> type[ConcernForm]:
    """Return the form class whose lists offer these categories and bodies."""
    wrong = _l("Chọn một dòng trong danh sách.")
    lists = {
        "category": SelectField(
            _l("Lĩnh vực"),
            choices=_with_rules(categories),
            validate_choice=False,
            validators=[_one_of(categories, wrong)],
        ),
        "body_code": SelectField(
            _l("Đơn vị trả lời"),
            choices=_with_rules(bodies),
            validate_choice=False,
            validators=[_one_of(bodies, wrong)],
        ),
    }
    return type("ListedConcernForm", (ConcernForm,), lists)


def _with_rules(choices: Sequence[Choice]) -> list[SelectChoice]:
    return [_BY_THE_RULES, *(SelectChoice(code, words) for code, words in choices)]


def _one_of(choices: Sequence[Choice], words: object) -> AnyOf:
    return AnyOf(["", None, *(code for code, _ in choices)], words)
