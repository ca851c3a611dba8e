"""The reports' own Jinja: strict, escaping, with identity translation; nothing of Flask and no loader but ours."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.paths import template_root


@cache
def environment() -> Environment:
    """Return the environment; a name that isn't given is an error, not an empty place on paper."""
    made = Environment(
        loader=FileSystemLoader(template_root()),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return made
