"""Scoring tables go into the database once and come back as they were shipped."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from tracker.db.reading.rubrics import active_rubrics, rubrics_by_code
from tracker.db.seed.rubrics import seed_rubrics, shipped_rubrics
from tracker.db.tables.rubrics import Rubric
from tracker.domain.errors import Invalid
from tracker.domain.rubric import read_rubric, rubric_on


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Rubric.metadata.tables["rubric"].create(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def test_what_is_shipped_is_what_is_read(session: Session) -> None:
    seed_rubrics(session)
    shipped = {data["code"]: read_rubric(data) for data in shipped_rubrics()}
    session.expire_all()
    assert rubrics_by_code(session) == shipped


def test_new_scores_use_the_frame_of_hd_42(session: Session) -> None:
    seed_rubrics(session)
    assert rubric_on(active_rubrics(session), date(2026, 11, 3)).code == "hd42"
    assert len(active_rubrics(session)) == 1


def test_loading_twice_adds_nothing_and_keeps_what_an_administrator_changed(session: Session) -> None:
    seed_rubrics(session)
    row = session.scalars(select(Rubric).where(Rubric.code == "an_phu")).one()
    row.is_active, row.name = True, "Bảng của phường"
    session.flush()
    seed_rubrics(session)
    assert session.scalar(select(func.count()).select_from(Rubric)) == 2
    assert {rubric.name for rubric in active_rubrics(session)} >= {"Bảng của phường"}


def test_a_row_whose_body_was_spoilt_is_refused_rather_than_scored_with(session: Session) -> None:
    seed_rubrics(session)
    row = session.scalars(select(Rubric).where(Rubric.code == "hd42")).one()
    row.body = row.body | {"grades": []}
    session.flush()
    with pytest.raises(Invalid):
        active_rubrics(session)
