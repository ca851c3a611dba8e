"""A day asked for in an address or a small form: read as it is typed, and told where it can't be."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import request
from flask_babel import gettext as _

from tracker.domain.dates import ZONE, date_words

SHAPES = ("%d/%m/%Y", "%Y-%m-%d")
"""As people type it, and as our own links say it."""


@dataclass(frozen=True)
class DayAsked:
    """What stands in the box, the day that holds (None where none was asked for), and what is wrong with it."""

    typed: str
    on: date | None
    error: str = ""


def day_asked(
    name: str, default: date | None = None, *, first: date | None = None, last: date | None = None
) -> DayAsked:
    """Return the day that the request asks for under that name; ``first`` and ``last`` both belong to what may be asked.

    With nothing typed the default holds; with something that is no such day too, and ``error`` says so.
    """
    typed = request.args.get(name, "").strip()[:40]
    if not typed:
        return DayAsked(date_words(default) if default else "", default)
    found = _read(typed)
    if found is None:
        return DayAsked(
            typed, default, _("“%(typed)s” không phải ngày có thật; gõ như 05/11/2026.", typed=typed)
        )
    if first is not None and found < first:
        return DayAsked(typed, default, _("Chọn từ ngày %(day)s trở đi.", day=date_words(first)))
    if last is not None and found > last:
        return DayAsked(typed, default, _("Chọn ngày không sau %(day)s.", day=date_words(last)))
    return DayAsked(date_words(found), found)


def _read(typed: str) -> date | None:
    for shape in SHAPES:
        try:
            found = datetime.strptime(typed, shape).replace(tzinfo=ZONE).date()
        except ValueError:
            continue
        return found if 2000 < found.year < 2200 else None
    return None
