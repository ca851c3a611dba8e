"""The thin use case that the sheet and ``tracker route`` share."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import create_engine, event, update
from sqlalchemy.orm import Session

from tracker.db.base import Base
from tracker.db.seed.routing import seed_routing, shipped_rule_book
from tracker.db.tables.reference import ReferenceStamp
from tracker.db.tables.routing import RoutingRule
from tracker.domain.org import OrgTree, UnitNode
from tracker.services.routing import categories_on, rule_book, suggest_for, suggestion_json, unit_codes

ON = date(2026, 11, 3)


@pytest.fixture
def session(tmp_path) -> Iterator[Session]:
    engine = create_engine(f"sqlite:///{tmp_path}/rules.sqlite")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        opened.add(ReferenceStamp(id=1, stamp=1))
        seed_routing(opened)
        yield opened
    engine.dispose()


def test_the_json_has_the_shape_that_was_promised() -> None:
    found = suggest_for(shipped_rule_book(), " rãnh thoát nước\u200b tắc ", units=(), on=ON)
    shape = suggestion_json(found)
    assert list(shape)[:7] == [
        "text",
        "category",
        "body",
        "urgency",
        "restricted",
        "because",
        "alternatives",
    ]
    assert shape["text"] == "rãnh thoát nước tắc"
    assert (shape["category"], shape["body"], shape["urgency"]) == ("ha_tang", "UBND_KTHT", "thuong")
    assert "Phòng Kinh tế, Hạ tầng và Đô thị" in shape["because"][-1]


def test_an_empty_choice_of_category_means_none_was_made() -> None:
    found = suggest_for(shipped_rule_book(), "mất điện cả xóm", units=(), on=ON, category="")
    assert (found.category, found.body) == ("dien_nuoc_vt", "DV_DIEN")


def test_the_book_is_read_once_until_the_stamp_moves(session: Session) -> None:
    first = rule_book(session)
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert rule_book(session) is first
    assert len(asked) == 1
    session.execute(update(RoutingRule).where(RoutingRule.code == "R-001").values(body_code="DU_TT"))
    assert rule_book(session) is first
    session.execute(update(ReferenceStamp).values(stamp=2))
    changed = rule_book(session)
    assert next(rule.body for rule in changed.rules if rule.code == "R-001") == "DU_TT"


def test_categories_to_choose_from_are_those_of_the_day() -> None:
    book = shipped_rule_book()
    assert [one.code for one in categories_on(book, ON)][:2] == ["dat_dai", "gpmb"]
    assert categories_on(book, date(2025, 6, 30)) == []


def test_unit_codes_run_from_the_unit_up() -> None:
    nodes = [
        UnitNode(1, "BN", "Tỉnh ủy Bắc Ninh", "provincial_committee", None, None),
        UnitNode(2, "09367", "Đảng ủy phường Từ Sơn", "party_committee", None, 1),
        UnitNode(3, "CB.1", "Chi bộ khu phố 1", "branch", "khu_pho", 2),
    ]
    assert unit_codes(OrgTree.build(nodes, ()), 3) == ("CB.1", "09367", "BN")
