"""The administrator's forms of units and of the bodies that answer."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length

from forms.dated import PeriodForm, code_field, known, known_id, name_field, options
from tracker.domain.org import BODY_KIND_WORDS, BRANCH_TYPE_WORDS, UNIT_KIND_WORDS, BodyKind, UnitKind
from tracker.domain.text import tidy

_CODE_HINT = _l("Chữ cái không dấu, chữ số, dấu - hoặc _. Đổi mã là một thay đổi có ngày áp dụng")


class UnitForm(PeriodForm):
    """A unit of the party; the choices of ``parent_id`` come in from outside."""

    name = name_field(_l("Tên đơn vị"))
    code = code_field(_CODE_HINT)
    kind = SelectField(_l("Loại đơn vị"), choices=options(UNIT_KIND_WORDS), default=UnitKind.BRANCH)
    branch_type = SelectField(
        _l("Loại hình chi bộ"), choices=options(BRANCH_TYPE_WORDS, _l("Không phải chi bộ")), coerce=known
    )
    parent_id = SelectField(_l("Cấp ủy cấp trên trực tiếp"), coerce=known_id)
    symbol = StringField(
        _l("Ký hiệu"),
        [Length(max=12, message=_l("Dài nhất %(n)s ký tự.", n=12))],
        filters=[tidy],
        description=_l("Đứng đầu số kiến nghị, ví dụ TS trong TS-2026-0012; chi bộ không cần"),
    )
    is_model = BooleanField(_l("Chi bộ điển hình"))
    is_difficult = BooleanField(_l("Chi bộ khó khăn, phức tạp"))
    decision = StringField(
        _l("Quyết định"),
        [Length(max=200, message=_l("Dài nhất %(n)s ký tự.", n=200))],
        filters=[tidy],
        description=_l("Số, ngày và nơi ban hành quyết định làm nên thay đổi này"),
    )


class BodyForm(PeriodForm):
    """A body that answers; the choices of ``committee_id`` come in from outside."""

    name = name_field(_l("Tên đơn vị"))
    short_name = name_field(_l("Tên ngắn"), 80)
    code = code_field(_CODE_HINT)
    kind = SelectField(_l("Thuộc khối"), choices=options(BODY_KIND_WORDS), default=BodyKind.GOVERNMENT)
    committee_id = SelectField(_l("Thuộc cấp ủy"), coerce=known_id)
    in_chain = BooleanField(
        _l("Nhận việc trực tiếp trong hệ thống"),
        default=True,
        description=_l("Bỏ chọn nếu phải gửi công văn; khi đó văn phòng cấp ủy ghi trả lời"),
    )
