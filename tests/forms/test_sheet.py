"""What the sheet's fields make of what people type."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from wtforms import Form

from forms.rows import drop_blank, renumber
from forms.typed import TypedDateField, TypedTimeField
from tracker.domain.errors import Invalid


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    app = Flask("forms", root_path="/nonexistent")
    Babel(app, default_locale="vi")
    with app.test_request_context(method="POST"):
        yield


class Typed(Form):
    on = TypedDateField("Ngày")
    at = TypedTimeField("Giờ")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("03/11/2026", date(2026, 11, 3)),
        ("3/11/26", date(2026, 11, 3)),
        ("3-11-2026", date(2026, 11, 3)),
        ("3.11.2026 ", date(2026, 11, 3)),
        ("03112026", date(2026, 11, 3)),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str, day: date | None) -> None:
    form = Typed(MultiDict({"on": typed}))
    assert form.validate()
    assert form.on.data == day


@pytest.mark.parametrize("typed", ["31/11/2026", "2026-11-03", "hôm qua", "3/11", "٣/11/2026", "  "])
def test_what_is_no_day_is_told_and_shown_again(typed: str) -> None:
    form = Typed(MultiDict({"on": typed}))
    assert not form.validate()
    assert form.on._value() == typed


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("19:30", time(19, 30)),
        ("7h30", time(7, 30)),
        ("7h", time(7, 0)),
        ("19g15", time(19, 15)),
        ("1930", time(19, 30)),
        ("730", time(7, 30)),
        ("", None),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, at: time | None) -> None:
    form = Typed(MultiDict({"at": typed}))
    assert form.validate()
    assert form.at.data == at


@pytest.mark.parametrize("typed", ["24:00", "19:60", "chiều", "19", "1:2:3"])
def test_what_is_no_time_is_told_and_shown_again(typed: str) -> None:
    form = Typed(MultiDict({"at": typed}))
    assert not form.validate()
    assert form.at._value() == typed


def test_rows_are_numbered_in_their_order_and_one_can_be_left_out() -> None:
    data = MultiDict(
        {"a-10-text": "ba", "a-2-text": "hai", "a-0-text": "một", "a-x-text": "lạ", "b-1-text": "khác"}
    )

    kept = renumber(data, ["a"], without="a-2")

    assert kept.to_dict() == {"a-0-text": "một", "a-1-text": "ba", "b-1-text": "khác"}
    assert renumber(data, ["b"]).to_dict()["b-0-text"] == "khác"


def test_no_row_is_dropped_and_rows_beyond_measure_are_refused() -> None:
    def many(count: int) -> MultiDict[str, str]:
        return MultiDict({f"a-{n}-text": "x" for n in range(count)})

    assert len(renumber(many(400), ["a"])) == 400
    with pytest.raises(Invalid, match="5000 dòng"):
        renumber(many(5000), ["a"])


def test_blank_rows_are_dropped_and_the_rest_moves_up() -> None:
    data = MultiDict({"a-0-task": " ", "a-0-who": "", "a-1-task": "Sửa", "a-1-who": "", "kind": "regular"})

    assert drop_blank(data, "a").to_dict() == {"a-0-task": "Sửa", "a-0-who": "", "kind": "regular"}
