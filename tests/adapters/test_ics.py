"""An .ics file: its whole days, and a sentence with the line for whatever can't be taken."""

from datetime import date

import pytest

from tracker.adapters.ics import read_events
from tracker.domain.errors import Invalid


def file(*events: str, after: str = "") -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//thu//VN"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.split("|"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", after]).encode()


def one(event: str):
    (found,) = read_events(file(event))
    return found


def test_days_are_read_with_their_line_the_end_not_included() -> None:
    tet = "DTSTART;VALUE=DATE:20270205|DTEND;VALUE=DATE:20270208|SUMMARY:Nghỉ Tết"
    first, second = read_events(file(tet, "DTSTART;VALUE=DATE:20270902|SUMMARY:Quốc khánh\\, năm 2027"))

    assert (first.line, first.name) == (4, "Nghỉ Tết")
    assert first.days == (date(2027, 2, 5), date(2027, 2, 6), date(2027, 2, 7))
    assert (second.line, second.name, second.days) == (9, "Quốc khánh, năm 2027", (date(2027, 9, 2),))


def test_a_length_and_a_line_that_goes_on_are_read() -> None:
    found = one("DTSTART;VALUE=DATE:20270902|DURATION:P2D|SUMMARY:Quốc\r\n  khánh")
    assert (found.name, len(found.days)) == ("Quốc khánh", 2)


@pytest.mark.parametrize(
    ("event", "word"),
    [
        ("DTSTART:20270902T080000Z|SUMMARY:x", "cả ngày"),
        ("SUMMARY:x", "không có DTSTART"),
        ("DTSTART;VALUE=DATE:20270299|SUMMARY:x", "DTSTART của sự kiện không đọc được"),
        ("DTSTART;VALUE=DATE:20270902", "không có tên"),
        ("DTSTART;VALUE=DATE:20270902|DTEND;VALUE=DATE:20270902|SUMMARY:x", "từ 1 đến 60 ngày"),
        ("DTSTART;VALUE=DATE:20270902|DTEND;VALUE=DATE:20270901|SUMMARY:x", "từ 1 đến 60 ngày"),
        ("DTSTART;VALUE=DATE:20270902|DTEND;VALUE=DATE:99991231|SUMMARY:x", "từ 1 đến 60 ngày"),
        ("DTSTART;VALUE=DATE:99991231|SUMMARY:x", "kết thúc không đọc được"),
        ("DTSTART;VALUE=DATE:20270902|RRULE:FREQ=YEARLY|SUMMARY:x", "lặp lại"),
        ("DTSTART;VALUE=DATE:20270902|STATUS:CANCELLED|SUMMARY:x", "đã hủy"),
        ("DTSTART;VALUE=DATE:20270902|DTSTART;VALUE=DATE:20270903|SUMMARY:x", "không đọc được"),
    ],
)
def test_an_event_that_is_no_day_off_says_why(event: str, word: str) -> None:
    found = one(event)
    assert word in found.because
    assert found.days == ()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "không có sự kiện"),
        (b"on,kind,name\n2027-01-01,holiday,x\n", "Dòng 1"),
        (file("SUMMARY:x|no colon in this one"), "Dòng 6: “no colon in this one”"),
        (
            file("SUMMARY:x").replace(b"END:VEVENT\r\n", b""),
            "Dòng 6: END:VCALENDAR không khớp BEGIN:VEVENT ở dòng 4",
        ),
        (file("SUMMARY:x").replace(b"END:VCALENDAR", b""), "Dòng 1: phần BEGIN:VCALENDAR không có dòng END"),
        (file("SUMMARY:x", after="END:VEVENT"), "Dòng 8: tệp .ics phải bắt đầu"),
        (file("SUMMARY:x") + file("SUMMARY:y"), "phải có đúng một lịch"),
        (file(), "không có sự kiện"),
        (file("SUMMARY:x").replace(b"x", b"\xff\xfe"), "Dòng 5: tệp .ics phải là văn bản UTF-8"),
    ],
)
def test_a_file_that_does_not_parse_says_on_which_line_and_why(data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=r"[.]ics|Dòng") as refused:
        read_events(data)
    assert sentence in refused.value.sentence
