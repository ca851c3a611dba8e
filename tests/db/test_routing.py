"""Categories and rules go into the database once and come back as they were shipped."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.db.base import Base
from tracker.db.reading.routing import load_rule_book
from tracker.db.seed.routing import seed_routing, shipped_rule_book
from tracker.db.tables.org import Body, BodyVersion
from tracker.db.tables.routing import ConcernCategory, RoutingRule

FIRST_DAY = date(2025, 7, 1)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def test_what_is_shipped_is_what_is_read(session: Session) -> None:
    seed_routing(session)
    session.expire_all()
    book, shipped = load_rule_book(session), shipped_rule_book()
    assert book.categories == shipped.categories
    assert sorted(book.rules, key=lambda rule: rule.code) == sorted(shipped.rules, key=lambda rule: rule.code)


def test_loading_twice_adds_nothing_and_keeps_what_an_administrator_changed(session: Session) -> None:
    seed_routing(session)
    rows = session.scalar(select(func.count()).select_from(RoutingRule))
    row = session.scalars(select(RoutingRule).where(RoutingRule.kind == "body")).first()
    row.body_code, code = "UBND_LANHDAO", row.code
    session.flush()
    seed_routing(session)
    assert session.scalar(select(func.count()).select_from(RoutingRule)) == rows
    assert session.scalar(select(func.count()).select_from(ConcernCategory)) == 18
    assert next(rule.body for rule in load_rule_book(session).rules if rule.code == code) == "UBND_LANHDAO"


def test_a_bodys_latest_name_is_the_one_in_the_reasons(session: Session) -> None:
    body = Body()
    session.add(body)
    session.flush()
    for start, end, name in (
        (FIRST_DAY, date(2026, 1, 1), "Phòng cũ"),
        (date(2026, 1, 1), None, "Phòng mới"),
    ):
        session.add(
            BodyVersion(
                body_id=body.id,
                code="UBND_KTHT",
                name=name,
                kind="government",
                valid_from=start,
                valid_to=end,
            )
        )
    session.flush()
    assert load_rule_book(session).body_name("UBND_KTHT") == "Phòng mới"


def test_a_body_rule_without_a_body_is_refused_by_the_database(session: Session) -> None:
    session.add(RoutingRule(code="R-X", kind="body", category="ha_tang", valid_from=FIRST_DAY))
    with pytest.raises(IntegrityError):
        session.flush()
