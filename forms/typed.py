"""Dates and times of day as people type them, with a number keyboard."""

import re
from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from tracker.domain.dates import EARLIEST, LATEST, date_words

_DATE = re.compile(r"(\d{1,2})\D(\d{1,2})\D(\d{4}|\d{2})|(\d{2})(\d{2})(\d{4})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})\s*(?:[:.hg])\s*(\d{2})?|(\d{1,2})(\d{2})", re.ASCII | re.IGNORECASE)


def typed_date(typed: str) -> date:
    """Return the day that was typed; raise ValueError, with a sentence for the person, when there is none such."""
    found = _DATE.fullmatch(typed.strip())
    day, month, year = (found[1] or found[4], found[2] or found[5], found[3] or found[6]) if found else "000"
    try:
        on = date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        if not EARLIEST <= on.year <= LATEST:
            raise ValueError
        return on
    except ValueError:
        raise ValueError(_l("Ghi ngày có thật theo ngày/tháng/năm, ví dụ 03/11/2026.")) from None


class TypedDateField(StringField):
    """A day typed dd/mm/yyyy (also 5-11-26 or 05112026); nothing typed is None. ``data`` is a date."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return date_words(self.data) if isinstance(self.data, date) else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = typed_date(str(valuelist[0])) if valuelist and valuelist[0] else None


class TypedTimeField(StringField):
    """A time of day typed hh:mm (also 7h30, 19g or 1930); nothing typed is None. ``data`` is a naive time."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%H:%M}" if isinstance(self.data, time) else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if not valuelist or not valuelist[0]:
            return
        typed = str(valuelist[0]).strip()
        found = _TIME.fullmatch(typed)
        hour, minute = (found[1] or found[3], found[2] or found[4] or "0") if found else ("99", "0")
        try:
            self.data = time(int(hour), int(minute))
        except ValueError:
            raise ValueError(_l("Ghi giờ:phút từ 00:00 đến 23:59, ví dụ 19:30.")) from None
