"""Versions of what was learned: made of examples and corrections, kept once, told by every suggestion."""

import json
import zlib
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW, SettableClock
from tests.makers import Makers
from tests.services.test_tickets import Story
from tests.sheets import concern
from tracker.db.base import db
from tracker.db.reading.learning import corrections, load_model
from tracker.db.tables.learning import RoutingModel
from tracker.db.tables.org import BodyVersion
from tracker.db.tables.tickets import Ticket
from tracker.domain.learning import Example, Question
from tracker.domain.model_file import FORMAT, digest
from tracker.services import tickets
from tracker.services.learning import learn_anew
from tracker.services.reference import reference_on

LESSONS = [
    Example(text="Mất điện cả xóm", category="dien_nuoc_vt", body="DV_DIEN", urgency="cao", restricted=False),
    Example(
        text="Cột điện nghiêng", category="dien_nuoc_vt", body="DV_DIEN", urgency="khan", restricted=False
    ),
    Example(text="Đường ngõ hỏng", category="ha_tang", body="UBND_KTHT", urgency="thuong", restricted=False),
    Example(
        text="Cống thoát nước tắc", category="ha_tang", body="UBND_KTHT", urgency="cao", restricted=False
    ),
    Example(text="Cán bộ đòi tiền", category="can_bo", body="DU_UBKT", urgency="cao", restricted=True),
]


@pytest.fixture
def story(app: Flask, make: Makers, clock: SettableClock) -> Story:
    return Story(make, clock)


def learn(make: Makers, days: int = 0, lessons=LESSONS) -> int | None:
    return learn_anew(make.wiring, NOW + timedelta(days=days), lambda: lessons)


def versions() -> list[RoutingModel]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(RoutingModel).order_by(RoutingModel.version)))


def correct(story: Story, *texts: str) -> None:
    """Let the office place the concerns of one meeting by hand, with the power company."""
    story.submit(concerns=tuple(map(concern, texts)))
    for ticket_id, version in db.session.execute(sa.select(Ticket.id, Ticket.version)).all():
        story.do(story.office, tickets.assign, ticket_id, version, story.other, "", category="dien_nuoc_vt")


def test_the_first_learning_makes_version_one_and_every_process_reads_it(make: Makers) -> None:
    before = reference_on(db.session(), date(2026, 11, 25))
    assert learn(make) == 1
    after = reference_on(db.session(), date(2026, 11, 25))

    assert (before.model, after.model.version) == (None, 1)
    row = versions()[0]
    assert (row.examples, row.corrections, len(row.sha256)) == (5, 0, 64)


def test_the_same_examples_make_no_second_version(make: Makers) -> None:
    learn(make)

    assert learn(make, days=1) is None
    assert len(versions()) == 1


def test_a_new_example_makes_a_new_version(make: Makers) -> None:
    learn(make)
    more = Example(text="Nước máy đục", category="dien_nuoc_vt", body="DV_NUOC", restricted=False)

    assert learn(make, days=1, lessons=[*LESSONS, more]) == 2


def test_what_the_office_placed_by_hand_is_learned_from(story: Story, make: Makers) -> None:
    correct(story, "Cái tời nhà máy kêu cả đêm", "Cái tời lại kêu")

    assert learn(make) == 1
    model = load_model(db.session())
    assert versions()[-1].corrections == 2
    assert set(model.learned[Question.BODY].gains["toi"]) == {"DV_DIEN"}


def test_nothing_of_a_restricted_matter_is_learned_from(story: Story, make: Makers) -> None:
    correct(story, "Cái tời nhà máy kêu cả đêm", "Cái tời lại kêu")
    db.session.execute(sa.update(Ticket).values(is_restricted=True))
    db.session.commit()

    learn(make)
    assert versions()[0].corrections == 0
    assert "toi" not in load_model(db.session()).learned[Question.BODY].gains


def test_a_word_that_one_concern_alone_holds_is_in_no_version(story: Story, make: Makers) -> None:
    correct(story, "Cái tời của ông Zaratustra kêu cả đêm")

    learn(make)
    gains = load_model(db.session()).learned[Question.BODY].gains
    assert not [sign for sign in gains if "zaratustra" in sign]


def test_a_ticket_records_which_version_placed_it(story: Story, make: Makers) -> None:
    story.submit(concerns=(concern("Cống thoát nước tắc, đường ngõ hỏng"),))
    assert story.ticket().model_version is None
    learn(make)
    story.submit(
        concerns=(concern("Cống thoát nước tắc, đường ngõ hỏng"),),
        held_on=date(2026, 11, 24),
        request_key="sheet-2",
        kind="thematic",
    )

    assert story.ticket().model_version == 1
    assert story.ticket().body_id == story.body


def test_a_ticket_that_a_person_placed_records_no_version(story: Story, make: Makers) -> None:
    learn(make)
    text = "Cống thoát nước tắc, đường ngõ hỏng"
    story.submit(concerns=(concern(text, body_code="DV_DIEN"),))

    assert (story.ticket().body_id, story.ticket().model_version) == (story.other, None)


def test_a_ticket_that_the_office_placed_anew_records_no_version(story: Story, make: Makers) -> None:
    learn(make)
    story.submit(concerns=(concern("Cống thoát nước tắc, đường ngõ hỏng"),))
    ticket = story.ticket()
    assert ticket.model_version == 1
    story.do(story.office, tickets.assign, ticket.id, ticket.version, story.other, "việc của điện lực")

    assert story.ticket().model_version is None


def test_only_the_newest_version_keeps_its_bytes(make: Makers) -> None:
    for number in range(3):
        learn(make, lessons=[*LESSONS, Example(text=f"chữ {number}", category="x", body="y")])

    assert [row.content is not None for row in versions()] == [False, False, True]
    assert all(row.sha256 and row.made_at for row in versions())


def test_a_code_that_a_body_gets_later_is_not_used_before_its_day(story: Story, make: Makers) -> None:
    correct(story, "Cái tời nhà máy kêu cả đêm")
    begins = date(2027, 1, 1)
    now = db.session.scalars(sa.select(BodyVersion).where(BodyVersion.body_id == story.other)).one()
    later = {"name": now.name, "kind": now.kind, "in_chain": now.in_chain}
    now.valid_to = begins
    db.session.add(BodyVersion(body_id=story.other, code="DIEN_MOI", valid_from=begins, **later))
    db.session.commit()

    days = (date(2020, 1, 1), begins - timedelta(days=1), begins)
    assert [corrections(db.session(), on)[0].body for on in days] == ["DV_DIEN", "DV_DIEN", "DIEN_MOI"]


def test_a_model_whose_bytes_were_changed_is_not_used(make: Makers) -> None:
    learn(make)
    db.session.execute(sa.update(RoutingModel).values(content=b"other", sha256="0" * 64))
    db.session.commit()

    assert load_model(db.session()) is None


def test_a_model_that_another_release_made_leaves_the_rules_to_decide_until_it_is_learned_anew(
    make: Makers,
) -> None:
    learn(make)
    content = zlib.compress(json.dumps({"format": FORMAT + 1}).encode())
    db.session.execute(
        sa.update(RoutingModel).values(content=content, sha256=digest(content), basis="another release's")
    )
    db.session.commit()

    assert [reference_on(db.session(), date(2026, 11, 25)).model for _ in range(2)] == [None, None]
    assert learn(make) == 2
    assert load_model(db.session()).version == 2
