"""The administrator's screens at /quan-tri: units, accounts and every rule that changes by decree."""

from flask import Blueprint

from tracker.web.admin import accounts, away, calendar, calendar_file, hours, roles, rubrics
from tracker.web.admin.bodies import BODY_SCREEN
from tracker.web.admin.categories import CATEGORY_SCREEN
from tracker.web.admin.extension_rules import EXTENSION_RULE_SCREEN
from tracker.web.admin.index import add_index
from tracker.web.admin.ladder import LADDER_SCREEN
from tracker.web.admin.limits import LIMIT_SCREEN
from tracker.web.admin.routing import ROUTING_SCREEN, add_try
from tracker.web.admin.screens import add_screen
from tracker.web.admin.units import UNIT_SCREEN

blueprint = Blueprint("admin", __name__, url_prefix="/quan-tri")

SCREENS = (
    UNIT_SCREEN,
    BODY_SCREEN,
    CATEGORY_SCREEN,
    ROUTING_SCREEN,
    LIMIT_SCREEN,
    LADDER_SCREEN,
    EXTENSION_RULE_SCREEN,
)
"""The screens of dated rows, in the order of the front page."""

add_index(blueprint, SCREENS)
add_try(blueprint)
for screen in SCREENS:
    add_screen(blueprint, screen)
for part in (accounts, calendar, calendar_file, hours, rubrics):
    blueprint.register_blueprint(part.blueprint)

__all__ = ["SCREENS", "away", "blueprint", "roles"]
