"""Letters in plain text: what is told, a number and a link, never the words of a concern."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.paths import template_root

MOST_LINES = 30
"""Things listed in one letter; a longer list isn't read, so the rest is a number."""


class Told(NamedTuple):
    """One thing that a letter tells: the notice's sentence and where to look."""

    sentence: str
    link: str


def notices_letter(name: str, told: Sequence[Told], desk: str) -> tuple[str, str]:
    """Return subject and text of one letter that tells all these things to one person, oldest first."""
    values = {"name": name, "told": told[:MOST_LINES], "more": max(0, len(told) - MOST_LINES), "desk": desk}
    template = _environment().get_template("mail/notices.txt")
    return f"Bám cơ sở: {len(told)} việc mới", template.render(values)


class ToldPart(NamedTuple):
    """A part of a digest under its title; a thing without a link is a mere number."""

    title: str
    told: Sequence[Told]


def digest_letter(name: str, title: str, parts: Sequence[ToldPart], desk: str) -> tuple[str, str]:
    """Return subject and text of the letter that is a person's digest of the day."""
    template = _environment().get_template("mail/digest.txt")
    return f"Bám cơ sở: {title}", template.render(name=name, title=title, parts=parts, desk=desk)


@cache
def _environment() -> Environment:
    # Plain text has nothing to escape; a name that isn't given is an error, not an empty place.
    made = Environment(
        loader=FileSystemLoader(template_root()),
        autoescape=False,  # noqa: S701 - never HTML
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return made
