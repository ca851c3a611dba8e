"""Drafts of one sheet saved at once."""

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.beside import beside, finish
from tests.conftest import SettableClock
from tests.makers import Makers
from tests.stories import Ward
from tracker.db.base import db
from tracker.db.tables.meetings import SheetDraft
from tracker.domain.errors import StaleEdit
from tracker.services.drafts import save_draft
from tracker.services.unit import Unit, unit_of_work

KEY = "phieu-0001-abcd"


@pytest.fixture
def ward(app: Flask, make: Makers, clock: SettableClock) -> Ward:
    return Ward(make, clock)


def first_saves(app: Flask, ward: Ward, first: str, second: str) -> list[int]:
    """Save a draft for the first time from two pages, the second before the first is committed; return versions."""
    versions: list[int] = []
    reference = ward.reference

    def save(page: str, unit: Unit) -> None:
        values = {"page_token": [page]}
        versions.append(save_draft(KEY, ward.branch, values, version=0, unit=unit, reference=reference))

    def save_as_well() -> None:
        try:
            with unit_of_work(ward.make.wiring, actor=ward.secretary, now=ward.clock()) as unit:
                save(second, unit)
        except StaleEdit:
            versions.append(-1)

    with unit_of_work(ward.make.wiring, actor=ward.secretary, now=ward.clock()) as unit:
        save(first, unit)
        other = beside(app, save_as_well)
    finish(other)
    db.session.rollback()
    return versions


def test_a_page_that_saves_twice_at_once_for_the_first_time_keeps_the_later(app: Flask, ward: Ward) -> None:
    assert first_saves(app, ward, "a", "a") == [1, 2]
    assert db.session.scalars(sa.select(SheetDraft.version)).all() == [2]


def test_another_device_that_saves_at_the_same_moment_is_told(app: Flask, ward: Ward) -> None:
    assert first_saves(app, ward, "a", "b") == [1, -1]
