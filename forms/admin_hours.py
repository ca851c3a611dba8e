"""The forms of weekly hours: a line a weekday, from a day on."""

from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from forms.dated import DatedForm, seen_version
from forms.typed import TypedDateField
from forms.wording import PostedForm
from tracker.domain.calendars import Owner
from tracker.domain.text import tidy
from tracker.domain.weekly_hours import DAY_FIELDS, HoursChange


def _line(label: str) -> StringField:
    too_long = Length(max=100, message=_l("Dài nhất 100 ký tự."))
    return StringField(label, [too_long], filters=[tidy], render_kw={"inputmode": "text"})


class HoursForm(DatedForm):
    """A week's open hours."""

    day_1 = _line(_l("Thứ Hai"))
    day_2 = _line(_l("Thứ Ba"))
    day_3 = _line(_l("Thứ Tư"))
    day_4 = _line(_l("Thứ Năm"))
    day_5 = _line(_l("Thứ Sáu"))
    day_6 = _line(_l("Thứ Bảy"))
    day_7 = _line(_l("Chủ nhật"))
    valid_to = TypedDateField(
        _l("Thôi áp dụng từ ngày"),
        description=_l("Để trống nếu chưa có ngày thôi áp dụng; từ ngày ấy lại theo giờ của cấp trên"),
    )

    def command(self, owner: Owner) -> HoursChange:  # type: ignore[override]
        """Return the week as typed; call after ``validate``."""
        return HoursChange(
            owner=owner,
            lines={name: self[name].data or "" for name in DAY_FIELDS},
            valid_from=cast(date, self.valid_from.data),
            valid_to=self.valid_to.data if "valid_to" in self else None,
            source=self.source.data,
            tag=self.tag.data,
            version=_seen(self.version.data),
        )


class EndHoursForm(PostedForm):
    """From which day a unit's or body's own hours hold no longer."""

    valid_to = TypedDateField(
        _l("Thôi áp dụng từ ngày"),
        [InputRequired(_l("Ghi ngày thôi áp dụng."))],
        description=_l("Từ ngày này lại theo giờ làm việc của cấp trên"),
    )
    version = HiddenField()

    def command(self, owner: Owner, valid_from: date) -> HoursChange:
        """Return the end as typed of the week that began on ``valid_from``; call after ``validate``."""
        day = cast(date, self.valid_to.data)
        return HoursChange(owner, {}, valid_from, day, "", "", _seen(self.version.data))


def _seen(value: str | int | None) -> int:
    """Return the version that was seen; 0 when the owner had no hours of its own."""
    return seen_version(value) or 0
