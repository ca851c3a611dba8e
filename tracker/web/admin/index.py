"""The administrator's front page: what can be kept, and what needs to be looked at."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.domain.access import Action
from tracker.web import context
from tracker.web.access import needs
from tracker.web.admin.screens import Screen


def add_index(blueprint: Blueprint, screens: Sequence[Screen]) -> None:
    """Give the blueprint its front page, which names the screens."""

    @blueprint.get("/")
    @needs(Action.SETTINGS_WRITE)
    def index() -> ResponseReturnValue:
        return render_template("admin/index.html", screens=screens, **_warnings())


def _warnings() -> dict[str, Any]:
    """Return what the administrator should see to: years without holidays."""
    year, calendar = context.today().year, context.reference().calendar
    return {"years_missing": [y for y in (year, year + 1) if not calendar.covers(y)]}
