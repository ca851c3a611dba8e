"""A place to compile quarters from, in an empty database of either kind."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.quarter_place import Place
from tracker.db.base import Base
from tracker.db.engine import prepare_engine


@pytest.fixture
def place(database_url: str) -> Iterator[Place]:
    engine = create_engine(database_url)
    prepare_engine(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield Place(session)
        session.rollback()
    engine.dispose()
