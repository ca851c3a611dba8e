"""Reads whole-day events from an iCalendar file (RFC 5545), each with the line where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar
from icalendar.parser import Contentline

from tracker.domain.errors import Invalid
from tracker.domain.text import tidy

MOST_DAYS = 60
"""An event of more days is no holiday but a mistake."""

_UNREADABLE = "không đọc được"


@dataclass(frozen=True)
class AllDayEvent:
    """An event from the first day to the last (both inclusive). ``because``: why it can't be taken; then no days."""

    line: int
    name: str
    days: tuple[date, ...]
    because: str = ""


def read_events(data: bytes) -> list[AllDayEvent]:
    """Return the file's events in their order; raise Invalid, naming the line, for a file that doesn't parse."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Invalid(f"Dòng {line}: tệp .ics phải là văn bản UTF-8.") from error
    lines = _event_lines(text)
    try:
        events = Calendar.from_ical(text).walk("VEVENT")
    except ValueError as error:
        raise Invalid(f"Tệp .ics {_UNREADABLE}: {' '.join(str(error).split())[:200]}") from error
    return [_event(event, line) for event, line in zip(events, lines, strict=True)]


def _event_lines(text: str) -> list[int]:
    """Return the lines on which events begin; raise Invalid for a line that can't be read or a part left open."""
    open_parts: list[tuple[str, int]] = []
    events: list[int] = []
    for number, line in _content_lines(text):
        name, value = _parts(line, number)
        if name == "BEGIN":
            if not open_parts and (value != "VCALENDAR" or events):
                raise Invalid(f"Dòng {number}: tệp .ics phải có đúng một lịch, từ BEGIN:VCALENDAR.")
            open_parts.append((value, number))
            events += [number] if value == "VEVENT" else []
        elif not open_parts:
            raise Invalid(f"Dòng {number}: tệp .ics phải bắt đầu bằng BEGIN:VCALENDAR.")
        elif name == "END":
            begun, at = open_parts.pop()
            if begun != value:
                raise Invalid(f"Dòng {number}: END:{value[:40]} không khớp BEGIN:{begun[:40]} ở dòng {at}.")
    if open_parts:
        raise Invalid(f"Dòng {open_parts[-1][1]}: phần BEGIN:{open_parts[-1][0][:40]} không có dòng END.")
    if not events:
        raise Invalid("Tệp .ics không có sự kiện nào.")
    return events


def _content_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with the number of their first one; those that go on, by a leading blank, as one."""
    number, whole = 0, ""
    for at, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if line[:1] in (" ", "\t") and whole:
            whole += line[1:]
            continue
        if whole.strip():
            yield number, whole
        number, whole = at, line
    if whole.strip():
        yield number, whole


def _parts(line: str, number: int) -> tuple[str, str]:
    try:
        name, _parameters, value = Contentline(line).parts()
    except ValueError as error:
        raise Invalid(f"Dòng {number}: “{line[:60]}” {_UNREADABLE} theo khuôn của tệp .ics.") from error
    return str(name).upper(), str(value).strip().upper()


def _event(event: Any, line: int) -> AllDayEvent:
    name = tidy(str(event.get("SUMMARY", "")))[:200]
    try:
        return AllDayEvent(line, name, _days(event, name))
    except Invalid as invalid:
        return AllDayEvent(line, name, (), invalid.sentence)


def _days(event: Any, name: str) -> tuple[date, ...]:
    """Return the event's days; raise Invalid for what no calendar of days off can take."""
    first = _moment(event, "DTSTART")
    if not name:
        raise Invalid("Sự kiện không có tên (SUMMARY).")
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        raise Invalid("Sự kiện đã hủy; bỏ khỏi tệp rồi nhập lại.")
    if "RRULE" in event or "RDATE" in event:
        raise Invalid("Sự kiện lặp lại; hãy ghi riêng từng ngày.")
    if not _is_day(first):
        raise Invalid("Sự kiện phải là cả ngày (DTSTART;VALUE=DATE).")
    after = _end(event, first)
    if not first < after <= first + timedelta(days=MOST_DAYS):
        raise Invalid(f"Sự kiện phải dài từ 1 đến {MOST_DAYS} ngày.")
    return tuple(first + timedelta(days=n) for n in range((after - first).days))


def _end(event: Any, first: date) -> date:
    """Return the first day after the event; without an end it is one day long."""
    try:
        if "DTEND" in event:
            end = _moment(event, "DTEND")
            return end if _is_day(end) else first
        length = _moment(event, "DURATION") if "DURATION" in event else timedelta(days=1)
        return first + length
    except (OverflowError, TypeError) as error:
        raise Invalid(f"Ngày kết thúc {_UNREADABLE}.") from error


def _moment(event: Any, name: str) -> Any:
    """Return the value of a date, time or length; raise Invalid when it is missing, doubled or broken."""
    try:
        return event[name].dt
    except KeyError as error:
        raise Invalid(f"Sự kiện không có {name}.") from error
    except (AttributeError, ValueError) as error:
        raise Invalid(f"{name} của sự kiện {_UNREADABLE}.") from error


def _is_day(moment: Any) -> bool:
    return isinstance(moment, date) and not isinstance(moment, datetime)
