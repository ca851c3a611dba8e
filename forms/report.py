"""Asking for the quarter's report, and the parts of it that the office types."""

from dataclasses import replace
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from forms.typed import TypedDateField
from forms.wording import PostedForm
from tracker.domain.dates import Quarter
from tracker.domain.reports import AskReport, ReportParts
from tracker.domain.text import tidy


class AskForm(PostedForm):
    """Which unit, which quarter, which days. ``period_to`` is typed as the last day, inclusive.

    A day left blank follows the chosen quarter, so that no day of another quarter stays when it is changed.
    """

    unit = SelectField(_l("Đơn vị"), coerce=int)
    quarter = SelectField(_l("Quý"))
    period_from = TypedDateField(_l("Kỳ báo cáo từ ngày"))
    period_to = TypedDateField(_l("Đến hết ngày"))
    cutoff_on = TypedDateField(
        _l("Ngày chốt số liệu"),
        description=_l(
            "Số liệu nhập đến hết ngày này mới vào báo cáo; buổi họp sau ngày này thuộc báo cáo sau. "
            "Để trống thì chốt hết ngày cuối quý, hoặc hôm nay nếu quý chưa hết."
        ),
    )
    supplement = HiddenField(default="0")

    def offer(self, units: list[tuple[int, str]], quarters: list[tuple[str, str]]) -> None:
        """Set the choices: units by id, quarters like 2026Q3, each with its words."""
        self.unit.choices = units
        self.quarter.choices = quarters

    def command(self, today: date) -> AskReport:
        """Return what was asked, blank days as the chosen quarter has them; call after ``validate``."""
        typed = str(self.supplement.data or "0")
        usual = AskReport.usual(self.unit.data, Quarter.parse(self.quarter.data), today)
        last = self.period_to.data
        return replace(
            usual,
            period_from=self.period_from.data or usual.period_from,
            period_to=last + timedelta(days=1) if last else usual.period_to,
            cutoff_on=self.cutoff_on.data or usual.cutoff_on,
            supplement=int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0,
        )


class PartsForm(PostedForm):
    """The typed parts, and number, date, place and signer once the report has them."""

    shortcomings = TextAreaField(_l("V- Hạn chế, nguyên nhân"), filters=[tidy])
    proposals = TextAreaField(_l("VI- Kiến nghị, đề xuất"), filters=[tidy])
    doc_number = StringField(
        _l("Số báo cáo"),
        filters=[tidy],
        description=_l("Chỉ ghi số, ví dụ 15. Để trống thì PDF là bản dự thảo."),
    )
    doc_date = TypedDateField(_l("Ngày ký"))
    place = StringField(_l("Địa danh"), filters=[tidy], description=_l("Ghi trước ngày ký, ví dụ Từ Sơn."))
    signer_name = StringField(_l("Họ và tên người ký"), filters=[tidy])
    version = HiddenField()

    def command(self) -> ReportParts:
        """Return the parts as typed; call after ``validate``."""
        return ReportParts(
            shortcomings=self.shortcomings.data,
            proposals=self.proposals.data,
            doc_number=self.doc_number.data,
            doc_date=self.doc_date.data,
            place=self.place.data,
            signer_name=self.signer_name.data,
        )

    @property
    def seen_version(self) -> int:
        """The version that the person edited; 0 for one that no page ever wrote."""
        typed = str(self.version.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
