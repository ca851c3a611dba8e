"""Choices and names that several of the administrator's screens need, as they hold today."""

from collections.abc import Mapping

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from forms.dated import options
from tracker.services.routing import categories_on
from tracker.web import context


def categories(kept: str | None = None) -> list[SelectChoice]:
    """Return the fields of concerns by code, the empty choice first; ``kept``: one that must stay choosable."""
    found = {one.code: one.name for one in categories_on(context.reference().book, context.today())}
    if kept and kept not in found:
        found[kept] = category_names().get(kept, kept)
    return options(found, _("Mọi lĩnh vực"))


def category_names() -> Mapping[str, str]:
    """Return the latest name of every field, also of those no longer in force."""
    return {
        one.code: one.name for one in sorted(context.reference().book.categories, key=lambda c: c.valid_from)
    }
