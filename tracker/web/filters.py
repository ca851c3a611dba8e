"""How values read on a page: times, dates, words for codes."""

from flask import Flask

from tracker.domain.dates import date_words, time_words
from tracker.domain.evidence import TAG_WORDS
from tracker.domain.org import BRANCH_TYPE_WORDS, UNIT_KIND_WORDS
from tracker.domain.people import ROLE_WORDS
from tracker.domain.quarter.meetings import GRADE_WORDS
from tracker.domain.tickets import (
    CONCERN_KIND_WORDS,
    RAISER_KIND_WORDS,
    STATUS_WORDS,
    URGENCY_WORDS,
    raised_words,
)
from tracker.domain.time_limits import UNIT_WORDS


def attach(app: Flask) -> None:
    """Give the templates their filters: ``moment`` (aware time), ``day`` (date) and the words for codes."""
    app.jinja_env.filters.update(
        tag_words=TAG_WORDS.__getitem__,
        moment=time_words,
        day=date_words,
        status_words=STATUS_WORDS.__getitem__,
        urgency_words=URGENCY_WORDS.__getitem__,
        concern_kind_words=CONCERN_KIND_WORDS.__getitem__,
        raiser_kind_words=RAISER_KIND_WORDS.__getitem__,
        raised_words=raised_words,
        unit_kind_words=UNIT_KIND_WORDS.__getitem__,
        branch_type_words=BRANCH_TYPE_WORDS.__getitem__,
        role_words=ROLE_WORDS.__getitem__,
        unit_words=UNIT_WORDS.__getitem__,
        grade_words=GRADE_WORDS.__getitem__,
    )
