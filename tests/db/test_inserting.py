"""Many rows in one statement: what is kept is what an insert row by row would have kept, on either database."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tests.conftest import NOW
from tests.makers import Makers
from tracker.db.base import db
from tracker.db.inserting import insert_ignoring, insert_rows, update_rows
from tracker.db.tables.notices import Notice

HANOI = timezone(timedelta(hours=7))
SENTENCE = "TS-2026-000123: “Rãnh thoát nước”, 100% \\ 'tắc' {\"a\": 1}\nchờ trả lời 🙂"


@pytest.fixture
def someone(make: Makers) -> int:
    return make.person(None).account_id


def notice(account_id: int, key: str, **more: Any) -> dict[str, Any]:
    return {"account_id": account_id, "event_key": key, "sentence": SENTENCE, "created_at": NOW} | more


def kept() -> list[dict[str, Any]]:
    table = Notice.__table__
    names = [column.key for column in table.c if column.key not in ("id", "event_key")]
    rows = db.session.execute(select(*(table.c[name] for name in names)).order_by(table.c.id))
    return [dict(row._mapping) for row in rows]


def test_a_row_is_kept_as_an_ordinary_insert_keeps_it(someone: int) -> None:
    more = {
        "created_at": datetime(2026, 11, 16, 17, 0, 0, 120, tzinfo=HANOI),
        "next_try_at": datetime(9999, 12, 31, tzinfo=UTC),
        "read_at": None,
        "is_urgent": True,
        "lines": [[1, "TS-1", "trễ 2 ngày “làm việc”"], {"a": None, "b": True}],
    }
    db.session.connection().execute(insert(Notice.__table__), [notice(someone, "one", **more)])
    insert_rows(db.session(), Notice, [notice(someone, "other", **more)])
    one, other = kept()
    assert one == other
    assert (one["sentence"], one["lines"], one["attempts"]) == (SENTENCE, more["lines"], 0)


def test_rows_are_kept_in_their_order(someone: int) -> None:
    keys = [f"event {number * 7 % 1000}" for number in range(1000)]
    insert_rows(db.session(), Notice, [notice(someone, key) for key in keys])
    assert list(db.session.scalars(select(Notice.event_key).order_by(Notice.id))) == keys


def test_what_clashes_is_left_out_and_counted(someone: int) -> None:
    rows = [notice(someone, "a"), notice(someone, "b"), notice(someone, "a")]
    assert insert_ignoring(db.session(), Notice, rows, on=("account_id", "event_key")) == 2
    assert insert_ignoring(db.session(), Notice, rows, on=("account_id", "event_key")) == 0


def test_what_clashes_is_refused_where_it_must_not(someone: int) -> None:
    with pytest.raises(IntegrityError):
        insert_rows(db.session(), Notice, [notice(someone, "a"), notice(someone, "a")])


def test_rows_get_their_own_values_and_the_others_keep_theirs(someone: int) -> None:
    insert_rows(db.session(), Notice, [notice(someone, key) for key in "abc"])
    first, second, third = db.session.scalars(select(Notice.id).order_by(Notice.id)).all()
    changes = [
        {"id": third, "read_at": NOW, "sentence": "Ba"},
        {"id": first, "read_at": None, "sentence": "Một"},
        {"id": third + 1, "read_at": NOW, "sentence": "Không có"},
    ]
    assert update_rows(db.session(), Notice, changes) == 2
    rows = db.session.execute(select(Notice.id, Notice.sentence, Notice.read_at).order_by(Notice.id))
    assert [tuple(row) for row in rows] == [
        (first, "Một", None),
        (second, SENTENCE, None),
        (third, "Ba", NOW),
    ]


def test_one_statement_does_whatever_the_number_of_rows(someone: int, count_queries: Any) -> None:
    def rows(count: int) -> list[dict[str, Any]]:
        return [notice(someone, f"{count}:{number}") for number in range(count)]

    insert_rows(db.session(), Notice, rows(1))  # the transaction has begun
    assert count_queries(lambda: insert_rows(db.session(), Notice, rows(2000))) == 1
    assert (
        count_queries(lambda: insert_ignoring(db.session(), Notice, rows(3), on=("account_id", "event_key")))
        == 1
    )
    ids = db.session.scalars(select(Notice.id)).all()
    assert (
        count_queries(lambda: update_rows(db.session(), Notice, [{"id": one, "attempts": 1} for one in ids]))
        == 1
    )
    assert count_queries(lambda: insert_rows(db.session(), Notice, [])) == 0


@pytest.mark.parametrize(
    "rows",
    [
        [{"id": 1, "attempts": 1}, {"id": 2}],
        [{"id": 1, "read_at": datetime(2026, 11, 16, 17, 0)}],  # noqa: DTZ001
        [{"id": 1, "event_key": "đã trả\0lời"}],
    ],
    ids=["columns that differ", "a time without a zone", "a NUL"],
)
def test_rows_that_could_mean_two_things_are_refused(app: object, rows: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match=r"same columns|naive time|NUL"):
        update_rows(db.session(), Notice, rows)
