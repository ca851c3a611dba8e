"""The administrator's screens at /quan-tri: units, accounts and every rule that changes by decree."""

from flask import Blueprint

from tracker.web.admin.categories import CATEGORY_SCREEN
from tracker.web.admin.index import add_index
from tracker.web.admin.limits import LIMIT_SCREEN
from tracker.web.admin.screens import add_screen

blueprint = Blueprint("admin", __name__, url_prefix="/quan-tri")

SCREENS = (CATEGORY_SCREEN, LIMIT_SCREEN)
"""The screens of dated rows, in the order of the front page."""

add_index(blueprint, SCREENS)
for screen in SCREENS:
    add_screen(blueprint, screen)

__all__ = ["SCREENS", "blueprint"]
